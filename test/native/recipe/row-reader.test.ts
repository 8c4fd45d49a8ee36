import test from 'ava';
import fc from 'fast-check';
import { ArgumentError } from '../../../native/argument-error.js';
import type { FittedOp } from '../../../native/recipe/fitted-op.js';
import type { FittedRecipeData, InputColumn } from '../../../native/recipe/fitted-recipe-data.js';
import { compileRowEncoder } from '../../../native/recipe/row-encoder.js';
import type { EncodedRows, RowReader } from '../../../native/recipe/row-reader.js';
import { compileRowReader } from '../../../native/recipe/row-reader.js';
import { predictionService } from '../../../proto/contracts.js';
import type { PredictRequest__Output } from '../../../proto/gen/tenon/serving/v1/index.js';
import { createCodec } from '../../../services/mesh/rpc/codec.js';

const { requestSerialize } = predictionService.Predict;
const codec = createCodec(predictionService.Predict, 2 ** 26);

const scale = (column: string, center: number, divisor: number, span = 1, lower = 0): FittedOp => ({
  kind: 'scale',
  column,
  center,
  divisor,
  span,
  lower,
});

/** A column with what a recipe does to it, and what may be sent to it. */
interface Case {
  input: InputColumn;
  ops: readonly FittedOp[];
  /** Typed values that a serializer writes as the reader takes them, whether the column does or not. */
  typed: fc.Arbitrary<object>;
  /** The same as plain JSON. */
  plain: fc.Arbitrary<object>;
}

const number = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 10, arbitrary: fc.double({ noNaN: true, min: -1e6, max: 1e6 }) },
  fc.constantFrom(-0, 5e-324, 1e39, 2 ** 53, Number.POSITIVE_INFINITY, Number.NaN, 0.5),
);
const whole = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: -3, max: 3 }) },
  fc.maxSafeInteger(),
  fc.constantFrom(2 ** 53, -(2 ** 60)),
);
const text = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom('Biscoe', 'Dream') },
  fc.constantFrom('Biscoe', 'Dream', 'größe', '', '1', 'true', '\ufffd', '\u0000'),
  fc.string(),
);
const typedNull = fc.constantFrom({ nullValue: 0 }, {});
const plainNull = fc.constant({ nullValue: 0 });

const asDouble = number.map((doubleValue) => ({ doubleValue }));
const asWhole = whole.map((integerValue) => ({ integerValue }));
const asNumber = number.map((numberValue) => ({ numberValue }));
const asText = text.map((stringValue) => ({ stringValue }));
const asBoolean = fc.boolean().map((boolValue) => ({ boolValue }));

const listOf = (values: readonly number[]) => ({
  listValue: { values: values.map((numberValue) => ({ numberValue })) as object[] },
});

/** Lists nested as a shape says; where there are too few values the last lists are short. */
function nested(values: readonly number[], [size = 0, ...inner]: readonly number[]): ReturnType<typeof listOf> {
  if (inner.length === 0) return listOf(values);
  const each = Math.max(1, Math.ceil(values.length / size));
  const parts = Array.from({ length: size }, (_, index) => values.slice(index * each, (index + 1) * each));
  return { listValue: { values: parts.map((part) => nested(part, inner)) } };
}

