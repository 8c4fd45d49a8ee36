import type { RawForestArrays } from '../estimators/raw.js';

/** The nodes that are left once splits not kept are leaves: 1 per node that something leads to. */
export function reachable({ treeStart, feature, child }: RawForestArrays, keptSplit: Uint8Array): Uint8Array {
  const reached = new Uint8Array(feature.length);
  for (let tree = 0; tree + 1 < treeStart.length; tree++) {
    const start = treeStart[tree] as number;
    const end = treeStart[tree + 1] as number;
    reached[start] = 1;
    for (let node = start; node < end; node++) {
      if (reached[node] === 0 || keptSplit[node] === 0) continue;
      const left = start + (child[node] as number);
      reached[left] = 1;
      reached[left + 1] = 1;
    }
  }
  return reached;
}

/**
 * The trees with every split that is not kept turned into a leaf that predicts its mean. Nodes keep
 * their order, so that siblings stay together and children behind their parents.
 */
export function collapseTrees(trees: RawForestArrays, keptSplit: Uint8Array, means: Float32Array): RawForestArrays {
  const { treeStart, feature, threshold, child, missingLeft, cover, valueCount } = trees;
  const reached = reachable(trees, keptSplit);
  const place = new Uint32Array(feature.length);
  let count = 0;
  let leaves = 0;
  for (let node = 0; node < feature.length; node++) {
    place[node] = count;
    count += reached[node] as number;
    leaves += reached[node] === 1 && keptSplit[node] === 0 ? 1 : 0;
  }
  const left = {
    ...trees,
    treeStart: treeStart.map((start) => (start < feature.length ? (place[start] as number) : count)),
    feature: new Int32Array(count).fill(-1),
    threshold: new Float32Array(count),
    child: new Int32Array(count),
    missingLeft: new Uint8Array(count),
    cover: cover === null ? null : new Float32Array(count),
    values: new Float32Array(leaves * valueCount),
  };
  let leaf = 0;
  for (let tree = 0; tree + 1 < treeStart.length; tree++) {
    const start = treeStart[tree] as number;
    for (let node = start; node < (treeStart[tree + 1] as number); node++) {
      if (reached[node] === 0) continue;
      const at = place[node] as number;
      if (left.cover !== null) left.cover[at] = cover?.[node] ?? 0;
      if (keptSplit[node] === 0) {
        left.values.set(means.subarray(node * valueCount, (node + 1) * valueCount), leaf * valueCount);
        left.child[at] = leaf++;
        continue;
      }
      left.feature[at] = feature[node] as number;
      left.threshold[at] = threshold[node] as number;
      left.missingLeft[at] = missingLeft[node] as number;
      left.child[at] = (place[start + (child[node] as number)] as number) - (place[start] as number);
    }
  }
  return left;
}
