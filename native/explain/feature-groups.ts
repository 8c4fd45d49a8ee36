import type { Contributions } from './explainer.js';

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
