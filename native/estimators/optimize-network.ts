import { addon } from '../addon.js';
import { runTask, type TaskOptions } from '../cancel.js';
import type { Matrix } from '../table/matrix.js';
import { checkMatrix, refuseNotFinite } from './checks.js';
import { EstimatorError } from './estimator-error.js';
import type { Model } from './model.js';
import { networkModel, networkOf } from './network-model.js';
import type { RawNetwork } from './raw.js';

/** Layers in 8 bits sum at most so many products exactly: kMaxQuadDepth in native/src/kernels/parameters.h. */
const maxInt8Inputs = 65_536;

/** The native side of a dense network in single precision. Throws EstimatorError for another model. */
function denseNetwork(model: Model): RawNetwork {
  const network = networkOf(model);
  if (network === undefined) {
    throw new EstimatorError('INVALID_FIELD', 'model', model.estimator, 'must be a neural-network not disposed of');
  }
  if (network.precision !== 'f32') {
    throw new EstimatorError('INVALID_FIELD', 'model', network.precision, 'must be in single precision');
  }
  return network.handle;
}

/**
 * A network in 8 bits, a quarter of the size: weights with one scale per unit, a layer's inputs with
 * one scale and zero by the range that `calibrationRows` reach there. Rows far beyond that range are
 * held to it, so calibrate on rows as they will come: some hundred drawn from the training rows. The
 * given model stays as it is. Rejects with EstimatorError for another model or one that is in 8 bits
 * already, for rows that do not fit it, and with the signal's reason when it aborts.
 */
export async function quantizeNetwork(
  model: Model,
  calibrationRows: Matrix,
  options: Pick<TaskOptions, 'signal'> = {},
): Promise<Model> {
  const handle = denseNetwork(model);
  checkMatrix(calibrationRows, 'calibrationRows');
  const { data, rowCount, columnCount } = calibrationRows;
  if (columnCount !== model.featureCount) {
    const bound = `must be ${model.featureCount}`;
    throw new EstimatorError('INVALID_FIELD', 'calibrationRows.columnCount', columnCount, bound);
  }
  if (rowCount === 0) throw new EstimatorError('EMPTY_TABLE', 'calibrationRows.rowCount', 0, 'must be >= 1');
  refuseNotFinite(calibrationRows, null);
  if (model.featureCount > maxInt8Inputs) {
    throw new EstimatorError('INVALID_FIELD', 'model.featureCount', columnCount, `must be <= ${maxInt8Inputs}`);
  }
  const quantized = await runTask(options, (control) => addon.networkQuantize(handle, data, rowCount, control));
  if (quantized === null) {
    throw new EstimatorError('NOT_FINITE', 'calibrationRows', '(too large)', 'must give finite sums in every layer');
  }
  return networkModel(quantized, 'int8');
}

/**
 * A network with the share `sparsity` (0 to 1) of each layer's weights, the smallest, set to zero.
 * The given model stays as it is. Throws EstimatorError.
 */
export function pruneNetwork(model: Model, { sparsity }: { readonly sparsity: number }): Model {
  if (!(sparsity >= 0 && sparsity <= 1)) {
    throw new EstimatorError('INVALID_FIELD', 'sparsity', sparsity, 'must be from 0 to 1');
  }
  return networkModel(addon.networkPrune(denseNetwork(model), sparsity));
}