function tensorCase(input: Extract<InputColumn, { type: 'tensor' }>, ops: readonly FittedOp[]): Case {
  const count = input.shape.reduce((product, size) => product * size, 1);
  const element =
    input.dtype === 'u8' ? fc.integer({ min: 0, max: 255 }) : fc.float({ noNaN: true, noDefaultInfinity: true });
  const elements = fc.oneof(
    { weight: 20, arbitrary: fc.array(element, { minLength: count, maxLength: count }) },
    fc.array(element, { maxLength: 8 }),
    fc.array(fc.oneof(element, fc.constantFrom(Number.NaN, 256, 0.5, -1, 1e39)), {
      minLength: count,
      maxLength: count,
    }),
  );
  const dtype = input.dtype === 'u8' ? 'DATA_TYPE_UINT8' : 'DATA_TYPE_FP32';
  const shape = fc.oneof(
    { weight: 20, arbitrary: fc.constant([...input.shape]) },
    fc.constantFrom([], [count, 2], [-1]),
  );
  const named = fc.oneof(
    { weight: 20, arbitrary: fc.constant(dtype) },
    fc.constantFrom('DATA_TYPE_INT8', 'DATA_TYPE_FP64'),
  );
  const bytesOf = (values: number[]) =>
    input.dtype === 'u8' ? Buffer.from(values) : Buffer.from(Float32Array.from(values).buffer);
  return {
    input,
    ops,
    typed: fc.oneof(
      {
        weight: 20,
        arbitrary: fc
          .tuple(named, shape, elements)
          .map(([type, sizes, values]) => ({ tensorValue: { dtype: type, shape: sizes, data: bytesOf(values) } })),
      },
      typedNull,
      asText,
    ),
    plain: fc.oneof(
      { weight: 20, arbitrary: elements.map(listOf) },
      { weight: 20, arbitrary: elements.map((values) => nested(values, input.shape)) },
      elements.map((values) => nested(values, [...input.shape].reverse())),
      plainNull,
      asNumber,
    ),
  };
}

function scalarCase(name: string, type: 'double' | 'integer' | 'boolean' | 'string', ops: readonly FittedOp[]): Case {
  const own = {
    double: [asDouble, asNumber],
    integer: [asWhole, asNumber],
    boolean: [asBoolean, asBoolean],
    string: [asText, asText],
  };
  const [typed, plain] = own[type];
  return {
    input: { name, type },
    ops,
    typed: fc.oneof(
      { weight: 60, arbitrary: typed as fc.Arbitrary<object> },
      typedNull,
      asText,
      asDouble,
      asWhole,
      asBoolean,
    ),
    plain: fc.oneof({ weight: 60, arbitrary: plain as fc.Arbitrary<object> }, plainNull, asText, asNumber, asBoolean),
  };
}

const islands = ['Biscoe', 'Dream', 'größe'];
const cases: readonly Case[] = [
  scalarCase('mass', 'double', []),
  scalarCase('scaled', 'double', [scale('scaled', 3, 7, 2, -1), scale('scaled', 0.1, 0.3)]),
  scalarCase('flat', 'double', [scale('flat', 3, 0, 2, -1)]),
  scalarCase('filled', 'integer', [
    { kind: 'fill', column: 'filled', fill: { type: 'double', value: 1.25 } },
    scale('filled', 1, 3),
  ]),
  scalarCase('needed', 'integer', [{ kind: 'dropMissing', columns: ['needed'] }]),
  scalarCase('year', 'integer', [
    { kind: 'fill', column: 'year', fill: { type: 'integer', value: '2' } },
    { kind: 'ordinal', column: 'year', categories: ['-1', '0', '2', '9007199254740993'], unknown: 'ignore' },
    scale('year', 1, 4),
  ]),
  scalarCase('code', 'integer', [
    { kind: 'oneHot', column: 'code', categories: ['-2', '0', '1', 'x'], unknown: 'error' },
  ]),
  scalarCase('toString', 'double', [scale('toString', 1, 2)]),
  scalarCase('1', 'double', []),
  scalarCase('tame', 'boolean', []),
  scalarCase('known', 'boolean', [{ kind: 'oneHot', column: 'known', categories: ['true'], unknown: 'error' }]),
  scalarCase('island', 'string', [{ kind: 'oneHot', column: 'island', categories: islands, unknown: 'ignore' }]),
  scalarCase('größe', 'string', [
    { kind: 'ordinal', column: 'größe', categories: islands, unknown: 'error' },
    scale('größe', 0.5, 0.25),
  ]),
  scalarCase('constructor', 'string', [
    { kind: 'fill', column: 'constructor', fill: { type: 'string', value: 'Dream' } },
    { kind: 'ordinal', column: 'constructor', categories: ['', '\ufffd', 'Dream'], unknown: 'ignore' },
  ]),
  tensorCase({ name: 'floats', type: 'tensor', dtype: 'f32', shape: [2, 3] }, []),
  tensorCase({ name: 'scaled floats', type: 'tensor', dtype: 'f32', shape: [4] }, [scale('scaled floats', 1, 3)]),
  tensorCase({ name: 'bytes', type: 'tensor', dtype: 'u8', shape: [3] }, [scale('bytes', 0, 255)]),
  tensorCase({ name: 'image', type: 'tensor', dtype: 'u8', shape: [2, 1, 2] }, []),
];

