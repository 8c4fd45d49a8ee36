import test from 'ava';
import { classificationMetrics } from '../../../native/metrics/classification-metrics.js';
import { regressionMetrics } from '../../../native/metrics/regression-metrics.js';

const named = (metrics: { name: string; value: number }[]) =>
  Object.fromEntries(metrics.map(({ name, value }) => [name, Number(value.toFixed(10))]));

test('metrics of two classes are those worked out by hand', (t) => {
  // Predicted 0 0 1 1 against 0 1 1 1; scores of class 1 are 0.1, 0.4, 0.6, 0.9.
  const metrics = named(classificationMetrics([0.9, 0.1, 0.6, 0.4, 0.4, 0.6, 0.1, 0.9], [0, 1, 1, 1], 2));
  t.is(metrics['accuracy'], 0.75);
  t.is(metrics['precision_macro'], 0.75);
  t.is(metrics['recall_macro'], 0.8333333333);
  t.is(metrics['f1_macro'], 0.7333333333);
  t.is(metrics['log_loss'], Number((-(Math.log(0.9) + Math.log(0.4) + Math.log(0.6) + Math.log(0.9)) / 4).toFixed(10)));
  t.is(metrics['roc_auc'], 1);
});

test('tied scores count half in roc_auc, and one class alone has none', (t) => {
  t.is(named(classificationMetrics([0.5, 0.5, 0.5, 0.5], [0, 1], 2))['roc_auc'], 0.5);
  t.false('roc_auc' in named(classificationMetrics([1, 0, 1, 0], [0, 0], 2)));
});

test('regression metrics follow their definitions, at a constant target too', (t) => {
  t.deepEqual(named(regressionMetrics([2, 4], [1, 3])), { rmse: 1, mae: 1, r2: 0 });
  t.is(named(regressionMetrics([3, 3], [3, 3]))['r2'], 1);
  t.is(named(regressionMetrics([3, 4], [3, 3]))['r2'], 0);
  t.false('r2' in named(regressionMetrics([3], [3])));
});
