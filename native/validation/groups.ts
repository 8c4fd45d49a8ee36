import { ValidationError } from './validation-error.js';

/** Rows' groups as numbers from 0, in order of appearance, with the rows that each has. */
export interface Groups {
  readonly of: Uint32Array;
  readonly sizes: number[];
}

/** Numbers the groups, given one code per row. */
export function groupsOf(codes: ArrayLike<number>): Groups {
  const known = new Map<number, number>();
  const sizes: number[] = [];
  const of = Uint32Array.from(codes, (code) => {
    const group = known.get(code) ?? known.size;
    if (group === sizes.length) {
      known.set(code, group);
      sizes.push(0);
    }
    sizes[group] = (sizes[group] as number) + 1;
    return group;
  });
  return { of, sizes };
}

/** Refuses anything but a whole number of folds from 2 to `most`, any if that is less; `meaning` says what it is. */
export function checkFolds(folds: number, most: number, meaning: string): void {
  if (!Number.isInteger(folds) || folds < 2 || folds > most) {
    const bound = most < 2 ? `cannot be had: ${meaning} must be >= 2, not ${most}` : `must be 2 to ${most}, ${meaning}`;
    throw new ValidationError('folds', folds, bound);
  }
}