const dataOf = (chosen: readonly Case[]): FittedRecipeData => ({
  formatVersion: 1,
  inputs: chosen.map(({ input }) => input),
  ops: chosen.flatMap(({ ops }) => ops),
});

function readerOf(data: FittedRecipeData, acceptsMissing: boolean): RowReader | null {
  return compileRowReader(data, compileRowEncoder(data, { acceptsMissing }));
}

/** The features of rows, one after the other; or what is wrong with the first that is wrong. */
type Outcome = Float32Array | string;

/** What decoding the whole message and encoding row by row comes to. */
function decoded(bytes: Buffer, { form }: EncodedRows, data: FittedRecipeData, acceptsMissing: boolean): Outcome {
  const encoder = compileRowEncoder(data, { acceptsMissing });
  try {
    const request = codec.decode(bytes) as PredictRequest__Output;
    const rowCount = request[form].length;
    const out = new Float32Array(rowCount * encoder.featureCount);
    for (let row = 0; row < rowCount; row++) {
      const at = row * encoder.featureCount;
      if (form === 'rows') encoder.encodeRow(request.rows[row]?.values ?? {}, row, out, at);
      else encoder.encodeRecord(request.records[row]?.fields ?? {}, row, out, at);
    }
    return out;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What the reader makes of it; null where it leaves the rows to others. */
function read(rows: EncodedRows, reader: RowReader): Float32Array | null {
  const out = new Float32Array(rows.rowCount * reader.featureCount).fill(7);
  const next = reader.read(rows, rows.from, rows.rowCount, out, 0);
  if (next < 0) return null;
  if (next !== rows.bytes.length) throw new Error(`reading ended at ${next} of ${rows.bytes.length} bytes`);
  return out;
}

function encodedRows(form: 'records' | 'rows', messages: readonly Record<string, object>[]): EncodedRows {
  const request =
    form === 'rows'
      ? { rows: messages.map((values) => ({ values })) }
      : { records: messages.map((fields) => ({ fields })) };
  const bytes = requestSerialize(request as never);
  return { form, tag: form === 'rows' ? 0x1a : 0x12, bytes, from: 0, rowCount: messages.length };
}

const same = (a: Float32Array, b: Float32Array) => Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0;

const asked = fc.record({
  chosen: fc.uniqueArray(fc.constantFrom(...cases), { minLength: 1, maxLength: 5 }),
  form: fc.constantFrom('records' as const, 'rows' as const),
  acceptsMissing: fc.boolean(),
});

/** Rows of some columns, now and then in another order, without one or with one too many. */
const requests = asked.chain(({ chosen, form, acceptsMissing }) => {
  const cells = fc.tuple(...chosen.map(({ typed, plain }) => (form === 'rows' ? typed : plain)));
  const order = fc.oneof(
    { weight: 10, arbitrary: fc.constant(chosen.map((_, index) => index)) },
    fc.shuffledSubarray([...chosen.keys()], { minLength: chosen.length }),
    fc.shuffledSubarray([...chosen.keys()]),
  );
  const extra = fc.oneof({ weight: 20, arbitrary: fc.constant({}) }, fc.constant({ other: { stringValue: 'x' } }));
  const row = fc.tuple(cells, order, extra).map(([values, places, more]) => ({
    ...Object.fromEntries(places.map((place) => [chosen[place]?.input.name ?? '', values[place] ?? {}])),
    ...more,
  }));
  return fc.array(row, { minLength: 1, maxLength: 3 }).map((messages) => ({ chosen, form, acceptsMissing, messages }));
});

/** Texts for whole numbers are the one right thing that serializers write and the reader leaves to others. */
function isLeft({
  chosen,
  messages,
}: {
  chosen: readonly Case[];
  messages: readonly Record<string, object>[];
}): boolean {
  const integers = chosen.filter(({ input }) => input.type === 'integer').map(({ input }) => input.name);
  return messages.some((row) => integers.some((name) => 'stringValue' in (row[name] ?? {})));
}

test('rows in bytes have the features that they have once decoded, to the bit; wrong ones are left', (t) => {
  let taken = 0;
  let refused = 0;
  fc.assert(
    fc.property(requests, ({ chosen, form, acceptsMissing, messages }) => {
      const data = dataOf(chosen);
      const reader = readerOf(data, acceptsMissing);
      if (reader === null) throw new Error('no reader');
      const rows = encodedRows(form, messages);
      const wanted = decoded(rows.bytes as Buffer, rows, data, acceptsMissing);
      const found = read(rows, reader);
      reader.dispose();
      if (typeof wanted === 'string') {
        refused++;
        if (found !== null) throw new Error(`taken though refused: ${wanted}`);
      } else if (found === null) {
        if (!isLeft({ chosen, messages })) throw new Error('left though right');
      } else {
        taken++;
        if (!same(found, wanted)) throw new Error(`${found} instead of ${wanted}`);
      }
    }),
    { numRuns: 4000, seed: 20_260_301 },
  );
  t.true(taken > 500, `${taken} requests were taken`);
  t.true(refused > 500, `${refused} requests were refused`);
});

const change = fc.record({
  kind: fc.constantFrom('set', 'cut', 'insert', 'remove', 'repeat'),
  at: fc.nat(),
  byte: fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0x08, 0x0a, 0x11, 0x12, 0x1a, 0x21, 0x2a, 0x3a, 0x80, 0xff),
  ),
  length: fc.integer({ min: 1, max: 20 }),
});

