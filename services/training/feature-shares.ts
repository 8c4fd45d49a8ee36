import type { FittedRecipeData } from '../../native/recipe/fitted-recipe-data.js';
import { featureGroups } from '../../native/recipe/fitted-recipe-data.js';

/**
 * The features of a result and their importances: a tensor column is one entry, with the sum of its elements' shares.
 * `importances` has one share per feature; empty or null where the estimator has none.
 */
export function featureShares(
  recipe: FittedRecipeData,
  importances: ArrayLike<number> | null,
): { features: string[]; importances: number[] } {
  const groups = featureGroups(recipe);
  const features = groups.map(({ name }) => name);
  if (importances === null || importances.length === 0) return { features, importances: [] };
  let at = 0;
  const shares = groups.map(({ width }) => {
    let share = 0;
    for (const end = at + width; at < end; at++) share += importances[at] ?? 0;
    return share;
  });
  return { features, importances: shares };
}
