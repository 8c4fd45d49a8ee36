import type { RawForestArrays } from '../estimators/raw.js';

/** Trees whose covers are known. */
export type CoveredTrees = RawForestArrays & { cover: Float32Array };

/** Calls `visit` for every split of every tree, children before parents, with places among all nodes. */
export function eachSplitUpward(
  { treeStart, feature, child }: RawForestArrays,
  visit: (node: number, left: number) => void,
): void {
  for (let tree = 0; tree + 1 < treeStart.length; tree++) {
    const start = treeStart[tree] as number;
    for (let node = (treeStart[tree + 1] as number) - 1; node >= start; node--) {
      if ((feature[node] as number) >= 0) visit(node, start + (child[node] as number));
    }
  }
}

/**
 * What each node would predict if it were a leaf: the mean of its leaves, weighed by cover. Nodes ×
 * values. Where no training row is known to have come by, both children count alike.
 */
export function nodeMeans(trees: CoveredTrees): Float32Array {
  const { feature, child, values, valueCount, cover } = trees;
  const means = new Float32Array(feature.length * valueCount);
  for (let node = 0; node < feature.length; node++) {
    if ((feature[node] as number) >= 0) continue;
    const from = (child[node] as number) * valueCount;
    means.set(values.subarray(from, from + valueCount), node * valueCount);
  }
  eachSplitUpward(trees, (node, left) => {
    const [leftCover, rightCover] = [cover[left] as number, cover[left + 1] as number];
    const total = leftCover + rightCover;
    const share = total > 0 ? leftCover / total : 0.5;
    for (let value = 0; value < valueCount; value++) {
      const leftMean = means[left * valueCount + value] as number;
      const rightMean = means[(left + 1) * valueCount + value] as number;
      means[node * valueCount + value] = share * leftMean + (1 - share) * rightMean;
    }
  });
  return means;
}