function changed(
  bytes: Buffer,
  { kind, at, byte, length }: { kind: string; at: number; byte: number; length: number },
): Buffer {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  const before = bytes.subarray(0, place);
  if (kind === 'cut') return Buffer.from(before);
  if (kind === 'insert') return Buffer.concat([before, Buffer.of(byte), bytes.subarray(place)]);
  if (kind === 'remove') return Buffer.concat([before, bytes.subarray(place + 1)]);
  if (kind === 'repeat') return Buffer.concat([bytes.subarray(0, place + length), bytes.subarray(place)]);
  return Buffer.concat([before, Buffer.of(byte), bytes.subarray(place + 1)]);
}

test('of bytes changed here and there nothing is taken that decoding reads in another way', (t) => {
  let taken = 0;
  let left = 0;
  fc.assert(
    fc.property(
      requests,
      fc.array(change, { minLength: 1, maxLength: 2 }),
      ({ chosen, form, acceptsMissing, messages }, changes) => {
        const data = dataOf(chosen);
        const reader = readerOf(data, acceptsMissing);
        if (reader === null) throw new Error('no reader');
        const whole = encodedRows(form, messages);
        // In memory of its own length, so that a read beyond it is found where that is watched.
        const bytes = Buffer.from(Uint8Array.from(changes.reduce(changed, whole.bytes as Buffer)).buffer);
        const rows = { ...whole, bytes };
        const out = new Float32Array(rows.rowCount * reader.featureCount);
        const next = reader.read(rows, 0, rows.rowCount, out, 0);
        reader.dispose();
        if (next < 0) {
          left++;
          return;
        }
        taken++;
        const wanted = decoded(bytes.subarray(0, next), rows, data, acceptsMissing);
        if (typeof wanted === 'string') throw new Error(`taken though refused: ${wanted}`);
        if (!same(out, wanted)) throw new Error(`${out} instead of ${wanted}`);
      },
    ),
    { numRuns: 6000, seed: 20_260_302 },
  );
  t.true(taken > 100, `${taken} requests were taken`);
  t.true(left > 1000, `${left} requests were left`);
});

test('lengths that take more bytes than any serializer gives them are left', (t) => {
  const number: FittedRecipeData = { formatVersion: 1, inputs: [{ name: 'a', type: 'double' }], ops: [] };
  const text: FittedRecipeData = {
    formatVersion: 1,
    inputs: [{ name: 'b', type: 'string' }],
    ops: [{ kind: 'oneHot', column: 'b', categories: ['B'], unknown: 'error' }],
  };
  // protobufjs goes on ten bytes behind the start of a length that takes six.
  for (const [data, entry] of [
    [number, '0a818080808000611209216112051881828304'],
    [text, '0a016212082a81808080800042'],
  ] as const) {
    const fields = Buffer.from(entry, 'hex');
    const bytes = Buffer.concat([Buffer.of(0x1a, fields.length + 2, 0x0a, fields.length), fields]);
    const rows: EncodedRows = { form: 'rows', tag: 0x1a, bytes, from: 0, rowCount: 1 };
    t.is(readerOf(data, true)?.read(rows, 0, 1, new Float32Array(1), 0), -1);
    t.throws(() => codec.decode(bytes), { message: /takes 6 bytes/ });
  }
});

