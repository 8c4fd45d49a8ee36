import { addon } from '../addon.js';
import { runTask, type TaskOptions } from '../cancel.js';
import { maxClasses, maxColumns } from './checks.js';
import type { CheckedFit, Estimator, EstimatorDefinition } from './estimator-definition.js';
import type { Model, ModelFile } from './model.js';
import { ModelError } from './model-error.js';
import { nativeModel } from './native-model.js';
import { choiceOf, numberOf } from './parameters.js';
import type { RawFit, RawPredict, RawPredictSync } from './raw.js';
import { built, metadataInteger, TensorReader, tensorOf } from './tensors.js';

/** Training rows that are asked for their nearest, in native memory. */
interface RawNeighbors {
  readonly rawNeighbors: never;
}

type NeighborOptions = Readonly<Record<'count' | 'metric' | 'byDistance', number>>;

declare module '../addon.js' {
  interface Addon {
    neighborsFit: RawFit<RawNeighbors>;
    neighborsCreate(
      rows: Float32Array,
      rowCount: number,
      columnCount: number,
      target: Float64Array,
      weights: Float64Array | null,
      classCount: number,
      options: NeighborOptions,
    ): RawNeighbors;
    neighborsPredict: RawPredict<RawNeighbors>;
    neighborsPredictSync: RawPredictSync<RawNeighbors>;
    neighborsArrays(model: RawNeighbors): { rows: Float32Array; target: Float64Array; weights: Float64Array | null };
    neighborsSizeBytes(model: RawNeighbors): number;
    neighborsDispose(model: RawNeighbors): void;
  }
}

// In the order native code numbers them.
const metrics = ['euclidean', 'manhattan', 'cosine'];
const votes = ['uniform', 'distance'];

const definition: EstimatorDefinition = {
  id: 'k-nearest-neighbors',
  displayName: 'K nearest neighbours',
  description:
    'Keeps the training rows and asks those nearest to a new one: the shares of their classes, or the mean of their numbers. Exact, by brute force; equal distances go to the earlier row. A weight of a row multiplies its vote. Suits few rows and few features of alike scale (standardize them in the recipe); the model is as large as its data. Takes no missing values. Fix and Hodges, 1951.',
  tasks: ['classification', 'regression'],
  acceptsMissing: false,
  parameters: [
    {
      name: 'n_neighbors',
      type: 'integer',
      default: 5,
      min: 1,
      max: 1_000_000,
      help: 'How many rows are asked; all of them if there are fewer.',
    },
    {
      name: 'weights',
      type: 'choice',
      default: 'uniform',
      choices: votes,
      help: 'Whether all neighbours count alike or each by the inverse of its distance; at distance zero only those count.',
    },
    {
      name: 'metric',
      type: 'choice',
      default: 'euclidean',
      choices: metrics,
      help: 'How far rows are apart: the root of squared differences, the sum of differences, or one less the cosine of the angle.',
    },
  ],
};

/** K nearest neighbours: native/src/algorithms/neighbors.h. */
export const kNearestNeighbors: Estimator = {
  definition,

  async fit(request: CheckedFit, options: TaskOptions): Promise<Model> {
    const { features, target, rows, weights, classCount, parameters } = request;
    const { data, rowCount, columnCount } = features;
    const raw = {
      count: numberOf(parameters, 'n_neighbors'),
      metric: metrics.indexOf(choiceOf(parameters, 'metric')),
      byDistance: votes.indexOf(choiceOf(parameters, 'weights')),
    };
    const handle = await runTask(options, (control) =>
      addon.neighborsFit(data, rowCount, columnCount, rows, target, weights, classCount, raw, control),
    );
    return modelOf(handle, columnCount, classCount, raw);
  },

  load({ tensors, metadata }: ModelFile): Model {
    const featureCount = metadataInteger(metadata, 'feature_count', 1, maxColumns);
    const classCount = metadataInteger(metadata, 'class_count', 0, maxClasses);
    if (classCount === 1) throw new ModelError('metadata.class_count', classCount, 'must be 0 or at least 2');
    const raw = {
      count: metadataInteger(metadata, 'n_neighbors', 1, 1_000_000),
      metric: choiceIn(metadata, 'metric', metrics),
      byDistance: choiceIn(metadata, 'weights', votes),
    };
    const reader = new TensorReader(tensors);
    const rows = reader.take('rows', 'F32', [null, featureCount]);
    const rowCount = rows.length / featureCount;
    const target = reader.take('target', 'F64', [rowCount]);
    const weights = reader.has('weights') ? reader.take('weights', 'F64', [rowCount]) : null;
    reader.done();
    const handle = built(() => addon.neighborsCreate(rows, rowCount, featureCount, target, weights, classCount, raw));
    return modelOf(handle, featureCount, classCount, raw);
  },
};

function choiceIn(metadata: Readonly<Record<string, string>>, key: string, choices: readonly string[]): number {
  const index = choices.indexOf(metadata[key] ?? '');
  if (index < 0) throw new ModelError(`metadata.${key}`, metadata[key] ?? null, `must be one of ${choices.join(', ')}`);
  return index;
}

function modelOf(handle: RawNeighbors, featureCount: number, classCount: number, options: NeighborOptions): Model {
  const sizeBytes = addon.neighborsSizeBytes(handle);
  return nativeModel({
    estimator: definition.id,
    task: classCount === 0 ? 'regression' : 'classification',
    classCount,
    featureCount,
    acceptsMissing: false,
    importances: null,
    sizeBytes,
    // A difference and a product for each number of four bytes.
    operationsPerRow: sizeBytes / 2,
    handle,
    predict: addon.neighborsPredict,
    predictSync: addon.neighborsPredictSync,
    dispose: addon.neighborsDispose,
    file: (model) => fileOf(model, featureCount, classCount, options),
  });
}

function fileOf(handle: RawNeighbors, featureCount: number, classCount: number, options: NeighborOptions): ModelFile {
  const { rows, target, weights } = addon.neighborsArrays(handle);
  return {
    tensors: [
      tensorOf('rows', 'F32', [target.length, featureCount], rows),
      tensorOf('target', 'F64', [target.length], target),
      ...(weights === null ? [] : [tensorOf('weights', 'F64', [target.length], weights)]),
    ],
    metadata: {
      format: '1',
      estimator: definition.id,
      feature_count: String(featureCount),
      class_count: String(classCount),
      n_neighbors: String(options.count),
      metric: metrics[options.metric] ?? '',
      weights: votes[options.byDistance] ?? '',
    },
  };
}
