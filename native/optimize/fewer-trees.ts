import type { RawForestArrays } from '../estimators/raw.js';

/** The first `count` trees of a forest, at least one: each was grown without regard to the others. */
export function fewerTrees(trees: RawForestArrays, count: number): RawForestArrays {
  const { treeStart, feature, valueCount } = trees;
  const kept = Math.min(treeStart.length - 1, Math.max(1, count));
  const nodes = treeStart[kept] as number;
  const splits = feature.subarray(0, nodes);
  const leaves = splits.reduce((sum, split) => sum + (split < 0 ? 1 : 0), 0);
  return {
    ...trees,
    treeStart: treeStart.slice(0, kept + 1),
    feature: splits.slice(),
    threshold: trees.threshold.slice(0, nodes),
    child: trees.child.slice(0, nodes),
    missingLeft: trees.missingLeft.slice(0, nodes),
    cover: trees.cover?.slice(0, nodes) ?? null,
    values: trees.values.slice(0, leaves * valueCount),
  };
}
