import test, { type ExecutionContext } from 'ava';
import type { ExplainRequest, ExplainResponse__Output } from '../../proto/gen/tenon/serving/v1/index.js';
import { TenonError } from '../../services/mesh/errors.js';
import { deployExplained, type explainedBundle, recordOf, rowOf, trainingRows } from './explained-bundle.js';
import { refusal, soon } from './serving-harness.js';

const records = trainingRows.slice(0, 40).map(recordOf);

async function served(t: ExecutionContext, ...bundle: Parameters<typeof explainedBundle>) {
  const { version, deployment, predictions } = await deployExplained(t, ...bundle);
  return {
    deployment,
    version,
    predictions,
    explain: (request: ExplainRequest) => predictions.explain({ deployment, records, ...request }, soon),
    predict: () => predictions.predict({ deployment, records }, soon),
  };
}

const softmax = (scores: readonly number[]) => {
  const powers = scores.map((score) => Math.exp(score - Math.max(...scores)));
  return powers.map((power) => power / powers.reduce((a, b) => a + b));
};
const logistic = (odds: number) => 1 / (1 + Math.exp(-odds));
const normalized = (shares: readonly number[]) => shares.map((share) => share / shares.reduce((a, b) => a + b));
const same = (outputs: readonly number[]) => outputs;

/** How the outputs that are explained, of all classes, become what Predict answers. */
const estimators = [
  ['random-forest', 0, 'VALUE', 'TREE_SHAP', same],
  ['random-forest', 3, 'PROBABILITY', 'TREE_SHAP', same],
  ['extra-trees', 2, 'PROBABILITY', 'TREE_SHAP', same],
  ['gradient-boosting', 0, 'VALUE', 'TREE_SHAP', same],
  ['gradient-boosting', 2, 'LOG_ODDS', 'TREE_SHAP', (odds: readonly number[]) => odds.map(logistic)],
  ['gradient-boosting', 3, 'SCORE', 'TREE_SHAP', softmax],
  ['linear-regression', 0, 'VALUE', 'LINEAR_SHAP', same],
  ['logistic-regression', 2, 'LOG_ODDS', 'LINEAR_SHAP', (odds: readonly number[]) => odds.map(logistic)],
  ['logistic-regression', 3, 'SCORE', 'LINEAR_SHAP', softmax],
  ['multinomial-naive-bayes', 3, 'SCORE', 'LINEAR_SHAP', softmax],
  ['linear-svm', 3, 'LOG_ODDS', 'LINEAR_SHAP', (odds: readonly number[]) => normalized(odds.map(logistic))],
  ['gaussian-naive-bayes', 3, 'PROBABILITY', 'SAMPLING', same],
  ['k-nearest-neighbors', 0, 'VALUE', 'SAMPLING', same],
] as const;

const near = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));

function checkSums(t: ExecutionContext, { explanations, names }: ExplainResponse__Output): void {
  for (const { outputs } of explanations) {
    for (const { output, baseValue, contributions, rest, indices } of outputs) {
      t.is(contributions.length, indices.length === 0 ? names.length : indices.length);
      t.true(
        near(
          contributions.reduce((sum, each) => sum + each, baseValue + rest),
          output,
        ),
      );
    }
  }
}

for (const [estimator, classCount, space, method, predictedFrom] of estimators) {
  test.serial(`Explain sums to what Predict answers: ${estimator} of ${classCount} classes`, async (t) => {
    const { explain, predict, version } = await served(t, estimator, classCount);
    const asked = method === 'SAMPLING' ? { method: 'EXPLANATION_METHOD_SAMPLING' as const } : {};
    const all = await explain({ ...asked, allClasses: true });
    const { predictions, classes } = await predict();
    t.like(all, {
      modelVersion: version,
      space: `EXPLANATION_SPACE_${space}`,
      method: `EXPLANATION_METHOD_${method}`,
      names: ['bill', 'mass', 'island'],
      classes,
    });
    t.is(all.explanations.length, records.length);
    checkSums(t, all);
    for (const [row, { prediction, outputs }] of all.explanations.entries()) {
      t.deepEqual(prediction, predictions[row]);
      t.deepEqual(
        outputs.map((output) => output.class),
        classCount === 0 ? [''] : classes,
      );
      const answers =
        classCount === 0
          ? [predictions[row]?.value?.doubleValue ?? Number.NaN]
          : (predictions[row]?.probabilities ?? []);
      predictedFrom(outputs.map(({ output }) => output)).forEach((value, index) => {
        t.true(near(value, answers[index] ?? Number.NaN), `row ${row}: ${value} against ${answers[index]}`);
      });
    }
    // By default the class predicted alone.
    const one = await explain(asked);
    for (const [row, { prediction, outputs }] of one.explanations.entries()) {
      const chosen = classCount === 0 ? 0 : classes.indexOf(prediction?.value?.stringValue ?? '');
      t.deepEqual(outputs, [all.explanations[row]?.outputs[chosen]]);
    }
    if (method === 'SAMPLING') {
      t.deepEqual(await explain({ ...asked, allClasses: true }), all, 'the same orders are drawn every time');
      t.deepEqual((await explain({ ...asked, records: records.slice(7, 8) })).explanations[0], one.explanations[7]);
      return;
    }
    // Features of one column add up to it.
    const features = await explain({ granularity: 'EXPLANATION_GRANULARITY_FEATURE', allClasses: true });
    t.deepEqual(features.names, ['bill', 'mass', 'island=Biscoe', 'island=Dream', 'island=Torgersen']);
    checkSums(t, features);
    for (const [row, { outputs }] of features.explanations.entries()) {
      for (const [index, { contributions }] of outputs.entries()) {
        const columns = all.explanations[row]?.outputs[index]?.contributions ?? [];
        t.deepEqual(contributions.slice(0, 2), columns.slice(0, 2));
        t.true(
          near(
            contributions.slice(2).reduce((a, b) => a + b),
            columns[2] ?? Number.NaN,
          ),
        );
      }
    }
  });
}

