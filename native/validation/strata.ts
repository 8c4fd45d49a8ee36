import type { Random } from './random.js';
import { shuffle } from './random.js';

/** The rows of each stratum, shuffled, in ascending order of the strata's codes. */
export function shuffledStrata(strata: Uint32Array, random: Random): Uint32Array[] {
  const members = new Map<number, number[]>();
  for (const [row, code] of strata.entries()) {
    const rows = members.get(code);
    if (rows === undefined) members.set(code, [row]);
    else rows.push(row);
  }
  return [...members]
    .sort(([left], [right]) => left - right)
    .map(([, rows]) => shuffle(Uint32Array.from(rows), random));
}
