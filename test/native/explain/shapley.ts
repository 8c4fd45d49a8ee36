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
  /** Per node the set that divides categories, or -1; empty without categorical splits. */
  readonly categorySet: Int32Array;
  readonly sets: Uint32Array;
  readonly categoriesStart: Uint32Array;
  readonly categories: Float32Array;
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
    // A boosted tree has one value per leaf.
    width: model.estimator === 'gradient-boosting' ? 1 : Math.max(1, model.classCount),
    categorySet: new Int32Array(bytes('category_set')),
    sets: new Uint32Array(bytes('sets')),
    categoriesStart: new Uint32Array(bytes('categories_start')),
    categories: new Float32Array(bytes('categories')),
  };
}

/** Whether a value goes to the left child of a node. */
function goesLeft(trees: Trees, node: number, feature: number, x: number): boolean {
  const missing = trees.missingLeft[node] === 1;
  const set = trees.categorySet[node] ?? -1;
  if (set < 0) return Number.isNaN(x) ? missing : x <= (trees.threshold[node] as number);
  const [start = 0, end = 0] = trees.categoriesStart.subarray(feature, feature + 2);
  const category = trees.categories.subarray(start, end).indexOf(x);
  return category < 0 ? missing : (((trees.sets[set * 8 + (category >> 5)] as number) >>> (category & 31)) & 1) === 1;
}

/** The sum over some trees of what a row gets when only the features of a coalition (a set of bits) are known. */
function answer(trees: Trees, starts: Iterable<number>, row: Float32Array, coalition: number, output: number): number {
  const visit = (start: number, node: number): number => {
    const feature = trees.feature[node] as number;
    const child = trees.child[node] as number;
    if (feature < 0) return trees.values[child * trees.width + output] as number;
    const left = start + child;
    if ((coalition >> feature) & 1) {
      return visit(start, goesLeft(trees, node, feature, row[feature] as number) ? left : left + 1);
    }
    const [a, b] = [trees.cover[left] as number, trees.cover[left + 1] as number];
    return (a * visit(start, left) + b * visit(start, left + 1)) / (a + b);
  };
  let sum = 0;
  for (const start of starts) sum += visit(start, start);
  return sum;
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

/** The same of a row's features in a forest, whose answer is the mean of its trees. */
export function shapleyByEnumeration(trees: Trees, row: Float32Array, output: number): number[] {
  const starts = trees.start.subarray(0, -1);
  const answers = Array.from(
    { length: 2 ** row.length },
    (_, coalition) => answer(trees, starts, row, coalition, output) / starts.length,
  );
  return shapleyOf(answers, row.length);
}

/** The same for every `sums`-th tree from `sum` on, whose answers are added; with what they answer to nothing. */
export function shapleyOfSum(trees: Trees, row: Float32Array, sum: number, sums: number) {
  const starts = trees.start.subarray(0, -1).filter((_, tree) => tree % sums === sum);
  const answers = Array.from({ length: 2 ** row.length }, (_, coalition) => answer(trees, starts, row, coalition, 0));
  return { values: shapleyOf(answers, row.length), empty: answers[0] as number };
}
