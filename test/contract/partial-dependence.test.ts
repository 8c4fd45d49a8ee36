import test, { type ExecutionContext } from 'ava';
import { loadModel } from '../../native/estimators/load-model.js';
import type { Value } from '../../proto/gen/google/protobuf/index.js';
import type { GetPartialDependenceRequest } from '../../proto/gen/tenon/serving/v1/index.js';
import { TenonError } from '../../services/mesh/errors.js';
import { deployExplained, explainedBundle, recordOf, rowOf, trainingRows } from './explained-bundle.js';
import { refusal, soon, startServing } from './serving-harness.js';

const records = trainingRows.slice(0, 90).map(recordOf);

async function served(t: ExecutionContext, ...bundle: Parameters<typeof explainedBundle>) {
  const { version, deployment, predictions } = await deployExplained(t, ...bundle);
  return {
    version,
    dependence: (request: GetPartialDependenceRequest) =>
      predictions.getPartialDependence({ deployment, records, ...request }, soon),
    /** The mean prediction with the column set in every record. */
    async meansWith(column: string, value: Value) {
      const changed = records.map(({ fields }) => ({ fields: { ...fields, [column]: value } }));
      const answer = await predictions.predict({ deployment, records: changed }, soon);
      const outputs = answer.predictions.map(({ value: predicted, probabilities }) =>
        probabilities.length > 0 ? probabilities : [predicted?.doubleValue ?? Number.NaN],
      );
      return (outputs[0] ?? []).map(
        (_, index) => outputs.reduce((sum, output) => sum + (output[index] ?? Number.NaN), 0) / outputs.length,
      );
    },
  };
}

for (const [estimator, classCount] of [
  ['random-forest', 3],
  ['gradient-boosting', 0],
  ['k-nearest-neighbors', 2],
] as const) {
  test.serial(`GetPartialDependence is the mean of what Predict answers: ${estimator}`, async (t) => {
    const { dependence, meansWith, version } = await served(t, estimator, classCount);
    for (const [column, kind] of [
      ['bill', 'doubleValue'],
      ['mass', 'integerValue'],
      ['island', 'stringValue'],
    ] as const) {
      const { points, classes, modelVersion } = await dependence({ column, gridSize: 7 });
      t.is(modelVersion, version);
      t.deepEqual(classes, ['small', 'large', 'huge'].slice(0, classCount));
      t.is(points.length, column === 'island' ? 3 : 7);
      const values = points.map(({ value }) => value?.[kind] ?? '');
      t.deepEqual(
        values,
        [...values].sort((a, b) => (a < b ? -1 : 1)),
        'in order',
      );
      for (const { value, predictions } of points) {
        const set: Value =
          kind === 'stringValue' ? { stringValue: value?.stringValue ?? '' } : { numberValue: Number(value?.[kind]) };
        const wanted = await meansWith(column, set);
        t.is(predictions.length, Math.max(1, classCount));
        predictions.forEach((mean, index) => {
          t.true(Math.abs(mean - (wanted[index] ?? Number.NaN)) < 1e-9 * Math.max(1, Math.abs(mean)));
        });
      }
    }
  });
}

test.serial('a column of few values is taken at each, one of many at quantiles, texts by frequency', async (t) => {
  const { dependence } = await served(t, 'linear-regression', 0);
  const rows = trainingRows.map(([, mass, island], row) => rowOf([row % 2 ? 40 : 50.5, mass, island]));
  const bills = await dependence({ column: 'bill', records: [], rows });
  t.deepEqual(
    bills.points.map(({ value }) => value?.doubleValue),
    [40, 50.5],
  );
  const masses = await dependence({ column: 'mass', records: [], rows });
  t.is(masses.points.length, 20, 'by default');
  const lowest = Math.min(...trainingRows.map(([, mass]) => mass));
  t.true(Number(masses.points[0]?.value?.integerValue) > lowest, 'the outermost values are left out');
  const islands = ['Dream', 'Dream', 'Biscoe', 'Torgersen', 'Torgersen'];
  const texts = await dependence({
    column: 'island',
    records: islands.map((island) => recordOf([40, 4000, island])),
    gridSize: 2,
  });
  t.deepEqual(
    texts.points.map(({ value }) => value?.stringValue),
    ['Dream', 'Torgersen'],
  );
});

test.serial('GetPartialDependence refuses rows as Predict does, and what it does not know', async (t) => {
  const { dependence } = await served(t, 'random-forest', 2, { n_estimators: 3 });
  const refused = (request: GetPartialDependenceRequest) => refusal(dependence({ column: 'bill', ...request }));
  const error = await t.throwsAsync(dependence({ column: 'bil' }), { instanceOf: TenonError });
  t.is(error?.reason, 'UNKNOWN_COLUMN');
  t.regex(error?.message ?? '', /^column: "bil" is no input column of the model; did you mean bill\?/);
  t.deepEqual(await refused({ column: '' }), ['UNKNOWN_COLUMN', 'column']);
  t.deepEqual(await refused({ column: 'size' }), ['UNKNOWN_COLUMN', 'column']);
  t.deepEqual(await refused({ records: [] }), ['INVALID_FIELD', 'records']);
  t.deepEqual(await refused({ rows: [rowOf([40, 4000, 'Dream'])] }), ['INVALID_FIELD', 'rows']);
  t.deepEqual(await refused({ records: Array.from({ length: 10_001 }, () => ({})) }), ['INVALID_FIELD', 'records']);
  for (const gridSize of [-1, 1, 201]) t.deepEqual(await refused({ gridSize }), ['INVALID_FIELD', 'grid_size']);
  const last = { records: [...records, recordOf([40, 4000, 'Mars'])] };
  t.deepEqual(await refused(last), ['UNKNOWN_CATEGORY', 'records[90].fields["island"]']);
  t.deepEqual(await refused({ deployment: 'deployments/A' }), ['INVALID_FIELD', 'deployment']);
  t.deepEqual(await refused({ deployment: 'deployments/none' }), ['RESOURCE_NOT_FOUND', undefined]);
});

test.serial('GetPartialDependence ends with its caller and its deadline', async (t) => {
  const serving = await startServing(t, loadModel);
  const version = await serving.registerBundle(await explainedBundle('random-forest', 3, { n_estimators: 2000 }));
  const deployment = await serving.deploy({ version });
  const { predictions } = serving.clients;
  const long = Array.from({ length: 10_000 }, (_, index) => records[index % 90] ?? {});
  const request = { deployment, records: long, column: 'mass', gridSize: 200 };
  const abort = new AbortController();
  const leaving = refusal(predictions.getPartialDependence(request, { ...soon, signal: abort.signal }));
  setTimeout(() => abort.abort(), 200);
  t.deepEqual(await leaving, ['CANCELLED', undefined]);
  t.deepEqual(await refusal(predictions.getPartialDependence(request, { deadlineMs: 200 })), [
    'DEADLINE_EXCEEDED',
    undefined,
  ]);
  t.is(await refusal(predictions.getPartialDependence({ ...request, records, gridSize: 2 }, soon)), null);
});
