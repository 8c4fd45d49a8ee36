/** The longest way to a text's place in the table; where texts crowd, by bad luck or on purpose, another table has them. */
const maxSteps = 32;
const firstSlots = 1_024;

/**
 * Numbers distinct texts from 0 in order of appearance. They are told apart by their bytes, so that a text is made once,
 * when it is first asked for.
 */
export interface TextNumbers {
  /** The number of the text of `length` UTF-8 bytes at `from[at]`. `hash` must follow from these bytes. */
  numberOf(hash: number, from: Buffer, at: number, length: number): number;
  /** The text that has a number. */
  textOf(number: number): string;
  /** Its length in bytes. */
  lengthOf(number: number): number;
  /** How many texts there are, and their bytes. */
  count(): number;
  byteCount(): number;
}

/** A table of texts, empty. */
export function textNumbers(): TextNumbers {
  // Each text's number plus 1, at its hash or soon after.
  let slots = new Int32Array(firstSlots);
  let hashes = new Int32Array(firstSlots);
  // Where each text's bytes end; they begin where those of the one before do.
  let ends = new Uint32Array(firstSlots);
  let bytes = Buffer.allocUnsafe(16 * firstSlots);
  let count = 0;
  let byteCount = 0;
  const texts: (string | undefined)[] = [];
  const crowded = new Map<string, number>();

  const startOf = (number: number) => (number === 0 ? 0 : (ends[number - 1] as number));

  function isText(number: number, from: Buffer, at: number, length: number): boolean {
    const start = startOf(number);
    if ((ends[number] as number) - start !== length) return false;
    for (let index = 0; index < length; index++) if (bytes[start + index] !== from[at + index]) return false;
    return true;
  }

  function add(hash: number, from: Buffer, at: number, length: number): number {
    if (count === ends.length) {
      ends = grown(ends, new Uint32Array(2 * count));
      hashes = grown(hashes, new Int32Array(2 * count));
    }
    if (byteCount + length > bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * bytes.length, byteCount + length));
      larger.set(bytes.subarray(0, byteCount));
      bytes = larger;
    }
    bytes.set(from.subarray(at, at + length), byteCount);
    byteCount += length;
    ends[count] = byteCount;
    hashes[count] = hash;
    return count++;
  }

  /** Doubles the table. */
  function spread(): void {
    slots = new Int32Array(2 * slots.length);
    const mask = slots.length - 1;
    for (let number = 0; number < count; number++) {
      let step = 0;
      while (step < maxSteps && slots[((hashes[number] as number) + step) & mask] !== 0) step++;
      if (step === maxSteps) crowded.set(textOf(number), number);
      else slots[((hashes[number] as number) + step) & mask] = number + 1;
    }
  }

  function textOf(number: number): string {
    const text = texts[number] ?? bytes.toString('utf8', startOf(number), ends[number]);
    texts[number] = text;
    return text;
  }

  return {
    numberOf(hash, from, at, length) {
      const mask = slots.length - 1;
      for (let step = 0; step < maxSteps; step++) {
        const slot = (hash + step) & mask;
        const kept = slots[slot] as number;
        if (kept === 0) {
          const number = add(hash, from, at, length);
          slots[slot] = number + 1;
          if (2 * count > slots.length) spread();
          return number;
        }
        if (hashes[kept - 1] === hash && isText(kept - 1, from, at, length)) return kept - 1;
      }
      const text = from.toString('utf8', at, at + length);
      const number = crowded.get(text) ?? add(hash, from, at, length);
      crowded.set(text, number);
      return number;
    },
    textOf,
    lengthOf: (number) => (ends[number] as number) - startOf(number),
    count: () => count,
    byteCount: () => byteCount,
  };
}

function grown<Numbers extends Int32Array | Uint32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
