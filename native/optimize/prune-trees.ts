import type { RawForestArrays } from '../estimators/raw.js';
import { collapseTrees, reachable } from './collapse-trees.js';
import type { CoveredTrees } from './tree-means.js';
import { eachSplitUpward, nodeMeans } from './tree-means.js';

const halvings = 40; // Of the price's logarithm, over some 80 powers of two: to a millionth of itself.

/**
 * Minimal cost-complexity pruning (Breiman, Friedman, Olshen and Stone, Classification and Regression
 * Trees, 1984, chapter 3) of all trees together: of all their prunings with at most `share` (0 to 1)
 * of the nodes, one that keeps most of what the splits explain of the training rows, by Gini's
 * impurity or the squared error. Roots always stay.
 *
 * A node's impurity follows from its cover and its leaves' means alone, so that no rows are needed.
 * Instead of the weakest link after the other, one price per split is looked for by bisection: at a
 * given price one pass from the leaves up finds the best subtree of every node.
 */
export function pruneTrees(trees: CoveredTrees, share: number): RawForestArrays {
  const means = nodeMeans(trees);
  const gains = splitGains(trees, means);
  const worth = new Float64Array(gains.length);
  const most = Math.max(trees.treeStart.length - 1, Math.floor(share * gains.length));
  const largest = gains.reduce((sum, gain) => sum + gain, 0);
  let cheap = Math.log2(Math.max(largest, Number.MIN_VALUE)) - 80;
  let dear = cheap + 81;
  let best = keptAt(2 ** dear);
  const free = keptAt(0);
  if (nodesOf(free) <= most) best = free;
  else {
    for (let step = 0; step < halvings && nodesOf(best) < most * 0.99; step++) {
      const price = (cheap + dear) / 2;
      const kept = keptAt(2 ** price);
      if (nodesOf(kept) <= most) {
        best = kept;
        dear = price;
      } else cheap = price;
    }
  }
  return collapseTrees(trees, best, means);

  function keptAt(price: number): Uint8Array {
    const kept = new Uint8Array(gains.length);
    worth.fill(0);
    eachSplitUpward(trees, (node, left) => {
      const own = (gains[node] as number) + (worth[left] as number) + (worth[left + 1] as number) - price;
      if (own <= 0) return;
      worth[node] = own;
      kept[node] = 1;
    });
    return kept;
  }

  function nodesOf(kept: Uint8Array): number {
    return reachable(trees, kept).reduce((sum, reached) => sum + reached, 0);
  }
}

/** By how much each split lowers the impurity, summed over training rows; 0 for leaves. */
function splitGains(trees: CoveredTrees, means: Float32Array): Float64Array {
  const { cover, valueCount } = trees;
  const gains = new Float64Array(trees.feature.length);
  eachSplitUpward(trees, (node, left) => {
    const [leftCover, rightCover] = [cover[left] as number, cover[left + 1] as number];
    if (!(leftCover > 0 && rightCover > 0)) return;
    // The variance between two means, which is also how far Gini's impurity falls.
    const weight = (leftCover * rightCover) / (leftCover + rightCover);
    let squares = 0;
    for (let value = 0; value < valueCount; value++) {
      const difference =
        (means[left * valueCount + value] as number) - (means[(left + 1) * valueCount + value] as number);
      squares += difference * difference;
    }
    gains[node] = weight * squares;
  });
  return gains;
}
