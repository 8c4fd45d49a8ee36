import { type EstimatorFit, fitEstimator, type Resumed } from '../../../native/estimators/fit.js';
import type { Model } from '../../../native/estimators/model.js';
import { twoClasses } from './data.js';
import { wideNetworks } from './wide-networks.js';

/** A snapshot as a fit hands it over. */
export interface Snapshot {
  bytes: Uint8Array;
  step: number;
  steps: number;
}

/** A fit that hands over snapshots after as many steps as it finds time for, and the first of them. */
export async function kept(
  request: EstimatorFit,
): Promise<{ model: Model; first: Snapshot | undefined; resumed: Resumed[]; progress: number[] }> {
  let first: Snapshot | undefined;
  const resumed: Resumed[] = [];
  const progress: number[] = [];
  const model = await fitEstimator({
    ...request,
    checkpoint: {
      intervalSeconds: 0,
      save(bytes, step, steps) {
        first ??= { bytes, step, steps };
      },
    },
    onResume: (what) => resumed.push(what),
    onProgress: (step) => progress.push(step),
  });
  return { model, first, resumed, progress };
}

const { features, target } = twoClasses(3_000, 6);
const gaps = { ...features, data: features.data.map((x, index) => (index % 11 === 0 ? Number.NaN : x)) };
const three = target.map((value, row) => (row % 7 === 0 ? 2 : value));
const amounts = target.map((value, row) => value * 5 + (row % 13));
const weights = Float64Array.from(target, (_, row) => 1 + (row % 3));
const kinds = { ...features, data: features.data.map((x, index) => (index % 6 === 0 ? Math.floor(8 * x) : x)) };

const classes = { task: 'classification', classCount: 2, features: gaps, target, seed: 7 } as const;
const sums = { task: 'regression', classCount: 0, features: gaps, target: amounts, seed: 7 } as const;

/** Fits that are kept on their way, each of at least 8 steps. */
export const resumable: Record<string, EstimatorFit> = {
  'a random forest': { ...classes, estimator: 'random-forest', parameters: { n_estimators: 12 } },
  'a random forest of numbers, with weights': {
    ...sums,
    estimator: 'random-forest',
    parameters: { n_estimators: 9, min_samples_leaf: 4 },
    weights,
  },
  'extra trees of three classes': {
    ...classes,
    estimator: 'extra-trees',
    parameters: { n_estimators: 10, class_weight: 'balanced' },
    classCount: 3,
    target: three,
  },
  boosting: { ...classes, estimator: 'gradient-boosting', parameters: { n_estimators: 10 } },
  'boosting of three classes on samples': {
    ...classes,
    estimator: 'gradient-boosting',
    parameters: { n_estimators: 8, subsample: 0.6, colsample_bynode: 0.5, grow_policy: 'depth', max_depth: 4 },
    classCount: 3,
    target: three,
  },
  'boosting of absolute errors, with early stopping and weights': {
    ...sums,
    estimator: 'gradient-boosting',
    parameters: { n_estimators: 12, loss: 'absolute_error', early_stopping: true, n_iter_no_change: 3 },
    weights,
  },
  'boosting with categories and a monotone column': {
    ...classes,
    estimator: 'gradient-boosting',
    parameters: { n_estimators: 8 },
    features: kinds,
    categorical: Uint8Array.of(1, 0, 0, 0, 0, 0),
    monotone: Int8Array.of(0, 1, 0, 0, 0, 0),
  },
  'boosting with dropout of three classes on samples': {
    ...classes,
    estimator: 'gradient-boosting',
    parameters: { n_estimators: 9, subsample: 0.7, boosting: 'dart', rate_drop: 0.4, skip_drop: 0.2 },
    classCount: 3,
    target: three,
  },
  'boosting of Huber losses': {
    ...sums,
    estimator: 'gradient-boosting',
    parameters: { n_estimators: 8, loss: 'huber' },
  },
  'a network by Adam': {
    ...classes,
    features,
    estimator: 'neural-network',
    parameters: { hidden_layer_sizes: '40,20', max_iter: 9 },
  },
  'a network with batch normalization, dropout and early stopping, whose rate falls': {
    ...sums,
    features,
    estimator: 'neural-network',
    parameters: {
      hidden_layer_sizes: '17',
      normalization: 'batch',
      dropout: 0.2,
      early_stopping: true,
      solver: 'nesterov',
      learning_rate_init: 0.01,
      learning_rate: 'plateau',
      clip_norm: 1,
      max_iter: 10,
    },
    weights,
  },
  'a network of convolutions with momentum': {
    ...classes,
    features,
    estimator: 'convolutional-network',
    parameters: {
      image_height: 2,
      convolution_channels: '5,3',
      pool: 'none',
      hidden_layer_sizes: '9',
      solver: 'momentum',
      max_iter: 6,
    },
  },
  'a network by lbfgs': {
    ...classes,
    features,
    estimator: 'neural-network',
    parameters: { hidden_layer_sizes: '12', solver: 'lbfgs', max_iter: 14 },
  },
  ...wideNetworks,
};

/** The fit on other rows, one feature of which differs. */
export function onOtherData(request: EstimatorFit): EstimatorFit {
  const data = request.features.data.slice();
  data[5] = (data[5] ?? 0) + 1;
  return { ...request, features: { ...request.features, data } };
}

/** The fit with a parameter that differs. */
export function withOtherParameters(request: EstimatorFit): EstimatorFit {
  const changed: Record<string, Record<string, unknown>> = {
    'neural-network': { tol: 1e-3 },
    'convolutional-network': { tol: 1e-3 },
  };
  return { ...request, parameters: { ...request.parameters, ...(changed[request.estimator] ?? { max_bins: 100 }) } };
}
