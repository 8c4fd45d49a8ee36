import './raw.js';
import { addon } from '../addon.js';
import { maxClasses, maxColumns } from './checks.js';
import type { Model, ModelFile } from './model.js';
import { ModelError } from './model-error.js';
import { networkModel } from './network-model.js';
import { outputNames } from './network-parameters.js';
import { built, metadataInteger, TensorReader, tensorOf } from './tensors.js';

const tensorName = 'reduction';
const metadataKey = 'reduced_from';

/** What stands in front of a model that sees fewer features than come: a matrix that every row is multiplied by. */
export interface Reduction {
  readonly featureCount: number;
  readonly componentCount: number;
  /** featureCount x componentCount; finite. */
  readonly weights: Float32Array;
}

/** The products of rows with a reduction, computed by native code; a row gives the same bits in any company. */
export type Projector = Pick<Model, 'sizeBytes' | 'operationsPerRow' | 'predict' | 'predictSync' | 'dispose'>;

/** Brings a reduction into native memory. Throws ModelError for weights that are not finite. */
export function projector({ featureCount, componentCount, weights }: Reduction): Projector {
  const values = new Float32Array(weights.length + componentCount);
  values.set(weights);
  const classCount = componentCount === 1 ? 0 : componentCount;
  const widths = Uint32Array.of(componentCount);
  // A network of no hidden layer whose sums leave as they are.
  const output = outputNames.indexOf('identity');
  return networkModel(built(() => addon.networkCreate(featureCount, classCount, widths, 0, output, false, values)));
}

/** The file of a model behind a reduction. */
export function reducedFile({ featureCount, componentCount, weights }: Reduction, model: ModelFile): ModelFile {
  return {
    tensors: [tensorOf(tensorName, 'F32', [featureCount, componentCount], weights), ...model.tensors],
    metadata: { ...model.metadata, [metadataKey]: String(featureCount) },
  };
}

/** The reduction of a file and the model behind it; null for a file without one. Throws ModelError. */
export function reductionIn({ tensors, metadata }: ModelFile): { reduction: Reduction; model: ModelFile } | null {
  const { [metadataKey]: from, ...rest } = metadata;
  if (from === undefined) return null;
  const featureCount = metadataInteger(metadata, metadataKey, 1, maxColumns);
  const componentCount = metadataInteger(metadata, 'feature_count', 1, Math.min(featureCount, maxClasses));
  const own = tensors.filter(({ name }) => name === tensorName);
  const weights = new TensorReader(own).take(tensorName, 'F32', [featureCount, componentCount]);
  const others = tensors.filter(({ name }) => name !== tensorName);
  return { reduction: { featureCount, componentCount, weights }, model: { tensors: others, metadata: rest } };
}

/**
 * Loads a model behind a reduction, `load` what is behind it. It takes rows of the reduction's features, none of them
 * missing or infinite, and tells of no importances. Throws ModelError.
 */
export function loadReduced(
  { reduction, model }: { reduction: Reduction; model: ModelFile },
  load: (file: ModelFile) => Model,
): Model {
  const inner = load(model);
  const { featureCount, componentCount } = reduction;
  let front: Projector;
  try {
    if (inner.featureCount !== componentCount) {
      throw new ModelError('metadata.feature_count', inner.featureCount, `must be ${componentCount}`);
    }
    front = projector(reduction);
  } catch (error) {
    inner.dispose();
    throw error;
  }
  return {
    estimator: inner.estimator,
    task: inner.task,
    classCount: inner.classCount,
    featureCount,
    importances: null,
    sizeBytes: front.sizeBytes + inner.sizeBytes,
    operationsPerRow: (front.operationsPerRow ?? 0) + (inner.operationsPerRow ?? 0),
    async predict(matrix, options = {}) {
      const data = await front.predict(matrix, options);
      return await inner.predict({ data, rowCount: matrix.rowCount, columnCount: componentCount }, options);
    },
    predictSync(matrix) {
      const data = front.predictSync(matrix);
      return inner.predictSync({ data, rowCount: matrix.rowCount, columnCount: componentCount });
    },
    toTensors: () => reducedFile(reduction, inner.toTensors()),
    dispose() {
      front.dispose();
      inner.dispose();
    },
  };
}
