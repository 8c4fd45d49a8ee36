import './raw.js';
import { addon } from '../addon.js';
import { runTask, type TaskOptions } from '../cancel.js';
import { type BoostingTrees, unpackBoosting } from './boosted-trees.js';
import { boostingParameters, rawBoostingOptions } from './boosting-parameters.js';
import { maxClasses, maxColumns } from './checks.js';
import type { CheckedFit, Estimator, EstimatorDefinition } from './estimator-definition.js';
import type { Model, ModelFile } from './model.js';
import { ModelError } from './model-error.js';
import { nativeModel } from './native-model.js';
import { choiceOf } from './parameters.js';
import type { RawBoosting } from './raw.js';
import { balancedWeights } from './sample-weights.js';
import { built, metadataInteger, TensorReader, tensorOf } from './tensors.js';
import { keepTrees } from './trees-handle.js';

const definition: EstimatorDefinition = {
  id: 'gradient-boosting',
  displayName: 'Gradient boosting',
  description:
    'Small trees grown one after another, each on what the sum of those before it gets wrong; usually the most accurate on tables. Needs no scaling and takes missing values, which go to the side that explains more. Friedman, Greedy function approximation, 2001, with second derivatives (Chen and Guestrin, XGBoost, 2016) and integer histograms (Shi et al., Quantized training of gradient boosting decision trees, 2022).',
  tasks: ['classification', 'regression'],
  acceptsMissing: true,
  acceptsCategorical: true,
  acceptsMonotone: true,
  resumable: true,
  parameters: boostingParameters,
};

const tensorNames = {
  base: 'base',
  treeStart: 'tree_start',
  feature: 'feature',
  threshold: 'threshold',
  child: 'child',
  missingLeft: 'missing_left',
  values: 'values',
  importances: 'importances',
  cover: 'cover',
  categorySet: 'category_set',
  sets: 'sets',
  categoriesStart: 'categories_start',
  categories: 'categories',
} as const;

/** How scores become predictions, in the order in which native code numbers regression's. */
const links = ['identity', 'exp'];

/** Gradient boosting: native/src/algorithms/boosting.h, scored by boost_score.h. */
export const gradientBoosting: Estimator = {
  definition,

  async fit(request: CheckedFit, options: TaskOptions): Promise<Model> {
    const raw = rawBoostingOptions(request);
    const { features, target, rows, classCount, parameters, categorical, monotone } = request;
    const balanced = choiceOf(parameters, 'class_weight') === 'balanced';
    const weights = balanced ? balancedWeights(request) : request.weights;
    const { data, rowCount, columnCount } = features;
    const handle = await runTask(options, (control) =>
      addon.boostingFit(
        data,
        rowCount,
        columnCount,
        rows,
        target,
        weights,
        classCount,
        raw,
        categorical,
        monotone,
        control,
      ),
    );
    return modelOf(handle, columnCount, classCount, classCount === 0 && parameters.loss === 'poisson' ? 1 : 0);
  },

  load({ tensors, metadata }: ModelFile): Model {
    const featureCount = metadataInteger(metadata, 'feature_count', 1, maxColumns);
    const classCount = metadataInteger(metadata, 'class_count', 0, maxClasses);
    if (classCount === 1) throw new ModelError('metadata.class_count', classCount, 'must be 0 or at least 2');
    const link = classCount > 0 ? 0 : links.indexOf(metadata.link ?? '');
    if (link < 0) throw new ModelError('metadata.link', metadata.link ?? null, `must be one of ${links.join(', ')}`);
    const arrays = readBoosting({ tensors, metadata });
    const { base, treeStart, feature, threshold, child, missingLeft, values, importances, cover } = arrays;
    const { categorySet, sets, categoriesStart, categories } = arrays;
    const handle = built(() =>
      addon.boostingCreate(
        featureCount,
        classCount,
        link,
        base,
        treeStart,
        feature,
        threshold,
        child,
        missingLeft,
        values,
        importances,
        cover,
        categorySet,
        sets,
        categoriesStart,
        categories,
      ),
    );
    return modelOf(handle, featureCount, classCount, link);
  },
};

