import type { FittedRecipeData } from '../recipe/fitted-recipe-data.js';
import { featureWidths, reductionsOf } from '../recipe/fitted-recipe-data.js';
import type { Contributions } from './explainer.js';

/** What a recipe made of one input column, or of the columns that one reduction took. */
export interface FeatureSource {
  /** The column's name, or the first and the last component of the reduction, as `pca0..pca7`. */
  readonly name: string;
  readonly features: readonly number[];
}

/** The sources of a recipe's features, in their order. A column that is reduced is none by itself. */
export function featureSources(data: FittedRecipeData): FeatureSource[] {
  const reductions = reductionsOf(data);
  const reduced = new Set(reductions.flatMap(({ columns }) => columns));
  const own = groupsOf(featureWidths(data));
  const sources = data.inputs.flatMap(({ name }, index) =>
    reduced.has(name) ? [] : [{ name, features: own[index] ?? [] }],
  );
  let first = 0;
  let next = own.reduce((sum, { length }) => sum + length, 0);
  for (const { componentCount } of reductions) {
    const last = first + componentCount - 1;
    const name = componentCount === 1 ? `pca${first}` : `pca${first}..pca${last}`;
    const features = Array.from({ length: componentCount }, () => next++);
    sources.push({ name, features });
    first = last + 1;
  }
  return sources;
}

/** The features of each group, one after another: a group of 3 and one of 1 are `[[0, 1, 2], [3]]`. */
export function groupsOf(widths: readonly number[]): number[][] {
  let next = 0;
  return widths.map((width) => Array.from({ length: width }, () => next++));
}

/**
 * Contributions of groups of features: the sums of those of their features, which is exact because
 * Shapley values add up. Row-major, rows × outputs × groups.
 */
export function sumGroups(contributions: Contributions, groups: readonly (readonly number[])[]): Float64Array {
  const { values, rowCount, outputCount, featureCount } = contributions;
  const sums = new Float64Array(rowCount * outputCount * groups.length);
  let at = 0;
  for (let start = 0; start < values.length; start += featureCount) {
    for (const features of groups) {
      let sum = 0;
      for (const feature of features) sum += values[start + feature] as number;
      sums[at++] = sum;
    }
  }
  return sums;
}