test.serial('Explain answers records and typed rows alike, many as it answers one', async (t) => {
  const { explain, deployment, predictions } = await served(t, 'gradient-boosting', 3);
  const rows = trainingRows.slice(0, 40).map(rowOf);
  const plain = await explain({});
  t.deepEqual(await predictions.explain({ deployment, rows }, soon), plain);
  const many = Array.from({ length: 3000 }, (_, index) => records[index % 40] ?? {});
  const { explanations } = await explain({ records: many });
  t.is(explanations.length, 3000);
  for (const index of [0, 255, 256, 1999, 2999]) t.deepEqual(explanations[index], plain.explanations[index % 40]);
});

test.serial('Explain tells the largest contributions and sums the rest', async (t) => {
  const { explain } = await served(t, 'random-forest', 3);
  const all = await explain({});
  const some = await explain({ limit: 2 });
  checkSums(t, some);
  for (const [row, { outputs }] of some.explanations.entries()) {
    const [whole] = all.explanations[row]?.outputs ?? [];
    const { indices = [], contributions, rest } = outputs[0] ?? {};
    const sizes = whole?.contributions.map(Math.abs) ?? [];
    t.deepEqual(
      indices.map((index) => sizes[index]),
      [...sizes].sort((a, b) => b - a).slice(0, 2),
    );
    t.deepEqual(
      contributions,
      indices.map((index) => whole?.contributions[index]),
    );
    const left = [0, 1, 2].find((index) => !indices.includes(index)) ?? -1;
    t.is(rest, whole?.contributions[left]);
  }
  t.deepEqual((await explain({ limit: 3 })).explanations, all.explanations, 'none is left out');
});

test.serial('Explain refuses rows as Predict does, and what it does not know', async (t) => {
  const { explain, deployment, predictions } = await served(t, 'random-forest', 0, { n_estimators: 3 });
  const good = records[0] ?? {};
  const without = { fields: { bill: { numberValue: 40 }, mass: { numberValue: 4000 } } };
  for (const bad of [
    without,
    recordOf([40, 4000, 'Mars']),
    recordOf([Number.NaN, 4000, 'Dream']),
    { fields: { ...recordOf([40, 4000, 'Dream']).fields, colour: { stringValue: 'red' } } },
    { fields: { ...recordOf([40, 4000, 'Dream']).fields, mass: { stringValue: 'heavy' } } },
  ]) {
    const request = { deployment, records: [good, bad] };
    const refused = await refusal(predictions.predict(request, soon));
    t.truthy(refused);
    t.deepEqual(await refusal(predictions.explain(request, soon)), refused);
  }
  // The row is told by its place in the request, not in a slice of it.
  const many = Array.from({ length: 600 }, (_, index) => (index === 599 ? without : good));
  t.deepEqual(await refusal(explain({ records: many })), ['MISSING_COLUMN', 'records[599].fields["island"]']);
  const refused = async (request: ExplainRequest) => await refusal(explain(request));
  t.deepEqual(await refused({ records: [] }), ['INVALID_FIELD', 'records']);
  t.deepEqual(await refused({ rows: [rowOf([40, 4000, 'Dream'])] }), ['INVALID_FIELD', 'rows']);
  t.deepEqual(await refused({ records: Array.from({ length: 10_001 }, () => ({})) }), ['INVALID_FIELD', 'records']);
  const sampled = { method: 'EXPLANATION_METHOD_SAMPLING' as const };
  t.deepEqual(await refused({ ...sampled, records: Array.from({ length: 1001 }, () => good) }), [
    'INVALID_FIELD',
    'records',
  ]);
  t.deepEqual(await refused({ limit: -1 }), ['INVALID_FIELD', 'limit']);
  t.deepEqual(await refused({ method: 9 as never }), ['INVALID_FIELD', 'method']);
  t.deepEqual(await refused({ granularity: 9 as never }), ['INVALID_FIELD', 'granularity']);
  for (const wrong of ['', 'deployments/A']) {
    t.deepEqual(await refused({ deployment: wrong }), ['INVALID_FIELD', 'deployment']);
  }
  t.deepEqual(await refused({ deployment: 'deployments/none' }), ['RESOURCE_NOT_FOUND', undefined]);
});

