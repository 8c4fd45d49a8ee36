import test from 'ava';
import type { ScoringModel } from '../../../native/bundle/bundle.js';
import { BundleError, readBundle } from '../../../native/bundle/bundle.js';
import { signatureMessage } from '../../../native/bundle/signature-message.js';
import { RecipeError } from '../../../native/recipe/recipe-error.js';
import { bundleOf, loadSmallModel } from '../serving/fixture.js';

const record = (bill: number, island: string) => ({
  fields: {
    bill_length_mm: { kind: 'numberValue', numberValue: bill },
    island: { kind: 'stringValue', stringValue: island },
  },
});
const row = (bill: number, island: string) => ({
  values: {
    bill_length_mm: { kind: 'doubleValue', doubleValue: bill },
    island: { kind: 'stringValue', stringValue: island },
  },
});

test('records, typed rows and batches of either give the same bits', async (t) => {
  const model = readBundle(bundleOf(), loadSmallModel);
  await model.verifyParity();
  const islands = ['Torgersen', 'Biscoe', 'Dream'];
  const rows = Array.from({ length: 1000 }, (_, index) => [30 + index / 50, islands[index % 3] ?? ''] as const);
  const records = rows.map(([bill, island]) => record(bill, island));
  const typed = rows.map(([bill, island]) => row(bill, island));
  const expected = model.predictRecords(records);
  t.is(expected.length, 3000);
  t.deepEqual(model.predictRows(typed), expected);
  t.deepEqual(await model.predictBatch({ records }), expected);
  t.deepEqual(await model.predictBatch({ rows: typed }), expected);
  for (const [index, one] of records.slice(0, 20).entries()) {
    t.deepEqual([...model.predictRecords([one])], [...expected.subarray(index * 3, index * 3 + 3)]);
  }
});

test('a batch stops when its signal aborts', async (t) => {
  const model = readBundle(bundleOf(), loadSmallModel);
  const records = Array.from({ length: 5000 }, () => record(40, 'Dream'));
  const abort = new AbortController();
  const answer = model.predictBatch({ records }, { signal: abort.signal });
  abort.abort(new Error('enough'));
  await t.throwsAsync(answer, { message: 'enough' });
});

test('one wrong row refuses the whole batch by its place', async (t) => {
  const model: ScoringModel = readBundle(bundleOf(), loadSmallModel);
  const records = Array.from({ length: 600 }, (_, index) => record(40, index === 599 ? 'Mars' : 'Dream'));
  const error = await t.throwsAsync(model.predictBatch({ records }), { instanceOf: RecipeError });
  t.like(error, { reason: 'UNKNOWN_CATEGORY', field: 'records[599].fields["island"]', row: 599, column: 'island' });
});

test('the signature as the contract shows it tells types, nulls and categories', (t) => {
  const { signature, recipe } = readBundle(bundleOf(), loadSmallModel);
  t.deepEqual(signatureMessage(signature, recipe.data), {
    inputs: {
      columns: [
        { name: 'bill_length_mm', type: 'COLUMN_TYPE_DOUBLE', nullable: false, tensor: null, categories: [] },
        {
          name: 'island',
          type: 'COLUMN_TYPE_STRING',
          nullable: true,
          tensor: null,
          categories: ['Biscoe', 'Dream', 'Torgersen'],
        },
      ],
    },
    target: { name: 'species', type: 'COLUMN_TYPE_STRING', nullable: false, tensor: null, categories: [] },
    task: 'TASK_CLASSIFICATION',
    classes: ['Adelie', 'Gentoo', 'Chinstrap'],
  });
});

test('a file that is cut anywhere is refused', (t) => {
  for (const { path, bytes } of bundleOf()) {
    for (const length of [0, 1, bytes.length >> 1, bytes.length - 1]) {
      const cut = bundleOf().map((file) => (file.path === path ? { path, bytes: bytes.subarray(0, length) } : file));
      const error = t.throws(() => readBundle(cut, loadSmallModel));
      t.true(error instanceof BundleError || (error !== undefined && 'field' in error));
    }
  }
});
