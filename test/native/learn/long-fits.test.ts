import test from 'ava';
import { type EstimatorFit, fitEstimator } from '../../../native/estimators/fit.js';
import { twoClasses } from './data.js';

// Enough work that it cannot be over before it is cancelled.
const { features, target } = twoClasses(20_000, 20);
const endless: Record<string, Pick<EstimatorFit, 'estimator' | 'parameters'>> = {
  'a forest': { estimator: 'random-forest', parameters: { n_estimators: 20_000 } },
  gd: { estimator: 'logistic-regression', parameters: { solver: 'gd', tol: 0, max_iter: 10_000_000 } },
  adam: {
    estimator: 'logistic-regression',
    parameters: { solver: 'adam', tol: 0, max_iter: 10_000_000, learning_rate_init: 1e-5 },
  },
  'a network': {
    estimator: 'neural-network',
    parameters: { tol: 0, max_iter: 1_000_000, n_iter_no_change: 1_000_000, batch_size: 1000 },
  },
  'a convolutional network': {
    estimator: 'convolutional-network',
    parameters: { image_height: 4, tol: 0, max_iter: 1_000_000, n_iter_no_change: 1_000_000 },
  },
  'extra trees': { estimator: 'extra-trees', parameters: { n_estimators: 20_000 } },
  'a support vector machine': {
    estimator: 'linear-svm',
    parameters: { loss: 'plain', C: 1000, tol: 0, max_iter: 10_000_000 },
  },
  'k-means': { estimator: 'k-means', parameters: { n_clusters: 300, n_init: 1000, tol: 0 } },
};

for (const [name, what] of Object.entries(endless)) {
  test.serial(`${name} reports rising progress and ends when its signal aborts`, async (t) => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const steps: number[] = [];
    await t.throwsAsync(
      fitEstimator({
        ...what,
        ...(what.estimator === 'k-means'
          ? { task: 'clustering', target: new Float64Array(0), classCount: 0 }
          : { task: 'classification', target, classCount: 2 }),
        features,
        seed: 0,
        signal: abort.signal,
        onProgress(step, total) {
          t.true(step <= total);
          steps.push(step);
          if (steps.length === 3) abort.abort(reason);
        },
      }),
      { is: reason },
    );
    t.true(steps.length >= 3);
    t.deepEqual(
      steps,
      steps.toSorted((a, b) => a - b),
    );
  });
}

test('progress ends with the last step', async (t) => {
  for (const [estimator, parameters] of [
    ['random-forest', { n_estimators: 5 }],
    ['logistic-regression', {}],
    ['neural-network', { max_iter: 2 }],
    ['extra-trees', { n_estimators: 5 }],
    ['linear-svm', {}],
    ['k-nearest-neighbors', {}],
    ['gaussian-naive-bayes', {}],
  ] as const) {
    const seen: [number, number][] = [];
    await fitEstimator({
      estimator,
      parameters,
      task: 'classification',
      features,
      target,
      classCount: 2,
      seed: 0,
      onProgress: (step, total) => seen.push([step, total]),
    });
    const [step, total] = seen.at(-1) ?? t.fail();
    t.is(step, total);
  }
});

test('a signal that has aborted starts nothing', async (t) => {
  const reason = new Error('never');
  await t.throwsAsync(
    fitEstimator({
      estimator: 'random-forest',
      parameters: {},
      task: 'classification',
      features,
      target,
      classCount: 2,
      seed: 0,
      signal: AbortSignal.abort(reason),
    }),
    { is: reason },
  );
});
