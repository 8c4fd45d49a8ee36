import type { ParameterDefinition } from './parameters.js';

/** The parameters of forests; `bootstrap` is the default of that one. */
export function forestParameters({ bootstrap }: { bootstrap: boolean }): readonly ParameterDefinition[] {
  return [
    { name: 'n_estimators', type: 'integer', default: 100, min: 1, max: 100_000, help: 'How many trees to grow.' },
    {
      name: 'max_depth',
      type: 'integer',
      default: 0,
      min: 0,
      max: 1_000_000,
      help: 'The most splits from root to leaf; 0 for no limit.',
    },
    {
      name: 'min_samples_split',
      type: 'integer',
      default: 2,
      min: 2,
      max: 1_000_000_000,
      help: 'The fewest rows a node must have to be split, each counted as often as the tree drew it.',
    },
    {
      name: 'min_samples_leaf',
      type: 'integer',
      default: 1,
      min: 1,
      max: 1_000_000_000,
      help: 'The fewest rows on either side of a split, each counted as often as the tree drew it.',
    },
    {
      name: 'max_features',
      type: 'choice',
      default: 'auto',
      choices: ['auto', 'sqrt', 'log2', 'all', 'fraction'],
      help: 'How many features are tried per split: the square root or logarithm of their number, all, or max_features_fraction of them; auto is sqrt for classification and all for regression.',
    },
    {
      name: 'max_features_fraction',
      type: 'double',
      default: 1,
      min: 0,
      minExclusive: true,
      max: 1,
      onlyWith: [{ parameter: 'max_features', values: ['fraction'] }],
      help: 'The share of features tried per split; only with max_features fraction.',
    },
    {
      name: 'bootstrap',
      type: 'boolean',
      default: bootstrap,
      help: 'Whether each tree draws as many rows as there are, with replacement; otherwise it sees all.',
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
      name: 'min_impurity_decrease',
      type: 'double',
      default: 0,
      min: 0,
      max: 1e300,
      help: "The least by which a split must lower the tree's impurity: Gini's, or the mean squared error.",
    },
    {
      name: 'class_weight',
      type: 'choice',
      default: 'none',
      choices: ['none', 'balanced'],
      help: 'balanced weighs each class by the inverse of its share; classification only.',
    },
  ];
}
