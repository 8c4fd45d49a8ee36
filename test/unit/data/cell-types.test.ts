import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { type CsvType, readCsv } from '../../../native/table/read-csv.js';
import { cellAt } from '../../../native/table/table.js';
import { acceptsSql, fitsSql, readSql, type ScalarType } from '../../../services/data/column-type.js';
import { openEngine } from '../../../services/data/engine.js';
import { literal } from '../../../services/data/sql.js';

// JSON's texts are judged by the engine, CSV's natively: a text must mean the same in both.
const directory = await mkdtemp(join(tmpdir(), 'tenon-cells-'));
const engine = await openEngine({ directory, memoryLimitBytes: 256 * 1024 * 1024, threads: 2 });
test.after.always(async () => {
  await engine.close();
  await rm(directory, { recursive: true, force: true });
});
const { signal } = new AbortController();

const recognised = ['BOOLEAN', 'INTEGER', 'DOUBLE', 'TIMESTAMP'] as const;

/** For each text the first type it fits, and the value: `1`, `1.5`, `true`, a time in microseconds, or the text. */
async function byEngine(texts: readonly string[]): Promise<string[]> {
  const shown = (type: ScalarType) =>
    type === 'TIMESTAMP' ? `epoch_us(${readSql(type, 'v')})::VARCHAR` : `(${readSql(type, 'v')})::VARCHAR`;
  const cases = recognised.map((type) => `WHEN ${fitsSql(type, 'v')} THEN '${type} ' || ${shown(type)}`);
  const rows = texts.map((text, index) => `(${index}, ${literal(text)})`).join(', ');
  const sql = `SELECT CASE ${cases.join(' ')} ELSE 'STRING ' || v END FROM (VALUES ${rows}) AS t(i, v) ORDER BY i`;
  return engine.use(signal, async (connection) =>
    (await connection.runAndReadAll(sql)).getRows().map(([text]) => String(text)),
  );
}

async function acceptedByEngine(type: ScalarType, texts: readonly string[]): Promise<boolean[]> {
  const rows = texts.map((text, index) => `(${index}, ${literal(text)})`).join(', ');
  const sql = `SELECT coalesce(${acceptsSql(type, 'v')}, false) FROM (VALUES ${rows}) AS t(i, v) ORDER BY i`;
  return engine.use(signal, async (connection) =>
    (await connection.runAndReadAll(sql)).getRows().map(([accepted]) => accepted === true),
  );
}

let files = 0;
async function natively(rows: readonly (readonly string[])[], types: ReadonlyMap<string, CsvType> = new Map()) {
  const path = join(directory, `${files++}.csv`);
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const header = (rows[0] ?? []).map((_, column) => `c${column}`);
  await writeFile(path, [header, ...rows].map((row) => row.map(quoted).join(',')).join('\n'));
  return readCsv(path, {
    delimiter: ',',
    nullTexts: [],
    types,
    maxRowBytes: 2 ** 21,
    maxColumns: 2000,
    maxIssues: 2000,
    stopEarly: false,
  });
}

async function agree(t: { deepEqual: (actual: unknown, expected: unknown) => unknown }, given: readonly string[]) {
  const texts = given.filter((text) => text !== '');
  if (texts.length === 0) return;
  const { contents, table } = await natively([texts]);
  const found = table.columns.map((column, at) => {
    const type = contents.types[at]?.toUpperCase();
    const cell = cellAt(column, 0);
    return `${type} ${typeof cell === 'number' && type === 'DOUBLE' ? double(cell) : String(cell)}`;
  });
  const expected = (await byEngine(texts)).map((text) =>
    text.startsWith('DOUBLE ') ? `DOUBLE ${double(Number(text.slice(7)))}` : text,
  );
  t.deepEqual(found, expected);
  for (const type of ['INTEGER', 'DOUBLE'] as const) {
    const asked = new Map([['c0', type.toLowerCase() as CsvType]]);
    const { contents: accepted } = await natively(
      texts.map((text) => [text]),
      asked,
    );
    const bad = new Set(accepted.issues.map(({ line }) => line));
    let line = 2;
    const native = texts.map((text) => {
      const good = !bad.has(line);
      line += text.split('\n').length;
      return good;
    });
    t.deepEqual(native, await acceptedByEngine(type, texts));
  }
}

/** The bits: -0 is another than 0. */
function double(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

test('numbers, words and times mean the same as to the engine', async (t) => {
  const numbers =
    '-0 +5 5. .5 1e400 -1e400 1e-400 9007199254740993 9007199254740994 9007199254740992.5 1e5 1E+5 1e - . + 1_000 9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 0 00 0.0 00.5 -0.0 +-5 1e22 1e23 123456789012345678901234567890 0.1e-5 4.9e-324 2e-324 2.5e-324 1.7976931348623159e308 179769313486231580793e289 1e00000000000000000005 1e99999999999 0e999 0.000e-999999999 0007 +007 nan inf Infinity 0x10 1e+ 1.5.2 --1 123456789.123456789 0.30000000000000004 8.5e-310';
  const times =
    '2020-01-01 2020-02-30 0000-01-01 0001-01-01 9999-12-31 1582-10-10 1500-02-29 1900-02-29 2000-02-29 2020-01-01T24:00 2020-01-01T23:59:60 2020-01-01T12:00:00.1234567 2020-01-01T12:00:00.5Z 2020-01-01T12:00+14 2020-01-01T12:00Z 2020-01-01T12:00:00+14 2020-01-01T12:00:00-1559 2020-01-01T12:00:00-99 2020-01-01T12:00:00+05:60 2020-13-01 2020-01-01T 2020-01-01T12 2020-01-01T12:60 2020-01-01T24:01 2020-01-01T24:00:00-01 2020-01-01T12:00:00.12-03:30 0000-01-01T00:00:00+10 9999-12-31T23:59:59.999999-12 2020-1-01 20-01-01 2020-01-01t12:00';
  const blanks = [
    ' 5',
    ' 5 ',
    '\t5',
    '5\f',
    '\v5',
    '5\u00a0',
    ' 5\t',
    ' 7\n',
    ' true',
    'truE ',
    '2020-01-01 ',
    ' 1.5 ',
  ];
  const words = ['TRUE', 'True', 'fAlse', 'yes', 'ſ', 'K', 'tr\u0075e\u0301'];
  await agree(t, [
    ...numbers.split(' '),
    ...times.split(' '),
    ...blanks,
    ...words,
    '2020-01-01 12:00:00',
    '2020-01-01 24:00:00.5',
  ]);
});

test('any text that looks like a number or a time does', async (t) => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 20 });
  const number = fc.tuple(
    fc.constantFrom('', '-', '+', ' '),
    digits,
    fc.constantFrom('', '.', '.5', '.000001'),
    digits,
    fc.constantFrom('', 'e', 'E5', 'e-3', 'e+300', 'e-320', ' '),
  );
  const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
  const time = fc
    .tuple(
      fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }),
      fc.integer({ min: 8, max: 24 }),
    )
    .map(([date, length]) => date.toISOString().slice(0, length));
  const text = fc.oneof(
    number.map((parts) => parts.join('')),
    double,
    time,
    fc.string({ maxLength: 3 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        text.map((some) => some.replaceAll('\0', '')),
        { minLength: 100, maxLength: 200 },
      ),
      async (texts) => agree(t, texts),
    ),
    { numRuns: 20 },
  );
});
