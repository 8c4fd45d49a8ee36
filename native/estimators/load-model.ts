import { estimatorNamed } from './estimators.js';
import type { Model, ModelFile } from './model.js';
import { ModelError } from './model-error.js';
import { loadReduced, reductionIn } from './reduced-model.js';

/**
 * Builds a model from tensors of any origin. Everything is checked before use: names, types,
 * shapes, that trees are trees, that numbers are finite. Throws ModelError naming the tensor or
 * the metadata's key.
 */
export function loadModel(file: ModelFile): Model {
  const name = file.metadata.estimator;
  const estimator = name === undefined ? undefined : estimatorNamed(name);
  if (estimator === undefined) throw new ModelError('metadata.estimator', name ?? null, 'must name a known estimator');
  if (file.metadata.format !== '1') {
    throw new ModelError('metadata.format', file.metadata.format ?? null, 'must be 1');
  }
  const reduced = reductionIn(file);
  return reduced === null ? estimator.load(file) : loadReduced(reduced, estimator.load);
}
