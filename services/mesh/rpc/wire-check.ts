import { isUtf8 } from 'node:buffer';
import { packageDefinition } from '../../../proto/contracts.js';

/** Messages nested deeper than this are refused. */
export const maxWireDepth = 100;

interface FieldDescriptor {
  name: string;
  number: number;
  label: string;
  type: string;
  typeName: string;
}
interface MessageDescriptor {
  name: string;
  field: FieldDescriptor[];
  nestedType: MessageDescriptor[];
}

interface WireField {
  /** The wire type of one value. */
  wireType: number;
  /** Whether the values may also come packed, as one length-delimited block. */
  packable: boolean;
  /** Whether a varint holds 32 bits: 5 bytes, or 10 where it is negative. */
  narrow: boolean;
  text: boolean;
  message: WireMessage | null;
}

/** What the bytes of one message type may look like. */
export interface WireMessage {
  readonly fields: ReadonlyMap<number, WireField>;
}

const wireTypes: Readonly<Record<string, number>> = {
  TYPE_DOUBLE: 1,
  TYPE_FIXED64: 1,
  TYPE_SFIXED64: 1,
  TYPE_FLOAT: 5,
  TYPE_FIXED32: 5,
  TYPE_SFIXED32: 5,
  TYPE_STRING: 2,
  TYPE_BYTES: 2,
  TYPE_MESSAGE: 2,
};

const narrowTypes: ReadonlySet<string> = new Set([
  'TYPE_BOOL',
  'TYPE_ENUM',
  'TYPE_INT32',
  'TYPE_UINT32',
  'TYPE_SINT32',
]);

function collect(descriptor: MessageDescriptor, fullName: string, into: Map<string, MessageDescriptor>): void {
  into.set(fullName, descriptor);
  for (const nested of descriptor.nestedType) collect(nested, `${fullName}.${nested.name}`, into);
}

const descriptors = new Map<string, MessageDescriptor>();
for (const [fullName, definition] of Object.entries(packageDefinition)) {
  if (definition.format !== 'Protocol Buffer 3 DescriptorProto') continue;
  collect(definition.type as unknown as MessageDescriptor, fullName, descriptors);
}

/** Resolves a type's name from the scope of the message that uses it, innermost first. */
export function resolveTypeName(scope: string, typeName: string): string {
  if (typeName.startsWith('.')) return typeName.slice(1);
  for (let outer = scope; ; outer = outer.slice(0, Math.max(0, outer.lastIndexOf('.')))) {
    const candidate = outer === '' ? typeName : `${outer}.${typeName}`;
    if (descriptors.has(candidate) || outer === '') return candidate;
  }
}

const plans = new Map<string, { fields: Map<number, WireField> }>();

/** The plan of a message type, by its full name. */
export function wireMessage(fullName: string): WireMessage {
  const known = plans.get(fullName);
  if (known !== undefined) return known;
  const descriptor = descriptors.get(fullName);
  if (descriptor === undefined) throw new Error(`no message type ${fullName} in the contracts`);
  const plan = { fields: new Map<number, WireField>() };
  plans.set(fullName, plan);
  for (const { number, label, type, typeName } of descriptor.field) {
    const wireType = wireTypes[type] ?? 0;
    plan.fields.set(number, {
      wireType,
      packable: label === 'LABEL_REPEATED' && wireType !== 2,
      narrow: narrowTypes.has(type),
      text: type === 'TYPE_STRING',
      message: type === 'TYPE_MESSAGE' ? wireMessage(resolveTypeName(fullName, typeName)) : null,
    });
  }
  return plan;
}

class WireReader {
  position = 0;
  constructor(readonly bytes: Buffer) {}

  /** A varint as a number; those beyond 32 bits only have to end within ten bytes. */
  varint(end: number): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= end) throw new RangeError(`byte ${this.position}: the message ends within a number`);
      const byte = this.bytes[this.position++] ?? 0;
      if (shift < 28) value |= (byte & 0x7f) << shift;
      else value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError(`byte ${this.position}: a number is longer than 10 bytes`);
  }

  /** A varint of 32 bits: protobufjs reads on at the wrong place behind one that is padded to 6 to 9 bytes. */
  narrow(end: number): number {
    const start = this.position;
    const value = this.varint(end);
    const bytes = this.position - start;
    if (bytes > 5 && bytes < 10) throw new RangeError(`byte ${start}: a number of 32 bits takes ${bytes} bytes`);
    return value;
  }

  /** A tag or a length. */
  prefix(end: number): number {
    const start = this.position;
    const value = this.varint(end);
    if (this.position - start > 5) {
      throw new RangeError(`byte ${start}: a tag or length takes ${this.position - start} bytes, must be at most 5`);
    }
    return value;
  }

  skip(count: number, end: number): void {
    if (count > end - this.position) {
      throw new RangeError(`byte ${this.position}: ${count} bytes are announced, ${end - this.position} are left`);
    }
    this.position += count;
  }

  message(plan: WireMessage | null, end: number, depth: number): void {
    if (depth > maxWireDepth) throw new RangeError(`byte ${this.position}: messages nest deeper than ${maxWireDepth}`);
    while (this.position < end) {
      const tag = this.prefix(end);
      const wireType = tag & 7;
      const number = Math.floor(tag / 8);
      if (number < 1 || number > 536_870_911) {
        throw new RangeError(`byte ${this.position}: field number ${number} is not 1 to 536870911`);
      }
      const field = plan?.fields.get(number);
      if (field !== undefined && wireType !== field.wireType && !(wireType === 2 && field.packable)) {
        throw new RangeError(`byte ${this.position}: field ${number} has wire type ${wireType}`);
      }
      if (wireType === 0) this.value(field, end);
      else if (wireType === 1) this.skip(8, end);
      else if (wireType === 5) this.skip(4, end);
      else if (wireType === 2) this.block(field, number, this.prefix(end), end, depth);
      else throw new RangeError(`byte ${this.position}: wire type ${wireType} is not in use`);
    }
  }

  block(field: WireField | undefined, number: number, length: number, end: number, depth: number): void {
    const start = this.position;
    this.skip(length, end);
    if (field === undefined) return;
    if (field.message !== null) {
      this.position = start;
      this.message(field.message, start + length, depth + 1);
    } else if (field.text && length > 0 && !isUtf8(this.bytes.subarray(start, start + length))) {
      throw new RangeError(`byte ${start}: field ${number} is no UTF-8 text`);
    } else if (field.packable && field.wireType === 0) {
      this.position = start;
      while (this.position < start + length) this.value(field, start + length);
    } else if (field.packable && length % (field.wireType === 1 ? 8 : 4) !== 0) {
      throw new RangeError(`byte ${start}: ${length} bytes are no whole number of values of field ${number}`);
    }
  }

  value(field: WireField | undefined, end: number): void {
    if (field?.narrow) this.narrow(end);
    else this.varint(end);
  }
}

/**
 * Checks bytes against a message type before they are decoded: protobufjs reads truncated text, text that is no UTF-8 and
 * values of another wire type without complaint.
 * @throws RangeError saying at which byte what is wrong.
 */
export function checkWire(bytes: Buffer, plan: WireMessage): void {
  new WireReader(bytes).message(plan, bytes.length, 1);
}