test.serial('Explain says of which estimator there is no exact explanation, and what explains it', async (t) => {
  const { explain } = await served(t, 'gaussian-naive-bayes', 2);
  const error = await t.throwsAsync(explain({}), { instanceOf: TenonError });
  t.is(error?.reason, 'EXPLANATION_UNSUPPORTED');
  t.is(
    error?.message,
    'gaussian-naive-bayes: has no exact explanation; method EXPLANATION_METHOD_SAMPLING explains any model',
  );
  t.like(error?.facts, { estimator: 'gaussian-naive-bayes' });
  t.deepEqual(await refusal(explain({ method: 'EXPLANATION_METHOD_TREE_SHAP' })), [
    'EXPLANATION_UNSUPPORTED',
    undefined,
  ]);
  t.is(await refusal(explain({ method: 'EXPLANATION_METHOD_SAMPLING' })), null);
});

test.serial('Explain refuses another exact method than the estimator has', async (t) => {
  const { explain } = await served(t, 'logistic-regression', 2);
  const error = await t.throwsAsync(explain({ method: 'EXPLANATION_METHOD_TREE_SHAP' }), { instanceOf: TenonError });
  t.is(error?.reason, 'EXPLANATION_UNSUPPORTED');
  t.regex(error?.message ?? '', /^logistic-regression: is explained by EXPLANATION_METHOD_LINEAR_SHAP;/);
  t.is(await refusal(explain({ method: 'EXPLANATION_METHOD_LINEAR_SHAP' })), null);
});

test.serial('by sampling a linear model is explained exactly, from the parity rows', async (t) => {
  const { explain } = await served(t, 'linear-regression', 0);
  const exact = await explain({});
  const sampled = await explain({ method: 'EXPLANATION_METHOD_SAMPLING' });
  // Both lack the mean of another background; the differences between two rows do not.
  const contributionsOf = ({ explanations }: ExplainResponse__Output, row: number) =>
    explanations[row]?.outputs[0]?.contributions ?? [];
  for (let row = 1; row < records.length; row++) {
    for (const column of [0, 1, 2]) {
      const [a, b] = [exact, sampled].map(
        (answer) =>
          (contributionsOf(answer, row)[column] ?? Number.NaN) - (contributionsOf(answer, 0)[column] ?? Number.NaN),
      );
      t.true(Math.abs((a ?? 0) - (b ?? Number.NaN)) < 1e-4);
    }
  }
});

test.serial('Explain ends with its caller and its deadline, and the deployment goes on answering', async (t) => {
  const { deployment, predictions, explain } = await served(t, 'random-forest', 3, { n_estimators: 2000 });
  const long = Array.from({ length: 1000 }, (_, index) => records[index % 40] ?? {});
  const request: ExplainRequest = { deployment, records: long, method: 'EXPLANATION_METHOD_SAMPLING' };
  const abort = new AbortController();
  const leaving = refusal(predictions.explain(request, { ...soon, signal: abort.signal }));
  setTimeout(() => abort.abort(), 100);
  t.deepEqual(await leaving, ['CANCELLED', undefined]);
  t.deepEqual(await refusal(predictions.explain(request, { deadlineMs: 150 })), ['DEADLINE_EXCEEDED', undefined]);
  t.is(await refusal(explain({})), null);
});

test.serial('Explain refuses an answer of too many contributions, naming the bound', async (t) => {
  const islands = Array.from({ length: 40 }, (_, island) => `island ${island}`);
  const { explain } = await served(t, 'logistic-regression', 3, {}, islands);
  const many = Array.from({ length: 10_000 }, () => recordOf([40, 4000, 'island 7']));
  const asked = { records: many, allClasses: true, granularity: 'EXPLANATION_GRANULARITY_FEATURE' as const };
  const error = await t.throwsAsync(explain(asked), { instanceOf: TenonError });
  t.is(
    error?.message,
    'records: 1260042 contributions and names must be <= 1000000; send fewer rows, or set limit or all_classes otherwise',
  );
  const { explanations } = await explain({ ...asked, limit: 4 });
  t.is(explanations.length, 10_000);
});