/** The arrays of a model's file, plain or packed. Throws ModelError. */
export function readBoosting({ tensors, metadata }: ModelFile): BoostingTrees {
  const featureCount = metadataInteger(metadata, 'feature_count', 1, maxColumns);
  const classCount = metadataInteger(metadata, 'class_count', 0, maxClasses);
  const shape = { featureCount, outputs: classCount > 2 ? classCount : 1 };
  const packed = metadata.encoding === 'packed';
  if (!packed && metadata.encoding !== undefined)
    throw new ModelError('metadata.encoding', metadata.encoding, 'must be packed, or not there');
  const reader = new TensorReader(tensors);
  const arrays = packed ? unpackBoosting(reader, shape) : plainBoosting(reader, shape);
  reader.done();
  return arrays;
}

function plainBoosting(
  reader: TensorReader,
  { featureCount, outputs }: { featureCount: number; outputs: number },
): BoostingTrees {
  const base = reader.take(tensorNames.base, 'F64', [outputs]);
  const treeStart = reader.take(tensorNames.treeStart, 'U32', [null]);
  const feature = reader.take(tensorNames.feature, 'I32', [null]);
  const nodes = [feature.length];
  // Only models with categorical splits have sets.
  const some = reader.has(tensorNames.sets);
  return {
    featureCount,
    base,
    treeStart,
    feature,
    threshold: reader.take(tensorNames.threshold, 'F32', nodes),
    child: reader.take(tensorNames.child, 'I32', nodes),
    missingLeft: reader.take(tensorNames.missingLeft, 'U8', nodes),
    values: reader.take(tensorNames.values, 'F32', [null]),
    importances: reader.take(tensorNames.importances, 'F64', [featureCount]),
    // Models of other libraries need not tell: they score, but cannot be explained.
    cover: reader.has(tensorNames.cover) ? reader.take(tensorNames.cover, 'F32', nodes) : null,
    categorySet: some ? reader.take(tensorNames.categorySet, 'I32', nodes) : null,
    sets: some ? reader.take(tensorNames.sets, 'U32', [null, 8]) : null,
    categoriesStart: some ? reader.take(tensorNames.categoriesStart, 'U32', [featureCount + 1]) : null,
    categories: some ? reader.take(tensorNames.categories, 'F32', [null]) : null,
  };
}

/** `link` numbers regression's; of no meaning for classes. */
function modelOf(handle: RawBoosting, featureCount: number, classCount: number, link: number): Model {
  const model = nativeModel({
    estimator: definition.id,
    task: classCount === 0 ? 'regression' : 'classification',
    classCount,
    featureCount,
    acceptsMissing: true,
    importances: addon.boostingImportances(handle),
    sizeBytes: addon.boostingSizeBytes(handle),
    handle,
    predict: addon.boostingPredict,
    predictSync: addon.boostingPredictSync,
    dispose: addon.boostingDispose,
    file: fileOf,
  });
  return keepTrees(model, { kind: 'boosting', boosting: handle, logarithmic: links[link] === 'exp' });
}

function fileOf(handle: RawBoosting): ModelFile {
  const arrays = addon.boostingArrays(handle);
  const { featureCount, classCount, treeStart, feature, values, cover } = arrays;
  const { categorySet, sets, categoriesStart, categories } = arrays;
  const nodes = [feature.length];
  const some = categorySet !== null && sets !== null && categoriesStart !== null && categories !== null;
  return {
    tensors: [
      tensorOf(tensorNames.base, 'F64', [arrays.base.length], arrays.base),
      tensorOf(tensorNames.treeStart, 'U32', [treeStart.length], treeStart),
      tensorOf(tensorNames.feature, 'I32', nodes, feature),
      tensorOf(tensorNames.threshold, 'F32', nodes, arrays.threshold),
      tensorOf(tensorNames.child, 'I32', nodes, arrays.child),
      tensorOf(tensorNames.missingLeft, 'U8', nodes, arrays.missingLeft),
      tensorOf(tensorNames.values, 'F32', [values.length], values),
      tensorOf(tensorNames.importances, 'F64', [featureCount], arrays.importances),
      ...(cover === null ? [] : [tensorOf(tensorNames.cover, 'F32', nodes, cover)]),
      ...(some
        ? [
            tensorOf(tensorNames.categorySet, 'I32', nodes, categorySet),
            tensorOf(tensorNames.sets, 'U32', [sets.length / 8, 8], sets),
            tensorOf(tensorNames.categoriesStart, 'U32', [featureCount + 1], categoriesStart),
            tensorOf(tensorNames.categories, 'F32', [categories.length], categories),
          ]
        : []),
    ],
    metadata: {
      format: '1',
      estimator: definition.id,
      feature_count: String(featureCount),
      class_count: String(classCount),
      ...(classCount === 0 ? { link: links[arrays.link] ?? 'identity' } : {}),
    },
  };
}
