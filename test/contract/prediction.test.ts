import test from 'ava';
import type { Struct } from '../../proto/gen/google/protobuf/index.js';
import type { Row } from '../../proto/gen/tenon/common/v1/index.js';
import { TenonError } from '../../services/mesh/errors.js';
import { refusal, soon, startServing } from './serving-harness.js';

const fields = (bill: number, island = 'Dream') => ({
  bill_length_mm: { numberValue: bill },
  island: { stringValue: island },
});
const values = (bill: number, island = 'Dream') => ({
  bill_length_mm: { doubleValue: bill },
  island: { stringValue: island },
});

test.serial('Predict answers records and typed rows alike, in the order sent', async (t) => {
  const { clients, deploy, register } = await startServing(t);
  const version = await register();
  const deployment = await deploy({ version });
  const bills = [30, 39.1, 45, 50, 60];
  const plain = await clients.predictions.predict(
    { deployment, records: bills.map((bill) => ({ fields: fields(bill) })) },
    soon,
  );
  const typed = await clients.predictions.predict(
    { deployment, rows: bills.map((bill) => ({ values: values(bill) })) },
    soon,
  );
  t.deepEqual(plain, typed);
  t.is(plain.modelVersion, version);
  t.deepEqual(plain.classes, ['Adelie', 'Gentoo', 'Chinstrap']);
  t.is(plain.predictions.length, 5);
  for (const { value, probabilities } of plain.predictions) {
    t.true(Math.abs(probabilities.reduce((sum, each) => sum + each, 0) - 1) < 1e-6);
    t.is(value?.stringValue, plain.classes[probabilities.indexOf(Math.max(...probabilities))]);
  }
  t.true((plain.predictions[0]?.probabilities[0] ?? 1) < (plain.predictions[4]?.probabilities[0] ?? 0));
});

test.serial('Predict answers many rows as it answers one', async (t) => {
  const { clients, deploy, register } = await startServing(t);
  const deployment = await deploy({ version: await register() });
  const rows = Array.from({ length: 3000 }, (_, index) => ({ values: values(30 + index / 100) }));
  const many = await clients.predictions.predict({ deployment, rows }, soon);
  t.is(many.predictions.length, 3000);
  for (const index of [0, 1, 1500, 2999]) {
    const one = await clients.predictions.predict({ deployment, rows: rows.slice(index, index + 1) }, soon);
    t.deepEqual(one.predictions[0], many.predictions[index]);
  }
});

for (const [type, classes, key, value] of [
  ['boolean', ['true', 'false'], 'boolValue', true],
  ['integer', ['-3', '7'], 'integerValue', -3],
  ['integer', ['9007199254740993', '7'], 'stringValue', '9007199254740993'],
  ['double', ['0.5', '1.5'], 'doubleValue', 0.5],
] as const) {
  test.serial(`Predict gives a class of a ${type} target such as ${classes[0]} as ${key}`, async (t) => {
    const { clients, deploy, register } = await startServing(t);
    const deployment = await deploy({ version: await register({ classes: [...classes], type, shift: 5 }) });
    const answer = await clients.predictions.predict({ deployment, records: [{ fields: fields(40) }] }, soon);
    t.is(answer.predictions[0]?.value?.[key], value);
  });
}

test.serial('Predict gives a number without probabilities for regression', async (t) => {
  const { clients, deploy, register } = await startServing(t);
  const deployment = await deploy({ version: await register({ classes: [], type: 'double', shift: 5 }) });
  const answer = await clients.predictions.predict({ deployment, records: [{ fields: fields(39.1) }] }, soon);
  t.deepEqual(answer.classes, []);
  t.deepEqual(answer.predictions[0]?.probabilities, []);
  t.is(answer.predictions[0]?.value?.doubleValue, 6);
});

test.serial('Predict refuses a row that does not fit, naming row and column, and answers none', async (t) => {
  const { clients, deploy, register } = await startServing(t);
  const deployment = await deploy({ version: await register() });
  const good = { fields: fields(40) };
  const records = (bad: Struct['fields']) =>
    refusal(clients.predictions.predict({ deployment, records: [good, { fields: bad }] }, soon));
  const rows = (bad: Row['values']) =>
    refusal(clients.predictions.predict({ deployment, rows: [{ values: bad }] }, soon));
  const bill = 'records[1].fields["bill_length_mm"]';
  const island = 'records[1].fields["island"]';
  t.deepEqual(await records({ ...fields(40), Island: { stringValue: 'Dream' } }), [
    'UNKNOWN_COLUMN',
    'records[1].fields["Island"]',
  ]);
  t.deepEqual(await records({ island: { stringValue: 'Dream' } }), ['MISSING_COLUMN', bill]);
  t.deepEqual(await records({ ...fields(40), bill_length_mm: { stringValue: '40' } }), ['WRONG_TYPE', bill]);
  t.deepEqual(await records({ ...fields(40), bill_length_mm: { structValue: { fields: {} } } }), ['WRONG_TYPE', bill]);
  t.deepEqual(await records({ ...fields(40), bill_length_mm: { nullValue: 'NULL_VALUE' } }), ['NOT_FINITE', bill]);
  t.deepEqual(await records(fields(Number.NaN)), ['NOT_FINITE', bill]);
  t.deepEqual(await records(fields(40, 'Mars')), ['UNKNOWN_CATEGORY', island]);
  t.deepEqual(await rows({ ...values(40), bill_length_mm: { boolValue: true } }), [
    'WRONG_TYPE',
    'rows[0].values["bill_length_mm"]',
  ]);
  t.deepEqual(await rows({ ...values(40), bill_length_mm: { doubleValue: Number.POSITIVE_INFINITY } }), [
    'NOT_FINITE',
    'rows[0].values["bill_length_mm"]',
  ]);
  t.is(await refusal(clients.predictions.predict({ deployment, records: [good] }, soon)), null);
});

