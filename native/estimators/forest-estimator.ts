import './raw.js';
import { addon } from '../addon.js';
import { runTask, type TaskOptions } from '../cancel.js';
import { maxClasses, maxColumns } from './checks.js';
import type { CheckedFit, Estimator, EstimatorDefinition, EstimatorId } from './estimator-definition.js';
import type { Model, ModelFile } from './model.js';
import { ModelError } from './model-error.js';
import { nativeModel } from './native-model.js';
import { unpackForest } from './packed-forest.js';
import { booleanOf, choiceOf, numberOf, ParameterError, type ParameterValue } from './parameters.js';
import type { RawForest, RawForestArrays } from './raw.js';
import { built, metadataInteger, TensorReader, tensorOf } from './tensors.js';
import { keepTrees } from './trees-handle.js';

const tensorNames = {
  treeStart: 'tree_start',
  feature: 'feature',
  threshold: 'threshold',
  child: 'child',
  missingLeft: 'missing_left',
  values: 'values',
  importances: 'importances',
  cover: 'cover',
} as const;

/** An estimator of many trees: grown by native/src/algorithms/forest.h, scored by forest_score.h. */
export function forestEstimator(
  definition: EstimatorDefinition,
  { randomSplits }: { randomSplits: boolean },
): Estimator {
  return {
    definition,

    async fit(request: CheckedFit, options: TaskOptions): Promise<Model> {
      const { features, target, rows, weights, classCount, parameters, seed } = request;
      const balanced = choiceOf(parameters, 'class_weight') === 'balanced';
      if (balanced && classCount === 0) {
        throw new ParameterError('parameters["class_weight"]', 'balanced', 'must be none for regression');
      }
      const raw = {
        treeCount: numberOf(parameters, 'n_estimators'),
        maxDepth: numberOf(parameters, 'max_depth'),
        minSamplesSplit: numberOf(parameters, 'min_samples_split'),
        minSamplesLeaf: numberOf(parameters, 'min_samples_leaf'),
        featuresPerSplit: featuresPerSplit(parameters, features.columnCount, classCount),
        bootstrap: Number(booleanOf(parameters, 'bootstrap')),
        balanced: Number(balanced),
        minImpurityDecrease: numberOf(parameters, 'min_impurity_decrease'),
        randomSplits: Number(randomSplits),
        maxBins: numberOf(parameters, 'max_bins'),
        seed,
      };
      const { data, rowCount, columnCount } = features;
      const handle = await runTask(options, (control) =>
        addon.forestFit(data, rowCount, columnCount, rows, target, weights, classCount, raw, control),
      );
      return modelOf(definition.id, handle, columnCount, classCount);
    },

    load({ tensors, metadata }: ModelFile): Model {
      const featureCount = metadataInteger(metadata, 'feature_count', 1, maxColumns);
      const classCount = metadataInteger(metadata, 'class_count', 0, maxClasses);
      if (classCount === 1) throw new ModelError('metadata.class_count', classCount, 'must be 0 or at least 2');
      const valueCount = Math.max(1, classCount);
      const reader = new TensorReader(tensors);
      const packed = metadata.encoding === 'packed';
      if (!packed && metadata.encoding !== undefined)
        throw new ModelError('metadata.encoding', metadata.encoding, 'must be packed, or not there');
      const shape = { featureCount, valueCount };
      const arrays = packed ? unpackForest(reader, shape) : plainArrays(reader, shape);
      reader.done();
      const { treeStart, feature, threshold, child, missingLeft, values, importances, cover } = arrays;
      const handle = built(() =>
        addon.forestCreate(
          featureCount,
          valueCount,
          treeStart,
          feature,
          threshold,
          child,
          missingLeft,
          values,
          importances,
          cover,
        ),
      );
      return modelOf(definition.id, handle, featureCount, classCount);
    },
  };
}

function plainArrays(
  reader: TensorReader,
  { featureCount, valueCount }: { featureCount: number; valueCount: number },
): RawForestArrays {
  const treeStart = reader.take(tensorNames.treeStart, 'U32', [null]);
  const feature = reader.take(tensorNames.feature, 'I32', [null]);
  const nodes = [feature.length];
  return {
    featureCount,
    valueCount,
    treeStart,
    feature,
    threshold: reader.take(tensorNames.threshold, 'F32', nodes),
    child: reader.take(tensorNames.child, 'I32', nodes),
    missingLeft: reader.take(tensorNames.missingLeft, 'U8', nodes),
    values: reader.take(tensorNames.values, 'F32', [null, valueCount]),
    importances: reader.take(tensorNames.importances, 'F64', [featureCount]),
    // Files written before covers were kept have none: they score, but cannot be explained.
    cover: reader.has(tensorNames.cover) ? reader.take(tensorNames.cover, 'F32', nodes) : null,
  };
}

function featuresPerSplit(
  parameters: Readonly<Record<string, ParameterValue>>,
  columns: number,
  classCount: number,
): number {
  const choice = choiceOf(parameters, 'max_features');
  const named = choice === 'auto' ? (classCount > 0 ? 'sqrt' : 'all') : choice;
  // Rounded down, and at least one, as scikit-learn does.
  if (named === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(columns)));
  if (named === 'log2') return Math.max(1, Math.floor(Math.log2(columns)));
  if (named === 'fraction') return Math.max(1, Math.floor(numberOf(parameters, 'max_features_fraction') * columns));
  return columns;
}

function modelOf(estimator: EstimatorId, handle: RawForest, featureCount: number, classCount: number): Model {
  const model = nativeModel({
    estimator,
    task: classCount === 0 ? 'regression' : 'classification',
    classCount,
    featureCount,
    acceptsMissing: true,
    importances: addon.forestImportances(handle),
    sizeBytes: addon.forestSizeBytes(handle),
    handle,
    predict: addon.forestPredict,
    predictSync: addon.forestPredictSync,
    dispose: addon.forestDispose,
    file: (forest) => fileOf(estimator, forest),
  });
  return keepTrees(model, { kind: 'forest', forest: handle });
}

function fileOf(estimator: EstimatorId, handle: RawForest): ModelFile {
  const arrays = addon.forestArrays(handle);
  const { featureCount, valueCount, treeStart, feature, threshold, child, missingLeft, values, importances, cover } =
    arrays;
  const nodes = [feature.length];
  return {
    tensors: [
      tensorOf(tensorNames.treeStart, 'U32', [treeStart.length], treeStart),
      tensorOf(tensorNames.feature, 'I32', nodes, feature),
      tensorOf(tensorNames.threshold, 'F32', nodes, threshold),
      tensorOf(tensorNames.child, 'I32', nodes, child),
      tensorOf(tensorNames.missingLeft, 'U8', nodes, missingLeft),
      tensorOf(tensorNames.values, 'F32', [values.length / valueCount, valueCount], values),
      tensorOf(tensorNames.importances, 'F64', [featureCount], importances),
      ...(cover === null ? [] : [tensorOf(tensorNames.cover, 'F32', nodes, cover)]),
    ],
    metadata: {
      format: '1',
      estimator,
      feature_count: String(featureCount),
      class_count: String(valueCount === 1 ? 0 : valueCount),
    },
  };
}
