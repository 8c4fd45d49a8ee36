const scratch = new DataView(new ArrayBuffer(4));

/**
 * The nearest IEEE 754 half-precision number, ties to even, as its 16 bits. What is beyond ±65504
 * rounds to infinity; subnormal halves are kept.
 */
export function halfBits(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN.
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // At least 65520: rounds to infinity.
  if (magnitude < 0x38800000) {
    // Below 2^-14 halves are multiples of 2^-24; the addition rounds to one, ties to even.
    scratch.setUint32(0, magnitude);
    return sign | Math.round(roundEven(scratch.getFloat32(0) * 2 ** 24));
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The number that 16 bits of half precision stand for. */
export function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Numbers rounded to half precision. */
export function toHalves(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, halfBits);
}

/** The numbers of halves, each exact in single precision. */
export function fromHalves(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, halfValue);
}
