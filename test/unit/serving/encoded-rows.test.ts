import test from 'ava';
import fc from 'fast-check';
import { predictionService } from '../../../proto/contracts.js';
import type { PredictRequest, PredictRequest__Output } from '../../../proto/gen/tenon/serving/v1/index.js';
import { createCodec } from '../../../services/mesh/rpc/codec.js';
import { findRows } from '../../../services/serving/encoded-rows.js';

const { requestSerialize } = predictionService.Predict;
const codec = createCodec(predictionService.Predict, 2 ** 26);
const rowOf = (text: string) => ({ values: { x: { stringValue: text } } });
const recordOf = (text: string) => ({ fields: { x: { stringValue: text } } });
const bytesOf = (request: PredictRequest) => requestSerialize(request);

test('rows and records are found behind the deployment, of any length', (t) => {
  const rows = [0, 1, 100, 127, 128, 20_000, 3_000_000].map((length) => rowOf('x'.repeat(length)));
  const bytes = bytesOf({ deployment: 'deployments/a', rows });
  t.deepEqual(findRows(bytes), {
    deployment: 'deployments/a',
    rows: { form: 'rows', tag: 0x1a, bytes, from: 15, rowCount: 7 },
  });
  const records = bytesOf({ deployment: 'd', records: [recordOf('a'), { fields: {} }] });
  t.deepEqual(findRows(records), {
    deployment: 'd',
    rows: { form: 'records', tag: 0x12, bytes: records, from: 3, rowCount: 2 },
  });
});

test('bytes that are no deployment and rows of one form are not for it', (t) => {
  const name = bytesOf({ deployment: 'd' });
  const row = bytesOf({ rows: [rowOf('a')] });
  const record = bytesOf({ records: [recordOf('a')] });
  for (const [what, bytes] of [
    ['nothing', Buffer.alloc(0)],
    ['no deployment', row],
    ['no row', name],
    ['records and rows', Buffer.concat([name, record, row])],
    ['the deployment last', Buffer.concat([row, name])],
    ['two deployments', Buffer.concat([name, name, row])],
    ['a deployment between rows', Buffer.concat([name, row, name, row])],
    ['an unknown field', Buffer.concat([name, row, Buffer.of(0x20, 1)])],
    ['a row that is cut short', Buffer.concat([name, row.subarray(0, -1)])],
    ['a length that is cut short', Buffer.concat([name, Buffer.of(0x1a)])],
    ['a length without end', Buffer.concat([name, Buffer.of(0x1a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01)])],
    ['a length beyond all', Buffer.concat([name, Buffer.of(0x1a, 0xff, 0xff, 0xff, 0xff, 0x7f)])],
    ['a long name', bytesOf({ deployment: 'd'.repeat(128), rows: [rowOf('a')] })],
    ['a name that is cut short', Buffer.of(0x0a, 0x05, 0x61)],
  ] as const) {
    t.is(findRows(bytes), null, what);
  }
});

test('where rows are found in any bytes, decoding finds as many and the same name', (t) => {
  let found = 0;
  const field = fc.oneof(
    { weight: 3, arbitrary: fc.string({ maxLength: 3 }).map((text) => bytesOf({ rows: [rowOf(text)] })) },
    fc.string({ maxLength: 3 }).map((text) => bytesOf({ records: [recordOf(text)] })),
    fc.uint8Array({ maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 4 }), fc.array(field, { maxLength: 4 }), fc.nat(), (deployment, fields, cut) => {
      const whole = Buffer.concat([bytesOf({ deployment }), ...fields]);
      const bytes = cut % 4 === 0 ? whole.subarray(0, cut % (whole.length + 1)) : whole;
      const rows = findRows(bytes);
      if (rows === null) return;
      let decoded: PredictRequest__Output;
      try {
        decoded = codec.decode(bytes) as PredictRequest__Output;
      } catch {
        // What is within rows is not looked at yet.
        return;
      }
      found++;
      t.is(decoded[rows.rows.form].length, rows.rows.rowCount);
      t.is(decoded.records.length + decoded.rows.length, rows.rows.rowCount);
      if (/^[ -~]*$/.test(decoded.deployment)) t.is(decoded.deployment, rows.deployment);
    }),
    { numRuns: 2000, seed: 20_260_303 },
  );
  t.true(found > 200, `${found}`);
});
