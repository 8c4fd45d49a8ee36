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
  const explainer = treeExplainer(model);
  const { values } = await explainer.explain(matrix);
  const hash = createHash('sha256').update(values).update(explainer.baseValues);
  console.log(`${classCount} ${hash.digest('hex')}`);
}
