import { fitEstimator } from '../../../native/estimators/fit.js';
import { digestOf, twoClasses } from './data.js';

// Prints digests of models and of their predictions, for comparison between instruction sets.
const { features, target } = twoClasses(4000, 9);
const gaps = { ...features, data: features.data.map((x, index) => (index % 11 === 0 ? Number.NaN : x)) };
const three = target.map((value, row) => (row % 7 === 0 ? 2 : value));

const counts = { ...features, data: features.data.map(Math.abs) };

// Enough columns to be looked at one by one.
const wide = twoClasses(4000, 160);
const wideGaps = { ...wide.features, data: wide.features.data.map((x, index) => (index % 13 === 0 ? Number.NaN : x)) };
const ten = wide.target.map((value, row) => value + ((row * 31) % 5) * 2);

const cases = [
  ['random-forest', { n_estimators: 4 }, 'classification', wideGaps, ten, 10],
  ['random-forest', { n_estimators: 12 }, 'classification', features, target, 2],
  [
    'random-forest',
    { n_estimators: 12, class_weight: 'balanced', min_samples_leaf: 3 },
    'classification',
    gaps,
    target,
    2,
  ],
  ['random-forest', { n_estimators: 12 }, 'classification', gaps, three, 3],
  ['random-forest', { n_estimators: 12 }, 'regression', gaps, target, 0],
  ['gradient-boosting', { n_estimators: 12 }, 'classification', gaps, target, 2],
  ['gradient-boosting', { n_estimators: 6, grow_policy: 'depth' }, 'classification', gaps, three, 3],
  ['gradient-boosting', { n_estimators: 12, subsample: 0.5 }, 'regression', gaps, target, 0],
  ['gradient-boosting', { n_estimators: 8, boosting: 'dart', loss: 'huber' }, 'regression', gaps, target, 0],
  ['linear-regression', {}, 'regression', features, target, 0],
  ['linear-regression', {}, 'regression', wide.features, wide.target, 0],
  ['logistic-regression', {}, 'classification', features, three, 3],
  [
    'logistic-regression',
    { solver: 'rmsprop', learning_rate: 'cosine', max_iter: 5 },
    'classification',
    features,
    target,
    2,
  ],
  ['linear-regression', { penalty: 'elasticnet', alpha: 0.01 }, 'regression', features, target, 0],
  ['extra-trees', { n_estimators: 12 }, 'classification', gaps, three, 3],
  ['extra-trees', { n_estimators: 12 }, 'classification', features, target, 2],
  ['extra-trees', { n_estimators: 12, bootstrap: true, class_weight: 'balanced' }, 'classification', gaps, target, 2],
  ['linear-svm', {}, 'classification', features, three, 3],
  ['linear-svm', {}, 'classification', features, target, 2],
  ['linear-svm', { epsilon: 0.1 }, 'regression', features, target, 0],
  ['multinomial-naive-bayes', {}, 'classification', counts, three, 3],
  ['k-nearest-neighbors', { weights: 'distance' }, 'classification', features, three, 3],
  ['gaussian-naive-bayes', {}, 'classification', features, three, 3],
  ['k-means', { n_clusters: 9 }, 'clustering', features, new Float64Array(0), 0],
  ['logistic-regression', { solver: 'adam', max_iter: 5 }, 'classification', features, target, 2],
] as const;

for (const [estimator, parameters, task, matrix, wanted, classCount] of cases) {
  const model = await fitEstimator({
    estimator,
    parameters,
    task,
    features: matrix,
    target: wanted,
    classCount,
    seed: 5,
  });
  const out = await model.predict(matrix);
  const sum = out.reduce((total, value, index) => total + value * (index % 101), 0);
  console.log(`${estimator} ${classCount} ${digestOf(model)} ${sum}`);
}
