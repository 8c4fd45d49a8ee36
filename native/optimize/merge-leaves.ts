import type { RawForestArrays } from '../estimators/raw.js';
import { collapseTrees } from './collapse-trees.js';
import type { CoveredTrees } from './tree-means.js';
import { eachSplitUpward, nodeMeans } from './tree-means.js';

/**
 * Merges sibling leaves whose values differ by at most `within`, in each of their numbers, from the
 * bottom up: a tree's prediction changes by at most `within` for every merge above a leaf.
 */
export function mergeLeaves(trees: CoveredTrees, within: number): RawForestArrays {
  const { feature, valueCount } = trees;
  const means = nodeMeans(trees);
  const kept = Uint8Array.from(feature, (split) => (split >= 0 ? 1 : 0));
  eachSplitUpward(trees, (node, left) => {
    if (kept[left] === 1 || kept[left + 1] === 1) return;
    for (let value = 0; value < valueCount; value++) {
      const difference =
        (means[left * valueCount + value] as number) - (means[(left + 1) * valueCount + value] as number);
      if (Math.abs(difference) > within) return;
    }
    kept[node] = 0;
  });
  return collapseTrees(trees, kept, means);
}
