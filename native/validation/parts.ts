import type { SplitRows } from './split.js';

/** The folds that test the rows of each number, given the number of the fold that tests each row. */
export function partsOf(foldOf: Uint32Array, folds: number): SplitRows[] {
  const sizes = new Uint32Array(folds);
  for (const fold of foldOf) sizes[fold] = (sizes[fold] as number) + 1;
  return Array.from(sizes, (size, fold) => {
    const test = new Uint32Array(size);
    const train = new Uint32Array(foldOf.length - size);
    let [tested, trained] = [0, 0];
    for (let row = 0; row < foldOf.length; row++) {
      if (foldOf[row] === fold) test[tested++] = row;
      else train[trained++] = row;
    }
    return { train, test };
  });
}
