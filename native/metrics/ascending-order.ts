const digitBits = 11;
const digitCount = 2 ** digitBits;

/**
 * The places of scores in ascending order, equal ones by place; -0 is 0. For 32-bit floats a
 * radix sort of three passes, otherwise of six, of which those are left out whose digit is the same
 * throughout: a million scores take some 50 ms. NaN must not occur.
 */
export function ascendingOrder(scores: Float32Array | Float64Array): Uint32Array {
  const words = scores instanceof Float32Array ? wordsOfFloats(scores) : wordsOfDoubles(scores);
  let order: Uint32Array = new Uint32Array(scores.length);
  for (let index = 0; index < order.length; index++) order[index] = index;
  let spare: Uint32Array = new Uint32Array(scores.length);
  for (const word of words) {
    for (let shift = 0; shift < 32; shift += digitBits) {
      if (sortByDigit(word, shift, order, spare)) [order, spare] = [spare, order];
    }
  }
  return order;
}

/** Moves `from` into `to` by one digit, keeping the order of equal ones; false if all are equal. */
function sortByDigit(words: Uint32Array, shift: number, from: Uint32Array, to: Uint32Array): boolean {
  const starts = new Uint32Array(digitCount);
  for (let index = 0; index < words.length; index++) {
    const digit = ((words[index] as number) >>> shift) & (digitCount - 1);
    starts[digit] = (starts[digit] as number) + 1;
  }
  if (words.length === 0 || starts[((words[0] as number) >>> shift) & (digitCount - 1)] === words.length) return false;
  let sum = 0;
  for (let digit = 0; digit < digitCount; digit++) {
    const count = starts[digit] as number;
    starts[digit] = sum;
    sum += count;
  }
  for (let index = 0; index < from.length; index++) {
    const place = from[index] as number;
    const digit = ((words[place] as number) >>> shift) & (digitCount - 1);
    const at = starts[digit] as number;
    starts[digit] = at + 1;
    to[at] = place;
  }
  return true;
}

// Positive numbers order as their bits do once the sign bit is set, negative ones as the
// complement of theirs.
const ordered = (high: number) => (high >>> 31 === 1 ? ~high : high | 0x80000000);

function wordsOfFloats(scores: Float32Array): Uint32Array[] {
  const plain = new Float32Array(scores.length);
  // Adding 0 makes -0 into 0.
  for (let index = 0; index < plain.length; index++) plain[index] = (scores[index] as number) + 0;
  const words = new Uint32Array(plain.buffer);
  for (let index = 0; index < words.length; index++) words[index] = ordered(words[index] as number);
  return [words];
}

/** The low and the high halves: least significant first. */
function wordsOfDoubles(scores: Float64Array): Uint32Array[] {
  const low = new Uint32Array(scores.length);
  const high = new Uint32Array(scores.length);
  const bits = new DataView(new ArrayBuffer(8));
  for (let index = 0; index < scores.length; index++) {
    bits.setFloat64(0, (scores[index] as number) + 0);
    const top = bits.getUint32(0);
    high[index] = ordered(top);
    low[index] = top >>> 31 === 1 ? ~bits.getUint32(4) : bits.getUint32(4);
  }
  return [low, high];
}
