import './raw.js';
import { addon } from '../addon.js';
import { runTask, type TaskOptions } from '../cancel.js';
import { maxClasses, maxColumns, namingCells } from './checks.js';
import { keepMeans, meansTensors, takeMeans } from './column-means.js';
import type { CheckedFit } from './estimator-definition.js';
import { EstimatorError } from './estimator-error.js';
import { rawLinearOptions } from './linear-parameters.js';
import type { Model, ModelFile } from './model.js';
import { ModelError } from './model-error.js';
import { nativeModel } from './native-model.js';
import { takeWeights } from './packed-weights.js';
import type { RawLinear } from './raw.js';
import { built, metadataInteger, TensorReader, tensorOf } from './tensors.js';

/** Fits a linear model. Rejects with NOT_FINITE when the solver diverged. */
export async function fitLinear(
  estimator: string,
  request: CheckedFit,
  strength: number,
  options: TaskOptions,
): Promise<Model> {
  const { features, target, rows, weights, classCount, parameters, seed } = request;
  const { data, rowCount, columnCount } = features;
  const raw = rawLinearOptions(parameters, strength, seed);
  const { model, epochs, means } = await runTask(options, (control) =>
    namingCells(request, () =>
      addon.linearFit(data, rowCount, columnCount, rows, target, weights, classCount, raw, control),
    ),
  );
  if (model === null) {
    const bound = `must be smaller: ${parameters.solver} diverged in pass ${epochs + 1}`;
    throw new EstimatorError('NOT_FINITE', 'parameters["learning_rate_init"]', parameters.learning_rate_init, bound);
  }
  return linearModel(estimator, model, columnCount, classCount, means);
}

/** What a loaded linear model may be: with classes or not, and how their sums become probabilities. */
export interface LinearKind {
  readonly classes: 'none' | 'some' | 'either';
  readonly oneVsRest: boolean;
}

/** Loads a linear model of the given estimator; throws ModelError. */
export function loadLinear(estimator: string, { tensors, metadata }: ModelFile, kind: LinearKind): Model {
  const featureCount = metadataInteger(metadata, 'feature_count', 1, maxColumns);
  const low = kind.classes === 'some' ? 2 : 0;
  const classCount = metadataInteger(metadata, 'class_count', low, kind.classes === 'none' ? 0 : maxClasses);
  if (classCount === 1) throw new ModelError('metadata.class_count', classCount, 'must be 0 or at least 2');
  const outputs = classCount > 2 ? classCount : 1;
  // The product of two bounded numbers, checked against the bytes before anything is allocated.
  if (outputs * featureCount > Number.MAX_SAFE_INTEGER)
    throw new ModelError('metadata', featureCount, 'must be smaller');
  const reader = new TensorReader(tensors);
  const weights = takeWeights(reader, [outputs, featureCount]);
  const intercept = reader.take('intercept', 'F64', [outputs]);
  // Files written before means were kept have none: they score, but are not explained exactly.
  const means = takeMeans(reader, featureCount);
  reader.done();
  const handle = built(() => addon.linearCreate(featureCount, classCount, weights, intercept, kind.oneVsRest));
  return linearModel(estimator, handle, featureCount, classCount, means);
}

/** A linear model in native memory as a Model; `means` are of its training rows' features, null if not known. */
export function linearModel(
  estimator: string,
  handle: RawLinear,
  featureCount: number,
  classCount: number,
  means: Float64Array | null,
): Model {
  const model = nativeModel({
    estimator,
    task: classCount === 0 ? 'regression' : 'classification',
    classCount,
    featureCount,
    acceptsMissing: false,
    importances: null,
    sizeBytes: addon.linearSizeBytes(handle),
    handle,
    predict: addon.linearPredict,
    predictSync: addon.linearPredictSync,
    dispose: addon.linearDispose,
    file: (linear) => fileOf(estimator, linear, means),
  });
  return keepMeans(model, means);
}

function fileOf(estimator: string, handle: RawLinear, means: Float64Array | null): ModelFile {
  const { featureCount, classCount, weights, intercept } = addon.linearArrays(handle);
  return {
    tensors: [
      tensorOf('weights', 'F64', [intercept.length, featureCount], weights),
      tensorOf('intercept', 'F64', [intercept.length], intercept),
      ...meansTensors(means),
    ],
    metadata: {
      format: '1',
      estimator,
      feature_count: String(featureCount),
      class_count: String(classCount),
    },
  };
}
