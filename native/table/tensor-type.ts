/** The element types that tensor columns hold: bytes of 0 to 255, and 32-bit floating-point numbers. */
export type ElementType = 'u8' | 'f32';

/** The element type and shape of every value of a tensor column: `tenon.common.v1.TensorType` in plain words. */
export interface TensorType {
  readonly dtype: ElementType;
  /** The size of each dimension, outermost first. */
  readonly shape: readonly number[];
}

/** A value of a tensor column: its elements, row-major. */
export type TensorCell = Uint8Array | Float32Array;

/** The most dimensions and elements of one value; no estimator takes more features. */
export const tensorLimits = { dimensions: 8, elements: 2 ** 20 } as const;

/** The size of an element in bytes. */
export const elementBytes = { u8: 1, f32: 4 } as const satisfies Record<ElementType, number>;

const messageNames = { u8: 'DATA_TYPE_UINT8', f32: 'DATA_TYPE_FP32' } as const satisfies Record<ElementType, string>;

/** The enum name of an element type: `DATA_TYPE_UINT8`. */
export function nameOfElementType(dtype: ElementType): (typeof messageNames)[ElementType] {
  return messageNames[dtype];
}

/** The element type that an enum name such as `DATA_TYPE_UINT8` means; undefined for any that columns do not hold. */
export function elementTypeNamed(name: string): ElementType | undefined {
  return name === messageNames.u8 ? 'u8' : name === messageNames.f32 ? 'f32' : undefined;
}

/** The number of elements of one value. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** What a shape must be, where it is not that; null for a shape that a column can have. */
export function shapeBound(shape: readonly number[]): string | null {
  const { dimensions, elements } = tensorLimits;
  if (shape.length < 1 || shape.length > dimensions) return `must have 1 to ${dimensions} dimensions`;
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 1)) return 'must have whole dimensions >= 1';
  return elementCount(shape) > elements ? `must have at most ${elements} elements` : null;
}

/** Whether two shapes are the same. */
export function sameShape(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((size, index) => size === right[index]);
}

/** A shape as messages show it: `[28, 28]`. */
export function shownShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** A tensor type as messages show it: `u8 [28, 28]`. */
export function shownTensorType({ dtype, shape }: TensorType): string {
  return `${dtype} ${shownShape(shape)}`;
}
