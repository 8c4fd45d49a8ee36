import { addon } from '../addon.js';
import { runTask, type TaskOptions } from '../cancel.js';
import { maxClasses, maxColumns, namingCells, sumsOverflow } from './checks.js';
import type { CheckedFit, Estimator, EstimatorDefinition } from './estimator-definition.js';
import type { Model, ModelFile } from './model.js';
import { nativeModel } from './native-model.js';
import { numberOf } from './parameters.js';
import type { RawFit, RawPredict, RawPredictSync } from './raw.js';
import { built, metadataInteger, TensorReader, tensorOf } from './tensors.js';

/** A Gaussian naive Bayes model in native memory. */
interface RawGaussianBayes {
  readonly rawGaussianBayes: never;
}

/** GaussianBayes in native/src/algorithms/naive_bayes.h says what the arrays hold. */
interface RawGaussianBayesArrays {
  featureCount: number;
  classCount: number;
  mean: Float64Array;
  variance: Float64Array;
  logPrior: Float64Array;
}

declare module '../addon.js' {
  interface Addon {
    gaussianBayesFit: RawFit<RawGaussianBayes | null>;
    gaussianBayesCreate(
      featureCount: number,
      classCount: number,
      mean: Float64Array,
      variance: Float64Array,
      logPrior: Float64Array,
    ): RawGaussianBayes;
    gaussianBayesPredict: RawPredict<RawGaussianBayes>;
    gaussianBayesPredictSync: RawPredictSync<RawGaussianBayes>;
    gaussianBayesArrays(model: RawGaussianBayes): RawGaussianBayesArrays;
    gaussianBayesSizeBytes(model: RawGaussianBayes): number;
    gaussianBayesDispose(model: RawGaussianBayes): void;
  }
}

const definition: EstimatorDefinition = {
  id: 'gaussian-naive-bayes',
  displayName: 'Gaussian naive Bayes',
  description:
    'Each class draws each feature from a normal distribution of its own, independent of the others. Learned in one pass, needs no scaling, and is a fair first answer on small data; its probabilities are too sure where features depend on each other. Takes no missing values.',
  tasks: ['classification'],
  acceptsMissing: false,
  parameters: [
    {
      name: 'var_smoothing',
      type: 'double',
      default: 1e-9,
      min: 0,
      max: 1,
      help: 'The share of the largest variance among the features that is added to every variance.',
    },
  ],
};

/** Gaussian naive Bayes: native/src/algorithms/naive_bayes.h. */
export const gaussianNaiveBayes: Estimator = {
  definition,
  refusesNotFinite: true,

  async fit(request: CheckedFit, options: TaskOptions): Promise<Model> {
    const { features, target, rows, weights, classCount, parameters } = request;
    const { data, rowCount, columnCount } = features;
    const raw = { smoothing: numberOf(parameters, 'var_smoothing') };
    const handle = await runTask(options, (control) =>
      namingCells(request, () =>
        addon.gaussianBayesFit(data, rowCount, columnCount, rows, target, weights, classCount, raw, control),
      ),
    );
    if (handle === null) throw sumsOverflow();
    return modelOf(handle, columnCount, classCount);
  },

  load({ tensors, metadata }: ModelFile): Model {
    const featureCount = metadataInteger(metadata, 'feature_count', 1, maxColumns);
    const classCount = metadataInteger(metadata, 'class_count', 2, maxClasses);
    const reader = new TensorReader(tensors);
    const mean = reader.take('mean', 'F64', [classCount, featureCount]);
    const variance = reader.take('variance', 'F64', [classCount, featureCount]);
    const logPrior = reader.take('log_prior', 'F64', [classCount]);
    reader.done();
    const handle = built(() => addon.gaussianBayesCreate(featureCount, classCount, mean, variance, logPrior));
    return modelOf(handle, featureCount, classCount);
  },
};

function modelOf(handle: RawGaussianBayes, featureCount: number, classCount: number): Model {
  return nativeModel({
    estimator: definition.id,
    task: 'classification',
    classCount,
    featureCount,
    acceptsMissing: false,
    importances: null,
    sizeBytes: addon.gaussianBayesSizeBytes(handle),
    handle,
    predict: addon.gaussianBayesPredict,
    predictSync: addon.gaussianBayesPredictSync,
    dispose: addon.gaussianBayesDispose,
    file: fileOf,
  });
}

function fileOf(handle: RawGaussianBayes): ModelFile {
  const { featureCount, classCount, mean, variance, logPrior } = addon.gaussianBayesArrays(handle);
  return {
    tensors: [
      tensorOf('mean', 'F64', [classCount, featureCount], mean),
      tensorOf('variance', 'F64', [classCount, featureCount], variance),
      tensorOf('log_prior', 'F64', [classCount], logPrior),
    ],
    metadata: {
      format: '1',
      estimator: definition.id,
      feature_count: String(featureCount),
      class_count: String(classCount),
    },
  };
}
