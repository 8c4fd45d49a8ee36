// Bits as a table chunk and the data engine hold them: the first in the lowest bit of the first byte.

/** Sets `count` bits of `to` from `at` on. */
export function setBits(to: Uint8Array, at: number, count: number): void {
  const end = at + count;
  let bit = at;
  for (; bit < end && (bit & 7) !== 0; bit++) to[bit >> 3] = (to[bit >> 3] as number) | (1 << (bit & 7));
  to.fill(0xff, bit >> 3, end >> 3);
  for (bit = Math.max(bit, end & ~7); bit < end; bit++) to[bit >> 3] = (to[bit >> 3] as number) | (1 << (bit & 7));
}

/** Copies `count` bits of `from`, from `first` on, over zeros of `to` at `at`; returns how many are zero. */
export function copyBits(from: Uint8Array, first: number, to: Uint8Array, at: number, count: number): number {
  let set = 0;
  let done = 0;
  const copyOne = () => {
    const bit = ((from[(first + done) >> 3] as number) >> ((first + done) & 7)) & 1;
    const byte = (at + done) >> 3;
    to[byte] = (to[byte] as number) | (bit << ((at + done) & 7));
    set += bit;
    done++;
  };
  while (done < count && ((at + done) & 7) !== 0) copyOne();
  const shift = (first + done) & 7;
  for (; done + 8 <= count; done += 8) {
    const byte = (first + done) >> 3;
    const low = from[byte] as number;
    const bits = shift === 0 ? low : ((low | ((from[byte + 1] as number) << 8)) >> shift) & 0xff;
    to[(at + done) >> 3] = bits;
    set += bitCounts[bits] as number;
  }
  while (done < count) copyOne();
  return count - set;
}

/** Writes the first `count` bits of `from` to `to` from `at` on, a byte of 0 or 1 each. */
export function unpackBits(from: Uint8Array, to: Uint8Array, at: number, count: number): void {
  for (let done = 0; done < count; done += 8) {
    const bits = from[done >> 3] as number;
    const end = Math.min(8, count - done);
    for (let bit = 0; bit < end; bit++) to[at + done + bit] = (bits >> bit) & 1;
  }
}

const bitCounts = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let bits = byte; bits !== 0; bits &= bits - 1) count++;
  return count;
});
