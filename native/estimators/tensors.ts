import type { NamedTensor } from '../safetensors.js';
import { ModelError } from './model-error.js';

const arrays = {
  F32: Float32Array,
  F64: Float64Array,
  // The bits of half precision: half.ts reads them.
  F16: Uint16Array,
  I32: Int32Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  I8: Int8Array,
} as const;

type Dtype = keyof typeof arrays;
type ArrayOf<D extends Dtype> = InstanceType<(typeof arrays)[D]>;

/** A typed array as a tensor over the same memory. */
export function tensorOf(name: string, dtype: Dtype, shape: readonly number[], array: ArrayBufferView): NamedTensor {
  return { name, dtype, shape, data: new Uint8Array(array.buffer, array.byteOffset, array.byteLength) };
}

/** Reads tensors of any origin; every read names, types and shapes what must be there. */
export class TensorReader {
  private readonly unread: Map<string, NamedTensor>;

  constructor(tensors: readonly NamedTensor[]) {
    this.unread = new Map(tensors.map((tensor) => [tensor.name, tensor]));
    if (this.unread.size !== tensors.length)
      throw new ModelError('tensors', tensors.length, 'must have names of their own');
  }

  /** Whether a tensor of that name is there and was not taken. */
  has(name: string): boolean {
    return this.unread.has(name);
  }

  /**
   * A copy of a tensor. A null in `shape` takes any size. Nothing is allocated before the claimed
   * shape is found to be that of the bytes. Throws ModelError.
   */
  take<D extends Dtype>(name: string, dtype: D, shape: readonly (number | null)[]): ArrayOf<D> {
    const field = `tensors["${name}"]`;
    const tensor = this.unread.get(name);
    if (tensor === undefined) throw new ModelError(field, null, 'must be there');
    this.unread.delete(name);
    if (tensor.dtype !== dtype) throw new ModelError(`${field}.dtype`, tensor.dtype, `must be ${dtype}`);
    const fits =
      tensor.shape.length === shape.length && shape.every((size, axis) => size === null || size === tensor.shape[axis]);
    const wanted = shape.map((size) => size ?? 'n').join(', ');
    if (!fits) throw new ModelError(`${field}.shape`, tensor.shape, `must be [${wanted}]`);
    const array = arrays[dtype];
    const bytes = tensor.shape.reduce((product, size) => product * size, array.BYTES_PER_ELEMENT);
    if (bytes !== tensor.data.length)
      throw new ModelError(`${field}.data`, tensor.data.length, `must be ${bytes} bytes`);
    const copy = new Uint8Array(bytes);
    copy.set(tensor.data);
    return new array(copy.buffer) as ArrayOf<D>;
  }

  /** The same for a tensor of any of these types. */
  takeAny<D extends Dtype>(name: string, dtypes: readonly D[], shape: readonly (number | null)[]): ArrayOf<D> {
    const dtype = this.unread.get(name)?.dtype;
    const found = dtypes.find((each) => each === dtype);
    if (dtype !== undefined && found === undefined)
      throw new ModelError(`tensors["${name}"].dtype`, dtype, `must be ${dtypes.join(' or ')}`);
    return this.take(name, found ?? (dtypes[0] as D), shape);
  }

  /** Refuses tensors that were not taken. */
  done(): void {
    for (const name of this.unread.keys()) throw new ModelError(`tensors["${name}"]`, name, 'must not be there');
  }
}

/** A whole number among the metadata. Throws ModelError. */
export function metadataInteger(
  metadata: Readonly<Record<string, string>>,
  key: string,
  low: number,
  high: number,
): number {
  const text = metadata[key];
  const value = text !== undefined && /^(0|[1-9][0-9]{0,9})$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw new ModelError(`metadata.${key}`, text ?? null, `must be a whole number from ${low} to ${high}`);
}

/** Runs a native constructor, whose RangeErrors name an array and a place, as ModelError. */
export function built<Result>(construct: () => Result): Result {
  try {
    return construct();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new ModelError('tensors', error.message, 'must describe a model');
  }
}