test.serial('an unknown column is told with the nearest name, row and column', async (t) => {
  const { clients, deploy, register } = await startServing(t);
  const deployment = await deploy({ version: await register() });
  const bad = { fields: { ...fields(40), islnd: { stringValue: 'Dream' } } };
  const error = await t.throwsAsync(clients.predictions.predict({ deployment, records: [bad] }, soon), {
    instanceOf: TenonError,
    message: /did you mean island\?/,
  });
  t.like(error?.facts, { row: '0', column: 'islnd' });
  const { island: _island, ...others } = fields(40);
  const misspelt = { fields: { ...others, islnd: { stringValue: 'Dream' } } };
  await t.throwsAsync(clients.predictions.predict({ deployment, records: [misspelt] }, soon), {
    instanceOf: TenonError,
    message:
      /^records\[0\]\.fields\["island"\]: null must be present; .*; the row has "islnd", which is no input column$/,
  });
});

test.serial('Predict refuses no rows, both kinds of rows, and too many', async (t) => {
  const { clients, deploy, register } = await startServing(t);
  const deployment = await deploy({ version: await register() });
  const records = [{ fields: fields(40) }];
  const rows = [{ values: values(40) }];
  t.deepEqual(await refusal(clients.predictions.predict({ deployment }, soon)), ['INVALID_FIELD', 'records']);
  t.deepEqual(await refusal(clients.predictions.predict({ deployment, records, rows }, soon)), [
    'INVALID_FIELD',
    'rows',
  ]);
  const many = Array.from({ length: 100_001 }, () => ({}));
  t.deepEqual(await refusal(clients.predictions.predict({ deployment, rows: many }, soon)), ['INVALID_FIELD', 'rows']);
});

test.serial('Predict and GetSignature tell a wrong name from one that does not exist', async (t) => {
  const { clients } = await startServing(t);
  for (const deployment of ['', 'deployments/', 'deployments/A', 'models/m']) {
    const wrong = ['INVALID_FIELD', 'deployment'];
    t.deepEqual(await refusal(clients.predictions.predict({ deployment }, soon)), wrong);
    t.deepEqual(await refusal(clients.predictions.getSignature({ deployment }, soon)), wrong);
  }
  const missing = ['RESOURCE_NOT_FOUND', undefined];
  const deployment = 'deployments/none';
  t.deepEqual(await refusal(clients.predictions.predict({ deployment }, soon)), missing);
  t.deepEqual(await refusal(clients.predictions.getSignature({ deployment }, soon)), missing);
});

test.serial('Predict and GetSignature say that no version is ready', async (t) => {
  const { clients, register, settled } = await startServing(t);
  const version = await register({}, ['recipe.json']);
  const name = 'deployments/broken';
  await clients.deployments.createDeployment({ deployment: { name, version } }, soon);
  await settled(name, ({ state }) => state === 'STATE_ERROR');
  const error = await t.throwsAsync(clients.predictions.getSignature({ deployment: name }, soon), {
    instanceOf: TenonError,
  });
  t.is(error?.reason, 'DEPLOYMENT_NOT_READY');
  t.true((error?.retryAfterMs ?? 0) > 0);
  t.deepEqual(await refusal(clients.predictions.predict({ deployment: name }, soon)), [
    'DEPLOYMENT_NOT_READY',
    undefined,
  ]);
});

test.serial('GetSignature tells what the version takes and gives', async (t) => {
  const { clients, deploy, register } = await startServing(t);
  const version = await register();
  const deployment = await deploy({ version });
  const { modelVersion, signature } = await clients.predictions.getSignature({ deployment }, soon);
  t.is(modelVersion, version);
  t.like(signature, { task: 'TASK_CLASSIFICATION', classes: ['Adelie', 'Gentoo', 'Chinstrap'] });
  t.deepEqual(
    signature?.inputs?.columns.map(({ name, type }) => [name, type]),
    [
      ['bill_length_mm', 'COLUMN_TYPE_DOUBLE'],
      ['island', 'COLUMN_TYPE_STRING'],
    ],
  );
});
