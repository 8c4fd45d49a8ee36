import { addon, type RawTaskControl } from '../addon.js';
import { runTask, type TaskOptions } from '../cancel.js';
import { maxClasses, maxColumns } from './checks.js';
import type { CheckedFit, Estimator, EstimatorDefinition } from './estimator-definition.js';
import type { Model, ModelFile } from './model.js';
import { nativeModel } from './native-model.js';
import { numberOf, ParameterError } from './parameters.js';
import type { RawPredict, RawPredictSync } from './raw.js';
import { built, metadataInteger, TensorReader, tensorOf } from './tensors.js';

/** Centres in native memory. */
interface RawKMeans {
  readonly rawKMeans: never;
}

declare module '../addon.js' {
  interface Addon {
    kMeansFit(
      data: Float32Array,
      rowCount: number,
      columnCount: number,
      rows: Uint32Array | null,
      weights: Float64Array | null,
      options: Readonly<Record<string, number>>,
      control: RawTaskControl | null,
    ): Promise<{ model: RawKMeans; inertia: number; epochs: number }>;
    kMeansCreate(featureCount: number, clusterCount: number, centers: Float64Array): RawKMeans;
    kMeansCenters(model: RawKMeans): Float64Array;
    kMeansPredict: RawPredict<RawKMeans>;
    kMeansPredictSync: RawPredictSync<RawKMeans>;
    kMeansSizeBytes(model: RawKMeans): number;
    kMeansDispose(model: RawKMeans): void;
  }
}

const definition: EstimatorDefinition = {
  id: 'k-means',
  displayName: 'K-means',
  description:
    "Groups rows around n_clusters centres so that squared distances to them are small; predicts the number of a row's group. Needs no target. Lloyd's iterations, 1982, from seeds drawn by greedy k-means++ (Arthur and Vassilvitskii, 2007). Wants features of alike scale (standardize them in the recipe) and takes no missing values.",
  tasks: ['clustering'],
  acceptsMissing: false,
  parameters: [
    {
      name: 'n_clusters',
      type: 'integer',
      default: 8,
      min: 1,
      max: maxClasses,
      help: 'How many groups; at most as many as there are rows.',
    },
    {
      name: 'n_init',
      type: 'integer',
      default: 1,
      min: 1,
      max: 1000,
      help: 'How often to begin anew from other seeds; the result with the smallest squared distances is kept.',
    },
    { name: 'max_iter', type: 'integer', default: 300, min: 1, max: 1_000_000, help: 'The most passes of each run.' },
    {
      name: 'tol',
      type: 'double',
      default: 1e-4,
      min: 0,
      max: 1,
      help: "When to stop: the centres' squared ways in a pass, as a share of the features' mean variance.",
    },
  ],
};

/** K-means: native/src/algorithms/k_means.h. */
export const kMeans: Estimator = {
  definition,

  async fit(request: CheckedFit, options: TaskOptions): Promise<Model> {
    const { features, rows, weights, parameters, seed } = request;
    const { data, rowCount, columnCount } = features;
    const clusters = numberOf(parameters, 'n_clusters');
    const count = rows?.length ?? rowCount;
    if (clusters > count) {
      throw new ParameterError('parameters["n_clusters"]', clusters, `must be <= ${count}, the number of rows`);
    }
    const raw = {
      clusters,
      starts: numberOf(parameters, 'n_init'),
      maxEpochs: numberOf(parameters, 'max_iter'),
      tolerance: numberOf(parameters, 'tol'),
      seed,
    };
    const { model } = await runTask(options, (control) =>
      addon.kMeansFit(data, rowCount, columnCount, rows, weights, raw, control),
    );
    return modelOf(model, columnCount);
  },

  load({ tensors, metadata }: ModelFile): Model {
    const featureCount = metadataInteger(metadata, 'feature_count', 1, maxColumns);
    const clusterCount = metadataInteger(metadata, 'cluster_count', 1, maxClasses);
    const reader = new TensorReader(tensors);
    const centers = reader.take('centers', 'F64', [clusterCount, featureCount]);
    reader.done();
    return modelOf(
      built(() => addon.kMeansCreate(featureCount, clusterCount, centers)),
      featureCount,
    );
  },
};

function modelOf(handle: RawKMeans, featureCount: number): Model {
  return nativeModel({
    estimator: definition.id,
    task: 'clustering',
    classCount: 0,
    featureCount,
    acceptsMissing: false,
    importances: null,
    sizeBytes: addon.kMeansSizeBytes(handle),
    handle,
    predict: addon.kMeansPredict,
    predictSync: addon.kMeansPredictSync,
    dispose: addon.kMeansDispose,
    file: (model) => fileOf(model, featureCount),
  });
}

function fileOf(handle: RawKMeans, featureCount: number): ModelFile {
  const centers = addon.kMeansCenters(handle);
  const clusterCount = centers.length / featureCount;
  return {
    tensors: [tensorOf('centers', 'F64', [clusterCount, featureCount], centers)],
    metadata: {
      format: '1',
      estimator: definition.id,
      feature_count: String(featureCount),
      cluster_count: String(clusterCount),
    },
  };
}
