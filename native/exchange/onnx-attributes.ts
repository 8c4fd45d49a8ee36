import { unparsable } from './exchange-error.js';
import type { OnnxNode } from './onnx.js';

/** Names a node in errors. */
export function placeOf({ name, op, outputs }: OnnxNode): string {
  return `node ${JSON.stringify((name === '' ? (outputs[0] ?? '') : name).slice(0, 64))} (${op.slice(0, 64)})`;
}

/** Reads the attributes of a node of any origin. */
export class AttributeReader {
  readonly at: string;

  constructor(private readonly node: OnnxNode) {
    this.at = placeOf(node);
  }

  /** A text; `absent` where it is not there. */
  text(name: string, absent: string): string {
    const found = this.node.attributes.get(name);
    if (found === undefined) return absent;
    if (found.kind !== 'string') throw unparsable(`${this.at}.${name}`, found.kind, 'must be a string');
    return found.value;
  }

  /** A number; `absent` where it is not there. */
  number(name: string, absent: number): number {
    const found = this.node.attributes.get(name);
    if (found === undefined) return absent;
    if (found.kind !== 'int' && found.kind !== 'float') {
      throw unparsable(`${this.at}.${name}`, found.kind, 'must be a number');
    }
    return found.value;
  }

  /** Numbers, also from a tensor `name_as_tensor`; of that length where one is given. Null where they are not there. */
  numbersOrNull(name: string, length?: number): ArrayLike<number> | null {
    const found = this.node.attributes.get(name) ?? this.node.attributes.get(`${name}_as_tensor`);
    if (found === undefined) return null;
    const isTensor = found.kind === 'tensor' && found.value.type !== 'string';
    if (found.kind !== 'floats' && found.kind !== 'ints' && !isTensor) {
      throw unparsable(`${this.at}.${name}`, found.kind, 'must be numbers');
    }
    const values = (found.kind === 'tensor' ? found.value.values : found.value) as ArrayLike<number>;
    if (length !== undefined && values.length !== length) {
      throw unparsable(`${this.at}.${name}`, values.length, `elements must be ${length}`);
    }
    return values;
  }

  numbers(name: string, length?: number): ArrayLike<number> {
    const found = this.numbersOrNull(name, length);
    if (found !== null) return found;
    throw unparsable(`${this.at}.${name}`, null, 'must be there');
  }

  /** Texts; null where they are not there. */
  textsOrNull(name: string): readonly string[] | null {
    const found = this.node.attributes.get(name);
    if (found === undefined) return null;
    // An empty list may lose its type.
    if (found.kind === 'ints' && found.value.length === 0) return [];
    if (found.kind !== 'strings') throw unparsable(`${this.at}.${name}`, found.kind, 'must be strings');
    return found.value;
  }

  /** The classes that a classifier names, as text; null if it names none. */
  classes(): readonly string[] | null {
    const texts = this.textsOrNull('classlabels_strings') ?? [];
    if (texts.length > 0) return texts;
    const numbers = this.numbersOrNull('classlabels_int64s') ?? this.numbersOrNull('classlabels_ints') ?? [];
    return numbers.length > 0 ? Array.from(numbers, String) : null;
  }
}
