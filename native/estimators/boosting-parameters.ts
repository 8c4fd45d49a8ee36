import type { CheckedFit } from './estimator-definition.js';
import { EstimatorError } from './estimator-error.js';
import { booleanOf, choiceOf, numberOf, type ParameterDefinition, ParameterError } from './parameters.js';

/** Losses of regression in the order in which native code numbers them, from 2. */
const losses = ['squared_error', 'absolute_error', 'quantile', 'poisson', 'huber'];
const firstLoss = 2;

const dropping = [{ parameter: 'boosting', values: ['dart'] }];
const stopping = [{ parameter: 'early_stopping', values: ['true'] }];

/** What gradient boosting takes; names are those of scikit-learn's HistGradientBoosting, xgboost or LightGBM. */
export const boostingParameters: readonly ParameterDefinition[] = [
  {
    name: 'n_estimators',
    type: 'integer',
    default: 100,
    min: 1,
    max: 100_000,
    help: 'The rounds of boosting: trees, or with more than two classes trees per class.',
  },
  {
    name: 'learning_rate',
    type: 'double',
    default: 0.1,
    min: 0,
    minExclusive: true,
    max: 1000,
    help: 'What the values of leaves are multiplied by.',
  },
  {
    name: 'loss',
    type: 'choice',
    default: 'squared_error',
    choices: losses,
    help: 'What regression makes small; poisson predicts counts and rates, from targets >= 0; huber squares small errors and takes large ones as they are. Classification uses the logistic loss.',
  },
  {
    name: 'quantile',
    type: 'double',
    default: 0.5,
    min: 0,
    max: 1,
    onlyWith: [{ parameter: 'loss', values: ['quantile'] }],
    help: 'The quantile to predict; only with loss quantile.',
  },
  {
    name: 'huber_delta',
    type: 'double',
    default: 0,
    min: 0,
    max: 1e300,
    onlyWith: [{ parameter: 'loss', values: ['huber'] }],
    help: 'The error from which on the loss is not squared, in units of the target; 0 takes what nine tenths of the rows are at most away from their median. Only with loss huber.',
  },
  {
    name: 'boosting',
    type: 'choice',
    default: 'gbtree',
    choices: ['gbtree', 'dart'],
    help: 'dart leaves earlier rounds out of what a round corrects, so that no later one only mends the first (Rashmi and Gilad-Bachrach, DART, 2015); not with early_stopping.',
  },
  {
    name: 'rate_drop',
    type: 'double',
    default: 0.1,
    min: 0,
    max: 1,
    onlyWith: dropping,
    help: 'The chance of each earlier round to be left out; only with boosting dart.',
  },
  {
    name: 'skip_drop',
    type: 'double',
    default: 0.5,
    min: 0,
    max: 1,
    onlyWith: dropping,
    help: 'The chance of a round to leave none out; only with boosting dart.',
  },
  {
    name: 'grow_policy',
    type: 'choice',
    default: 'leaf',
    choices: ['leaf', 'depth'],
    help: 'Whether the leaf of the largest gain is split next, wherever it is, or all leaves of a level.',
  },
  {
    name: 'max_leaf_nodes',
    type: 'integer',
    default: 31,
    min: 0,
    max: 1_000_000,
    help: 'The most leaves of a tree; 0 for no limit.',
  },
  {
    name: 'max_depth',
    type: 'integer',
    default: 0,
    min: 0,
    max: 1_000_000,
    help: 'The most splits from root to leaf; 0 for no limit.',
  },
  {
    name: 'min_samples_leaf',
    type: 'integer',
    default: 20,
    min: 1,
    max: 1_000_000_000,
    help: 'The fewest rows on either side of a split.',
  },
  {
    name: 'min_child_weight',
    type: 'double',
    default: 1e-3,
    min: 0,
    max: 1e300,
    help: 'The least sum of second derivatives on either side of a split.',
  },
  {
    name: 'reg_lambda',
    type: 'double',
    default: 1,
    min: 0,
    max: 1e300,
    help: 'The penalty on the squares of leaf values.',
  },
  {
    name: 'reg_alpha',
    type: 'double',
    default: 0,
    min: 0,
    max: 1e300,
    help: 'The penalty on the absolute values of leaf values.',
  },
  {
    name: 'min_split_gain',
    type: 'double',
    default: 0,
    min: 0,
    max: 1e300,
    help: 'The gain a split must exceed: the sum over both sides of gradient^2 / (second derivative + reg_lambda), less that of the whole.',
  },
  {
    name: 'subsample',
    type: 'double',
    default: 1,
    min: 0,
    minExclusive: true,
    max: 1,
    help: 'The share of rows, drawn anew without replacement, that a round learns from.',
  },
  {
    name: 'colsample_bytree',
    type: 'double',
    default: 1,
    min: 0,
    minExclusive: true,
    max: 1,
    help: 'The share of features drawn for a tree, at least one.',
  },
  {
    name: 'colsample_bynode',
    type: 'double',
    default: 1,
    min: 0,
    minExclusive: true,
    max: 1,
    help: 'The share of the features of the tree drawn for a node, at least one.',
  },
  {
    name: 'max_bins',
    type: 'integer',
    default: 255,
    min: 2,
    max: 255,
    help: 'The most bins that the values of a feature are put into; missing values have their own.',
  },
  {
    name: 'early_stopping',
    type: 'boolean',
    default: false,
    help: 'Whether to hold rows out, stop when their loss no longer falls, and keep the best round.',
  },
  {
    name: 'validation_fraction',
    type: 'double',
    default: 0.1,
    min: 0,
    minExclusive: true,
    max: 0.9,
    onlyWith: stopping,
    help: 'The share of rows held out, of every class alike; only with early_stopping.',
  },
  {
    name: 'n_iter_no_change',
    type: 'integer',
    default: 10,
    min: 1,
    max: 100_000,
    onlyWith: stopping,
    help: 'The rounds without improvement after which to stop; only with early_stopping.',
  },
  {
    name: 'tol',
    type: 'double',
    default: 1e-7,
    min: 0,
    max: 1e300,
    onlyWith: stopping,
    help: 'The fall of the loss that counts as improvement; only with early_stopping.',
  },
  {
    name: 'class_weight',
    type: 'choice',
    default: 'none',
    choices: ['none', 'balanced'],
    help: 'balanced weighs each class by the inverse of its share; classification only.',
  },
];

