import type { Model } from '../../../native/estimators/model.js';

/** A model's forest as arrays, read from its tensors. */
export interface Trees {
  readonly start: Uint32Array;
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly child: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly values: Float32Array;
  readonly cover: Float32Array;
  readonly width: number;
}

export function treesOf(model: Model): Trees {
  const { tensors } = model.toTensors();
  const bytes = (name: string) => Uint8Array.from(tensors.find((tensor) => tensor.name === name)?.data ?? []).buffer;
  return {
    start: new Uint32Array(bytes('tree_start')),
    feature: new Int32Array(bytes('feature')),
    threshold: new Float32Array(bytes('threshold')),
    child: new Int32Array(bytes('child')),
    missingLeft: new Uint8Array(bytes('missing_left')),
    values: new Float32Array(bytes('values')),
    cover: new Float32Array(bytes('cover')),
    width: Math.max(1, model.classCount),
  };
}

/** The mean over trees of what a row gets when only the features of a coalition (a set of bits) are known. */
function answer(trees: Trees, row: Float32Array, coalition: number, output: number): number {
  const visit = (start: number, node: number): number => {
    const feature = trees.feature[node] as number;
    const child = trees.child[node] as number;
    if (feature < 0) return trees.values[child * trees.width + output] as number;
    const left = start + child;
    if ((coalition >> feature) & 1) {
      const x = row[feature] as number;
      const goesLeft = Number.isNaN(x) ? trees.missingLeft[node] === 1 : x <= (trees.threshold[node] as number);
      return visit(start, goesLeft ? left : left + 1);
    }
    const [a, b] = [trees.cover[left] as number, trees.cover[left + 1] as number];
    return (a * visit(start, left) + b * visit(start, left + 1)) / (a + b);
  };
  const starts = trees.start.subarray(0, -1);
  return starts.reduce((sum, start) => sum + visit(start, start), 0) / starts.length;
}

/** Shapley values by their definition, from the answer to every coalition: the mean of what a feature adds. */
export function shapleyOf(answers: readonly number[], count: number): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Array.from({ length: count }, (_, feature) => {
    let value = 0;
    for (let coalition = 0; coalition < 2 ** count; coalition++) {
      if ((coalition >> feature) & 1) continue;
      const size = coalition.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count);
      value += weight * ((answers[coalition | (1 << feature)] as number) - (answers[coalition] as number));
    }
    return value;
  });
}

/** The same of a row's features in a forest. */
export function shapleyByEnumeration(trees: Trees, row: Float32Array, output: number): number[] {
  const answers = Array.from({ length: 2 ** row.length }, (_, coalition) => answer(trees, row, coalition, output));
  return shapleyOf(answers, row.length);
}
