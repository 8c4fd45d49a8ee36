import { gzipSync } from 'node:zlib';
import test from 'ava';
import { predictionService } from '../../proto/contracts.js';
import type { PredictRequest } from '../../proto/gen/tenon/serving/v1/index.js';
import { callRaw, framed } from '../harness/raw-grpc.js';
import type { BundleOptions } from '../unit/serving/fixture.js';
import { startServing } from './serving-harness.js';

const { path, requestSerialize } = predictionService.Predict;
const timeout = { 'grpc-timeout': '20S' };

const record = (bill: unknown, island: unknown) => ({ fields: { bill_length_mm: bill, island } });
const row = (bill: unknown, island: unknown) => ({ values: { bill_length_mm: bill, island } });
const typed = (bill: number, island = 'Dream') => row({ doubleValue: bill }, { stringValue: island });
const plain = (bill: number, island = 'Dream') => record({ numberValue: bill }, { stringValue: island });
const many = <Message>(count: number, one: (bill: number) => Message) =>
  Array.from({ length: count }, (_, index) => one(30 + index / 100));

/** Requests, right and wrong; the wrong rows stand behind right ones. */
const requests: readonly [string, object][] = [
  ['a row', { rows: [typed(40)] }],
  ['a record', { records: [plain(40)] }],
  ['a whole number for a double', { rows: [row({ integerValue: 40 }, { stringValue: 'Biscoe' })] }],
  ['64 rows', { rows: many(64, typed) }],
  ['65 rows', { rows: many(65, typed) }],
  ['3,000 rows', { rows: many(3000, typed) }],
  ['3,000 records', { records: many(3000, plain) }],
  ['100,000 rows', { rows: Array.from({ length: 100_000 }, () => typed(40)) }],
  ['100,001 rows', { rows: Array.from({ length: 100_001 }, () => typed(40)) }],
  ['no row', {}],
  ['rows and records', { rows: [typed(40)], records: [plain(40)] }],
  ['a null', { rows: [typed(40), row({ nullValue: 0 }, { stringValue: 'Dream' })] }],
  ['NaN', { rows: [typed(40), typed(Number.NaN)] }],
  ['an unknown category', { rows: [...many(200, typed), typed(40, 'Atlantis')] }],
  ['a text for a number', { records: [plain(40), record({ stringValue: '40' }, { stringValue: 'Dream' })] }],
  ['a missing column', { rows: [typed(40), { values: { island: { stringValue: 'Dream' } } }] }],
  ['an unknown column', { records: [{ fields: { ...plain(40).fields, other: { boolValue: true } } }] }],
  ['an unknown deployment', { deployment: 'deployments/nobody', rows: [typed(40)] }],
  ['a name of another kind', { deployment: 'models/größe', rows: [typed(40)] }],
];

for (const [kind, options] of [
  ['classes by name', {}],
  ['boolean classes', { classes: ['true', 'false'], type: 'boolean', shift: -5 }],
  ['whole numbers as classes', { classes: ['-3', '9007199254740993', '0'], type: 'integer' }],
  ['a number', { classes: [], type: 'double' }],
] as const satisfies readonly (readonly [string, BundleOptions])[]) {
  test.serial(`Predict of ${kind} answers the same bytes whether a request is compressed or plain`, async (t) => {
    const { address, deploy, register } = await startServing(t);
    const deployment = await deploy({ version: await register(options) });
    for (const [what, request] of requests) {
      const bytes = requestSerialize({ deployment, ...request } as PredictRequest);
      const answer = await callRaw(address, path, timeout, framed(bytes));
      // A compressed request is always decoded to messages.
      const decoded = await callRaw(address, path, { ...timeout, 'grpc-encoding': 'gzip' }, framed(gzipSync(bytes), 1));
      // A success has no message of its own.
      const statusOf = ({ body: _, message, ...rest }: typeof answer) => ({
        ...rest,
        message: rest.code === 0 ? '' : message,
      });
      t.deepEqual(statusOf(answer), statusOf(decoded), what);
      t.true(answer.body.equals(decoded.body), what);
      if (answer.code === 0) t.true(answer.body.length > 5, what);
    }
  });
}
