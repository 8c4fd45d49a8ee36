const mask = 2n ** 64n - 1n;
const one = 0x9e3779b185ebca87n;
const two = 0xc2b2ae3d27d4eb4fn;
const rotl = (x: bigint, k: bigint) => ((x << k) | (x >> (64n - k))) & mask;

/** A snapshot with the checksum of its bytes (native/src/runtime/digest.h), whatever they are; changed in place. */
export function resealed(snapshot: Uint8Array): Uint8Array {
  const view = new DataView(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength);
  const length = snapshot.length - 8;
  const lanes = [(one + two) & mask, two, 0n, (mask + 1n - one) & mask];
  const mix = (lane: number, word: bigint) => {
    lanes[lane] = (rotl(((lanes[lane] ?? 0n) + word * two) & mask, 31n) * one) & mask;
  };
  mix(0, BigInt(length));
  const padded = new Uint8Array(Math.ceil(length / 8) * 8);
  padded.set(snapshot.subarray(0, length));
  const words = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += 8) mix((at / 8) % 4, words.getBigUint64(at, true));
  let sum = two;
  for (const lane of lanes) {
    sum = (rotl(sum ^ lane, 27n) * one + two) & mask;
    sum ^= sum >> 29n;
  }
  sum = (sum * two) & mask;
  view.setBigUint64(length, sum ^ (sum >> 32n), true);
  return snapshot;
}