test('rows are read on from where reading stopped, and behind other fields', (t) => {
  const data = dataOf(cases.slice(0, 2));
  const reader = readerOf(data, true);
  const messages = Array.from({ length: 300 }, (_, row) => ({
    mass: { doubleValue: row },
    scaled: { integerValue: row },
  }));
  const request = { deployment: 'deployments/x', rows: messages.map((values) => ({ values })) };
  const bytes = requestSerialize(request as never);
  const rows: EncodedRows = { form: 'rows', tag: 0x1a, bytes, from: 15, rowCount: 300 };
  const out = new Float32Array(600);
  let next = rows.from;
  for (let row = 0; row < 300; row += 75) next = reader?.read(rows, next, 75, out, row * 2) ?? -1;
  t.is(next, bytes.length);
  t.true(same(out, decoded(bytes, rows, data, true) as Float32Array));
  t.is(reader?.read(rows, next, 1, out, 0), -1, 'there is no further row');
  t.is(reader?.read(rows, next, 0, out, 600), next);
});

test('a recipe with a reduction, without inputs or with names that no message has finds no reader', (t) => {
  const mass: InputColumn = { name: 'mass', type: 'double' };
  const pca: FittedOp = {
    kind: 'pca',
    columns: ['mass'],
    componentCount: 1,
    mean: Buffer.from(Float64Array.of(0).buffer).toString('base64'),
    weights: Buffer.from(Float32Array.of(1).buffer).toString('base64'),
  };
  const withText = (categories: string[]): FittedRecipeData => ({
    formatVersion: 1,
    inputs: [{ name: 'island', type: 'string' }],
    ops: [{ kind: 'oneHot', column: 'island', categories, unknown: 'error' }],
  });
  for (const data of [
    { formatVersion: 1, inputs: [mass], ops: [pca] },
    { formatVersion: 1, inputs: [], ops: [] },
    { formatVersion: 1, inputs: [{ ...mass, name: '__proto__' }], ops: [] },
    { formatVersion: 1, inputs: [{ ...mass, name: 'half \ud800' }], ops: [] },
    withText(['half \ud800']),
    withText(Array.from({ length: 500_001 }, (_, index) => `${index}`)),
  ] as const satisfies readonly FittedRecipeData[]) {
    t.is(readerOf(data, true), null, JSON.stringify(data).slice(0, 200));
  }
  t.not(readerOf(withText(['whole']), true), null);
});

test('wrong arguments and a reader disposed of are refused', (t) => {
  const reader = readerOf(dataOf(cases.slice(0, 1)), true);
  const rows = encodedRows('rows', [{ mass: { doubleValue: 1 } }]);
  const out = new Float32Array(1);
  for (const [field, call] of [
    ['from', () => reader?.read(rows, -1, 1, out, 0)],
    ['from', () => reader?.read(rows, rows.bytes.length + 1, 1, out, 0)],
    ['count', () => reader?.read(rows, 0, 2, out, 0)],
    ['count', () => reader?.read(rows, 0, 1, out, 1)],
    ['at', () => reader?.read(rows, 0, 0, out, 2)],
    ['tag', () => reader?.read({ ...rows, tag: 128 }, 0, 1, out, 0)],
    ['bytes', () => reader?.read({ ...rows, bytes: [1] as never }, 0, 1, out, 0)],
    ['out', () => reader?.read(rows, 0, 1, new Float64Array(1) as never, 0)],
  ] as const) {
    const error = t.throws(call, { instanceOf: ArgumentError });
    t.is((error as unknown as { field: string }).field, field);
  }
  reader?.dispose();
  reader?.dispose();
  t.throws(() => reader?.read(rows, 0, 1, out, 0), { instanceOf: ArgumentError });
});
