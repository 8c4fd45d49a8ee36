const scratch = new DataView(new ArrayBuffer(4));

/** The largest finite number of single precision. */
export const largestSingle = 3.4028234663852886e38;

/** The largest number of single precision below one of single precision; -Infinity below the least. */
export function singleBelow(value: number): number {
  if (value === 0) return -(2 ** -149);
  scratch.setFloat32(0, value);
  const bits = scratch.getInt32(0);
  scratch.setInt32(0, value > 0 ? bits - 1 : bits + 1);
  return scratch.getFloat32(0);
}

/**
 * The largest number of single precision that is at most `value`. Every x of single precision is then at most the one
 * exactly when it is at most the other, so that a threshold moved there sends no row another way.
 */
export function singleAtMost(value: number): number {
  const nearest = Math.fround(value);
  return nearest <= value ? nearest : singleBelow(nearest);
}
