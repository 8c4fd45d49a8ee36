import { createHash } from 'node:crypto';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { treeExplainer } from '../../../native/explain/tree-shap.js';
import { twoClasses } from '../learn/data.js';

// Prints digests of contributions, for comparison between instruction sets.
const { features, target } = twoClasses(500, 7);
const gaps = { ...features, data: features.data.map((x, index) => (index % 11 === 0 ? Number.NaN : x)) };
const three = target.map((value, row) => (row % 7 === 0 ? 2 : value));

for (const [matrix, wanted, classCount] of [
  [features, target, 0],
  [gaps, target, 2],
  [gaps, three, 3],
] as const) {
  const model = await fitEstimator({
    estimator: 'random-forest',
    parameters: { n_estimators: 12 },
    task: classCount === 0 ? 'regression' : 'classification',
    features: matrix,
    target: wanted,
    classCount,
    seed: 5,
  });
  const explainer = await treeExplainer(model);
  const { values } = await explainer.explain(matrix);
  const hash = createHash('sha256').update(values).update(explainer.baseValues);
  console.log(`forest ${classCount} ${hash.digest('hex')}`);
}

const categories = { ...gaps, data: gaps.data.map((x, index) => (index % 7 === 6 ? Math.floor(Math.abs(x) * 9) : x)) };
for (const [matrix, wanted, classCount] of [
  [features, target, 0],
  [categories, target, 2],
  [categories, three, 3],
] as const) {
  const model = await fitEstimator({
    estimator: 'gradient-boosting',
    parameters: { n_estimators: 12 },
    task: classCount === 0 ? 'regression' : 'classification',
    features: matrix,
    target: wanted,
    classCount,
    categorical: matrix === categories ? Uint8Array.of(0, 0, 0, 0, 0, 0, 1) : null,
    seed: 5,
  });
  const explainer = await treeExplainer(model);
  const { values } = await explainer.explain(matrix);
  const hash = createHash('sha256').update(values).update(explainer.baseValues);
  console.log(`boosting ${classCount} ${hash.digest('hex')}`);
}
