import type { Candidate__Output, SearchDimension__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import type { EstimatorInfo } from '../estimators.js';
import { taskNamed, valueOfParameter } from '../estimators.js';
import type { DecidedTask } from '../target.js';

/** What is tried of one estimator where nothing is said. */
interface Habit {
  id: string;
  /** Larger tables leave it out: its fit or its scoring grows faster than the table. */
  maxRows?: number;
  /** Wider tables leave it out. */
  maxFeatures?: number;
  /** Whether it looks at images alone. */
  needsImage?: boolean;
  fixed?: Readonly<Record<string, string>>;
  lists?: Readonly<Record<string, readonly (number | string | boolean)[]>>;
  ranges?: Readonly<Record<string, { low: number; high: number; log?: boolean }>>;
}

// The parameters that decide most for each, over the ranges in which practice finds good values (Probst, Boulesteix and
// Bischl, Tunability, 2019; Grinsztajn et al., 2022). The order is that in which they are begun.
const habits: readonly Habit[] = [
  {
    id: 'gradient-boosting',
    lists: { max_leaf_nodes: [15, 31, 63], colsample_bytree: [0.5, 0.8, 1], subsample: [0.7, 1] },
    ranges: {
      learning_rate: { low: 0.02, high: 0.3, log: true },
      n_estimators: { low: 60, high: 600, log: true },
      min_samples_leaf: { low: 5, high: 60, log: true },
      reg_lambda: { low: 0.01, high: 10, log: true },
    },
  },
  {
    id: 'random-forest',
    lists: { n_estimators: [100, 300], min_samples_leaf: [1, 2, 5, 10], max_features: ['sqrt', 'log2', 'all'] },
  },
  { id: 'extra-trees', lists: { n_estimators: [100, 300], min_samples_leaf: [1, 2, 5, 10] } },
  { id: 'logistic-regression', ranges: { C: { low: 0.01, high: 100, log: true } } },
  {
    id: 'linear-regression',
    fixed: { penalty: 'l2' },
    ranges: { alpha: { low: 1e-4, high: 10, log: true } },
  },
  {
    id: 'neural-network',
    maxRows: 200_000,
    maxFeatures: 2_000,
    lists: { batch_size: [32, 128], dropout: [0, 0.1, 0.3] },
    ranges: { learning_rate_init: { low: 3e-4, high: 1e-2, log: true }, alpha: { low: 1e-6, high: 1e-2, log: true } },
  },
  {
    id: 'convolutional-network',
    maxRows: 200_000,
    needsImage: true,
    lists: { convolution_channels: ['16,32', '32,64'], dropout: [0, 0.2, 0.4] },
    ranges: { learning_rate_init: { low: 3e-4, high: 3e-3, log: true }, alpha: { low: 1e-6, high: 1e-3, log: true } },
  },
  { id: 'k-nearest-neighbors', maxRows: 20_000, maxFeatures: 100, lists: { n_neighbors: [3, 5, 11, 21, 51] } },
  { id: 'gaussian-naive-bayes' },
  { id: 'k-means', lists: { n_clusters: [2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 30] } },
];

/** What decides which estimators are tried. */
export interface AutomaticTable {
  task: DecidedTask;
  rows: number;
  features: number;
  /** Whether each row is one image, large enough to be pooled twice. */
  image: boolean;
}

/** The candidates of an automatic search: estimators that do the task and suit the table's size, with their spaces. */
export function automaticCandidates(
  { task, rows, features, image }: AutomaticTable,
  catalogue: readonly EstimatorInfo[],
): Candidate__Output[] {
  return habits.flatMap(
    ({
      id,
      maxRows = Number.POSITIVE_INFINITY,
      maxFeatures = Number.POSITIVE_INFINITY,
      needsImage = false,
      fixed = {},
      ...space
    }) => {
      const info = catalogue.find((known) => known.id === id);
      if (info === undefined || !info.tasks.map(taskNamed).includes(task)) return [];
      if (needsImage && !image) return [];
      if (rows > maxRows || features > maxFeatures) return [];
      const parameters = Object.fromEntries(
        Object.entries(fixed).map(([name, value]) => [name, valueOfParameter({ type: 'choice' }, value)]),
      );
      const estimator = { estimator: `estimators/${id}`, parameters };
      return [{ estimator, steps: [], space: dimensionsOf(info, space) }];
    },
  );
}

function dimensionsOf(info: EstimatorInfo, { lists = {}, ranges = {} }: Pick<Habit, 'lists' | 'ranges'>) {
  const dimensions: SearchDimension__Output[] = [];
  for (const [parameter, values] of Object.entries(lists)) {
    const known = info.parameters.find(({ name }) => name === parameter);
    if (known === undefined) continue;
    dimensions.push({
      parameter,
      values: 'list',
      list: { values: values.map((value) => valueOfParameter(known, value)) },
    });
  }
  for (const [parameter, { low, high, log = false }] of Object.entries(ranges)) {
    if (info.parameters.some(({ name }) => name === parameter)) {
      dimensions.push({ parameter, values: 'range', range: { low, high, log } });
    }
  }
  return dimensions;
}
