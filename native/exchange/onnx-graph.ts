import type { ElementType, OnnxAttribute, OnnxNode, OnnxTensor, OnnxValueInfo } from './onnx.js';
import { elementTypes, mlDomain } from './onnx.js';

/** What a node is told, in plain values: whole numbers, texts, lists of them; `{ float }` for a float. */
export type PlainAttribute =
  | number
  | string
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly ints: ArrayLike<number> }
  | { readonly texts: readonly string[] }
  | { readonly doubles: ArrayLike<number> };

/** Puts a graph together, node by node; each method returns the name of the tensor it made. */
export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly constants = new Map<string, OnnxTensor>();
  readonly inputs: OnnxValueInfo[] = [];
  readonly outputs: OnnxValueInfo[] = [];
  // Outputs have these names whatever the columns are called.
  private readonly taken = new Set<string>(['label', 'probabilities', 'prediction', 'cluster', 'components']);

  /** A name like the one wanted that nothing has yet. */
  private fresh(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.taken.has(name); count++) name = `${wanted}_${count}`;
    this.taken.add(name);
    return name;
  }

  input(name: string, type: ElementType, columns: number): string {
    const free = this.fresh(name);
    this.inputs.push({ name: free, type, shape: ['rows', columns] });
    return free;
  }

  /** Makes a tensor an output; `columns` is null for one number or text per row. */
  output(name: string, from: string, type: ElementType, columns: number | null): void {
    this.nodes.push({
      name: `${name}_out`,
      op: 'Identity',
      domain: '',
      inputs: [from],
      outputs: [name],
      attributes: new Map(),
    });
    this.outputs.push({ name, type, shape: columns === null ? ['rows'] : ['rows', columns] });
  }

  constant(wanted: string, type: ElementType, shape: readonly number[], values: OnnxTensor['values']): string {
    const name = this.fresh(wanted);
    this.constants.set(name, { name, type, shape, values });
    return name;
  }

  /** A constant of one element. */
  scalar(type: 'float' | 'double' | 'int64', value: number): string {
    return this.constant(`${type}_${value}`.replace(/[^\w]/g, '_'), type, [], [value]);
  }

  /** A node of `ai.onnx`. */
  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, PlainAttribute>> = {}): string {
    return this.nodeOf('', op, inputs, attributes);
  }

  /** A node of `ai.onnx.ml`. */
  mlNode(op: string, inputs: readonly string[], attributes: Readonly<Record<string, PlainAttribute>>): string {
    return this.nodeOf(mlDomain, op, inputs, attributes);
  }

  private nodeOf(
    domain: string,
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, PlainAttribute>>,
  ): string {
    const output = this.fresh(op.toLowerCase());
    // A classifier's first output is its label, of which ours has no use; the nearest have their places beside them.
    const before = op === 'TreeEnsembleClassifier' ? [this.fresh('unused_label')] : [];
    const after = op === 'TopK' ? [this.fresh('places')] : [];
    const outputs = [...before, output, ...after];
    const told = Object.entries(attributes).map(([key, value]): [string, OnnxAttribute] => [
      key,
      attributeOf(key, value),
    ]);
    this.nodes.push({ name: output, op, domain, inputs, outputs, attributes: new Map(told) });
    return output;
  }

  cast(from: string, to: ElementType): string {
    return this.node('Cast', [from], { to: elementTypes[to] });
  }

  reshape(from: string, shape: readonly number[]): string {
    return this.node('Reshape', [from, this.constant('shape', 'int64', [shape.length], shape)]);
  }

  /** Sums along an axis. */
  sum(from: string, axis: number, { keep }: { keep: boolean }): string {
    return this.node('ReduceSum', [from, this.constant('axes', 'int64', [1], [axis])], { keepdims: keep ? 1 : 0 });
  }
}

function attributeOf(key: string, value: PlainAttribute): OnnxAttribute {
  if (typeof value === 'number') return { kind: 'int', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if ('float' in value) return { kind: 'float', value: value.float };
  if ('floats' in value) return { kind: 'floats', value: value.floats };
  if ('ints' in value) return { kind: 'ints', value: value.ints };
  if ('texts' in value) return { kind: 'strings', value: value.texts };
  const values = Float64Array.from(value.doubles);
  return { kind: 'tensor', value: { name: key, type: 'double', shape: [values.length], values } };
}