/** The most trees of a model: rounds times classes. */
const maxTrees = 10_000_000;

/** The options native code takes. Throws ParameterError and EstimatorError for what does not go together. */
export function rawBoostingOptions(request: CheckedFit): Record<string, number> {
  const { parameters, classCount, rows, features, target, monotone, seed } = request;
  const loss = choiceOf(parameters, 'loss');
  const rounds = numberOf(parameters, 'n_estimators');
  const refuse = (name: string, bound: string): never => {
    throw new ParameterError(`parameters["${name}"]`, parameters[name], bound);
  };
  if (classCount > 0 && loss !== 'squared_error')
    refuse('loss', 'must not be given for classification: its loss is the logistic one');
  if (classCount === 0 && choiceOf(parameters, 'class_weight') !== 'none')
    refuse('class_weight', 'must be none for regression');
  if (classCount > 2 && rounds * classCount > maxTrees)
    refuse('n_estimators', `must be <= ${Math.floor(maxTrees / classCount)} for ${classCount} classes`);
  if (monotone?.some((direction) => direction !== 0) && (loss === 'absolute_error' || loss === 'quantile'))
    refuse('loss', 'must be squared_error, poisson or huber with monotone features');
  const rowCount = rows?.length ?? features.rowCount;
  const stops = booleanOf(parameters, 'early_stopping');
  const dart = choiceOf(parameters, 'boosting') === 'dart';
  // A later round scales those before it: there is no earlier model to go back to.
  if (stops && dart) refuse('early_stopping', 'must be false with boosting dart');
  const fraction = numberOf(parameters, 'validation_fraction');
  const held = Math.round(fraction * rowCount);
  if (stops && (held < 1 || held >= rowCount))
    refuse('validation_fraction', `must hold out at least one and not all of ${rowCount} rows`);
  if (loss === 'poisson') {
    for (let index = 0; index < rowCount; index++) {
      const row = rows === null ? index : (rows[index] as number);
      const value = target[row] as number;
      if (value < 0)
        throw new EstimatorError('INVALID_FIELD', `target[${row}]`, value, 'must be >= 0 for loss poisson');
    }
  }
  return {
    roundCount: rounds,
    learningRate: numberOf(parameters, 'learning_rate'),
    loss: losses.indexOf(loss) + firstLoss,
    quantile: numberOf(parameters, 'quantile'),
    huberDelta: numberOf(parameters, 'huber_delta'),
    dart: Number(dart),
    rateDrop: numberOf(parameters, 'rate_drop'),
    skipDrop: numberOf(parameters, 'skip_drop'),
    leafWise: Number(choiceOf(parameters, 'grow_policy') === 'leaf'),
    maxLeaves: numberOf(parameters, 'max_leaf_nodes'),
    maxDepth: numberOf(parameters, 'max_depth'),
    minRows: numberOf(parameters, 'min_samples_leaf'),
    minHessian: numberOf(parameters, 'min_child_weight'),
    lambda: numberOf(parameters, 'reg_lambda'),
    alpha: numberOf(parameters, 'reg_alpha'),
    minGain: numberOf(parameters, 'min_split_gain'),
    subsample: numberOf(parameters, 'subsample'),
    featuresPerTree: numberOf(parameters, 'colsample_bytree'),
    featuresPerNode: numberOf(parameters, 'colsample_bynode'),
    maxBins: numberOf(parameters, 'max_bins'),
    validationFraction: stops ? fraction : 0,
    patience: numberOf(parameters, 'n_iter_no_change'),
    tolerance: numberOf(parameters, 'tol'),
    seed,
  };
}
