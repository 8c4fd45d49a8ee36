import type { Applied } from '../../native/recipe/fitted-recipe.js';
import type { Prepared } from './evaluate.js';

/** A fold whose recipe has been fitted and applied on both sides. */
export interface PreparedFold {
  train: Prepared;
  test: Applied;
}

/** Prepared folds that candidates with the same recipe share. */
export interface FoldCache {
  /** The fold kept under `key`, or a new one, which is kept as far as there is room. */
  get(key: string, make: () => Promise<PreparedFold>): Promise<PreparedFold>;
}

/** Keeps at most `maxCells` features in all; the oldest make room. */
export function createFoldCache(maxCells: number): FoldCache {
  const kept = new Map<string, { fold: PreparedFold; cells: number }>();
  let held = 0;
  return {
    async get(key, make) {
      const known = kept.get(key);
      if (known !== undefined) return known.fold;
      const fold = await make();
      const cells = fold.train.features.data.length + fold.test.features.data.length;
      if (cells > maxCells) return fold;
      for (const [oldest, { cells: freed }] of kept) {
        if (held + cells <= maxCells) break;
        kept.delete(oldest);
        held -= freed;
      }
      kept.set(key, { fold, cells });
      held += cells;
      return fold;
    },
  };
}
