import { createRandom } from './random.js';
import type { SplitRows } from './split.js';
import { ValidationError } from './validation-error.js';

/** The most often a division is repeated. */
export const maxRepeats = 100;

/**
 * A division made again and again with other seeds, one after another: `repeats` × folds parts. The
 * first is made with `seed` itself, the others with seeds drawn from it. Throws ValidationError
 * unless 1 <= repeats <= 100, and what `divide` throws.
 */
export function repeated(
  { repeats, seed }: { repeats: number; seed: number },
  divide: (seed: number) => SplitRows[],
): SplitRows[] {
  if (!Number.isInteger(repeats) || repeats < 1 || repeats > maxRepeats) {
    throw new ValidationError('repeats', repeats, `must be 1 to ${maxRepeats}`);
  }
  const random = createRandom(seed);
  const drawn = Array.from({ length: repeats }, (_, repeat) =>
    repeat === 0 ? seed : random.below(2 ** 21) * 2 ** 32 + random.next(),
  );
  return drawn.flatMap(divide);
}
