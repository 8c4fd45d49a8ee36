import type { ExecutionContext } from 'ava';
import { estimators } from '../../../native/estimators/catalogue.js';
import { EstimatorError, type EstimatorFit, fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model, Task } from '../../../native/estimators/model.js';
import { ParameterError } from '../../../native/estimators/parameters.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { digestOf, numbers } from './data.js';

/** Parameters by which each estimator is quick on awkward data. */
const quick: Record<string, Record<string, unknown>> = {
  'random-forest': { n_estimators: 3 },
  'extra-trees': { n_estimators: 3 },
  'gradient-boosting': { n_estimators: 3, min_samples_leaf: 1 },
  'neural-network': { hidden_layer_sizes: 8, max_iter: 10 },
  // Rows are images of one line, however many columns there are.
  'convolutional-network': {
    image_height: 1,
    convolution_channels: 3,
    pool: 'none',
    hidden_layer_sizes: 8,
    max_iter: 10,
  },
  'k-means': { n_clusters: 2 },
};

/** An estimator with a task, and data that suits it apart from the edge in question. */
export interface EdgeCase {
  /** `random-forest, three classes` */
  readonly name: string;
  readonly estimator: string;
  readonly task: Task;
  readonly classCount: number;
  readonly acceptsMissing: boolean;
  /** The request for such features, none negative; targets are made to suit the task. */
  request(features: Matrix, change?: Partial<EstimatorFit>): EstimatorFit;
}

const kinds = { 'two classes': 2, 'three classes': 3, numbers: 0 } as const;

function targetOf(rowCount: number, classCount: number): Float64Array {
  return Float64Array.from({ length: rowCount }, (_, row) => (classCount > 0 ? row % classCount : Math.sin(row)));
}

/** Every estimator of the catalogue with every task that it takes. */
export function edgeCases(): EdgeCase[] {
  return estimators.flatMap(({ id, tasks, acceptsMissing }) => {
    const caseOf = (kind: string, task: Task, classCount: number): EdgeCase => ({
      name: `${id}, ${kind}`,
      estimator: id,
      task,
      classCount,
      acceptsMissing,
      request: (features, change = {}) => ({
        estimator: id,
        parameters: quick[id] ?? {},
        task,
        features,
        target: task === 'clustering' ? new Float64Array(0) : targetOf(features.rowCount, classCount),
        classCount,
        seed: 1,
        ...change,
      }),
    });
    if (tasks.includes('clustering')) return [caseOf('groups', 'clustering', 0)];
    return Object.entries(kinds)
      .filter(([, classCount]) => tasks.includes(classCount === 0 ? 'regression' : 'classification'))
      .map(([kind, classCount]) => caseOf(kind, classCount === 0 ? 'regression' : 'classification', classCount));
  });
}

/** Numbers from 0 to 1. */
export function drawn(rowCount: number, columnCount: number, seed = 1): Matrix {
  const next = numbers(seed);
  return { data: Float32Array.from({ length: rowCount * columnCount }, next), rowCount, columnCount };
}

/** Fits, and checks that the model is a sound one on `held` (its own rows by default) and after a round trip. */
export async function fitsSoundly(t: ExecutionContext, request: EstimatorFit, held = request.features): Promise<Model> {
  const model = await fitEstimator(request);
  const out = await model.predict(held);
  const width = Math.max(1, request.classCount);
  t.is(out.length, held.rowCount * width);
  t.true(out.every(Number.isFinite), 'every prediction is finite');
  if (request.classCount > 0) {
    for (let row = 0; row < held.rowCount; row++) {
      const shares = out.subarray(row * width, (row + 1) * width);
      const sum = shares.reduce((total, share) => total + share, 0);
      t.true(shares.every((share) => share >= 0 && share <= 1) && Math.abs(sum - 1) < 1e-4, `row ${row}: ${sum}`);
    }
  }
  const importances = model.importances ?? new Float64Array(0);
  t.true(importances.every(Number.isFinite), 'every importance is finite');
  t.is(digestOf(loadModel(model.toTensors())), digestOf(model), 'a file of it is a model');
  return model;
}

/** Expects a sound model, or a refusal in these words. */
export async function fitsOrRefuses(
  t: ExecutionContext,
  request: EstimatorFit,
  held: Matrix,
  message: RegExp,
): Promise<void> {
  const refusal = await fitEstimator(request).then(
    () => null,
    (error: unknown) => error,
  );
  if (refusal === null) await fitsSoundly(t, request, held);
  else await refuses(t, request, message);
}

/** Expects a fit to be refused in these words. */
export async function refuses(t: ExecutionContext, request: EstimatorFit, message: RegExp): Promise<void> {
  const error = await t.throwsAsync(fitEstimator(request), { message });
  t.true(error instanceof EstimatorError || error instanceof ParameterError, `${error}`);
}
