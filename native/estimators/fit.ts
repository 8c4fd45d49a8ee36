import type { Matrix } from '../table/matrix.js';
import { resolveParameters } from './catalogue.js';
import {
  checkMatrix,
  checkNoTarget,
  checkRows,
  checkTarget,
  checkWeights,
  maxClasses,
  refuseNotFinite,
} from './checks.js';
import { checkColumns } from './columns.js';
import { EstimatorError } from './estimator-error.js';
import { estimatorNamed } from './estimators.js';
import { type KeptOnItsWay, taskCheckpoint } from './fit-checkpoint.js';
import type { Model, Task } from './model.js';
import { ParameterError } from './parameters.js';

export { EstimatorError } from './estimator-error.js';
export type { FitCheckpoint, Resumed } from './fit-checkpoint.js';

/** What to fit. */
export interface EstimatorFit extends KeptOnItsWay {
  /** An id of the catalogue. */
  readonly estimator: string;
  /** Given parameters or resolved ones. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly task: Task;
  /** NaN is a missing feature: random-forest and gradient-boosting learn from it, linear estimators refuse it. */
  readonly features: Matrix;
  /** Class indices from 0, or numbers; one per row of `features`. Empty for clustering. */
  readonly target: Float64Array;
  /** At least 2 for classification, otherwise 0. */
  readonly classCount: number;
  /** The rows of features and target to learn from; all by default. */
  readonly rows?: Uint32Array | undefined;
  /**
   * How much each row counts, one per row of `features`: finite, not negative, and not all zero. A
   * row of weight zero is as if absent. All rows count alike by default.
   */
  readonly weights?: Float64Array | null | undefined;
  /**
   * One per column: 1 where values are numbers of categories, whose order means nothing. At most 254
   * categories of a column are told apart, the most frequent ones; others count as missing.
   */
  readonly categorical?: Uint8Array | null | undefined;
  /** One per column: 1 if predictions must not fall as it rises, -1 if they must not rise, else 0. */
  readonly monotone?: Int8Array | null | undefined;
  /**
   * [height, width] or [height, width, channels] where the columns are the elements of an image, row-major; only
   * estimators that use it look at it.
   */
  readonly imageShape?: readonly number[] | null | undefined;
  /** 0 to 2^53 - 1. The same seed gives the same model at any number of threads. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Trees or epochs done, at most ten times a second; never decreasing. */
  readonly onProgress?: ((step: number, total: number) => void) | undefined;
}

/**
 * Fits an estimator on native threads. Inputs are copied first, but for features of `sharedFloats`, which linear
 * models and naive Bayes read where they are: they must not change until the promise settles. Rejects with
 * ParameterError for a parameter, with EstimatorError for data (another length, infinite or NaN values, one class, a
 * claimed shape that the data does not have) or for a fit that diverged, and with the signal's
 * reason within 200 ms of its abort.
 */
export async function fitEstimator(request: EstimatorFit): Promise<Model> {
  const { features, target, task, classCount, seed, signal, onProgress } = request;
  const weights = request.weights ?? null;
  const parameters = resolveParameters(request.estimator, request.parameters, 'parameters');
  const estimator = estimatorNamed(request.estimator);
  if (estimator === undefined) throw new ParameterError('estimator', request.estimator, 'must be known');
  const { tasks, id, acceptsMissing } = estimator.definition;
  if (!tasks.includes(task))
    throw new EstimatorError('INVALID_FIELD', 'task', task, `must be ${tasks.join(' or ')} for ${id}`);
  const low = task === 'classification' ? 2 : 0;
  const high = task === 'classification' ? maxClasses : 0;
  if (!Number.isInteger(classCount) || classCount < low || classCount > high) {
    const bound = low === high ? `must be 0 for ${task}` : `must be from ${low} to ${high}`;
    throw new EstimatorError('INVALID_FIELD', 'classCount', classCount, bound);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new EstimatorError(
      'INVALID_FIELD',
      'seed',
      seed,
      `must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
    );
  }
  checkMatrix(features, 'features');
  if (features.rowCount === 0) throw new EstimatorError('EMPTY_TABLE', 'features.rowCount', 0, 'must be >= 1');
  if (request.rows !== undefined) checkRows(request.rows, features.rowCount);
  const rows = checkWeights(weights, request.rows ?? null, features.rowCount);
  if (task === 'clustering') checkNoTarget(target);
  else checkTarget(target, rows, features.rowCount, classCount);
  if (estimator.refusesNotFinite !== true) refuseNotFinite(features, rows, acceptsMissing);
  const { categorical, monotone } = checkColumns(request, estimator.definition);
  const imageShape = estimator.definition.usesImageShape === true ? checkImageShape(request) : null;
  const roles = { categorical, monotone, imageShape };
  const checked = { parameters, task, features, target, classCount, rows, weights, ...roles, seed };
  const checkpoint = taskCheckpoint(request, request, estimator.definition, parameters);
  return await estimator.fit(checked, { signal, onProgress, checkpoint });
}

function checkImageShape({ imageShape = null, features }: EstimatorFit): readonly number[] | null {
  if (imageShape === null) return null;
  const whole = imageShape.every((size) => Number.isInteger(size) && size >= 1);
  const product = imageShape.reduce((elements, size) => elements * size, 1);
  if ((imageShape.length === 2 || imageShape.length === 3) && whole && product === features.columnCount)
    return imageShape;
  const bound = `must be two or three whole sizes whose product is ${features.columnCount}, the number of columns`;
  throw new EstimatorError('INVALID_FIELD', 'imageShape', imageShape, bound);
}
