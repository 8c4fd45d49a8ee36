import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { type Engine, openEngine } from '../../../services/data/engine.js';
import { ingest } from '../../../services/data/ingest.js';
import { checkHeader } from '../../../services/data/validate.js';
import { TenonError } from '../../../services/mesh/errors.js';
import { unstated } from './unstated-header.js';

interface Place {
  directory: string;
  engine: Engine;
  path: string;
}

async function place(t: ExecutionContext): Promise<Place> {
  const directory = await mkdtemp(join(tmpdir(), 'tenon-ingest-'));
  const engine = await openEngine({ directory, memoryLimitBytes: 256 * 1024 * 1024, threads: 2 });
  t.teardown(async () => {
    await engine.close();
    await rm(directory, { recursive: true, force: true });
  });
  return { directory, engine, path: join(directory, 'source') };
}

function read({ directory, engine, path }: Place, signal = new AbortController().signal) {
  const output = join(directory, 'table');
  return ingest(engine, { path, output, header: checkHeader({ ...unstated }), maxColumns: 100, maxBytes: 1e9, signal });
}

async function parquet({ path }: Place, select: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

test('the types of Parquet columns become the nearest of ours, NaN becomes null', async (t) => {
  const at = await place(t);
  await parquet(
    at,
    `SELECT 1::TINYINT AS i, 2::UBIGINT AS u, 1.5::FLOAT AS f, 2.25::DECIMAL(9,2) AS d, 'NaN'::DOUBLE AS n,
      DATE '2020-01-02' AS day, TIMESTAMPTZ '2020-01-02 03:04:05+02:00' AS z, 'x' AS s, NULL AS nothing`,
  );
  const { columns, profile } = await read(at);
  t.deepEqual(
    columns.map(({ name, type, nullable }) => `${name} ${type} ${nullable}`),
    [
      'i COLUMN_TYPE_INTEGER false',
      'u COLUMN_TYPE_INTEGER false',
      'f COLUMN_TYPE_DOUBLE false',
      'd COLUMN_TYPE_DOUBLE false',
      'n COLUMN_TYPE_DOUBLE true',
      'day COLUMN_TYPE_TIMESTAMP false',
      'z COLUMN_TYPE_TIMESTAMP false',
      's COLUMN_TYPE_STRING false',
      'nothing COLUMN_TYPE_INTEGER true',
    ],
  );
  t.is(profile.find(({ name }) => name === 'z')?.min, Date.UTC(2020, 0, 2, 1, 4, 5) * 1000);
});

for (const [what, select, message] of [
  ['an infinity', "SELECT 1.0::DOUBLE AS x UNION ALL SELECT 'inf'::DOUBLE", /line 2, column x: an infinity/],
  ['a list', 'SELECT [1] AS x', /column x: a column of type INTEGER\[\]/],
  ['a struct', "SELECT {'a': 1} AS x", /column x: a column of type STRUCT/],
  ['bytes', "SELECT 'a'::BLOB AS x", /column x: a column of type BLOB/],
  ['an integer beyond 64 bits', 'SELECT 18446744073709551615::UBIGINT AS x', /column x: 1 values beyond 64-bit/],
] as const) {
  test(`Parquet that no column of ours can hold is refused: ${what}`, async (t) => {
    const at = await place(t);
    await parquet(at, select);
    const error = await t.throwsAsync(read(at), { instanceOf: TenonError });
    t.is(error?.reason, 'UNPARSABLE_FILE');
    t.regex(error?.message ?? '', message);
  });
}

test('the profile of extreme numbers is finite', async (t) => {
  const at = await place(t);
  await writeFile(at.path, 'x,y\n1.7e308,-5\n-1.7e308,\n1e308,5\n');
  const { profile } = await read(at);
  const [x, y] = profile;
  for (const value of [x?.mean, x?.stdDev, x?.min, x?.max, ...(x?.quantiles ?? [])]) t.true(Number.isFinite(value));
  t.is(x?.max, 1.7e308);
  t.deepEqual([y?.mean, y?.nullCount, y?.distinctCount], [0, 1, 2]);
});

test('texts that only look like numbers stay text', async (t) => {
  const at = await place(t);
  await writeFile(at.path, 'zip,hex,big,inf,under,exact\n01234,0x1F,1e400,inf,1_000,12345678901234567890\n');
  const { columns } = await read(at);
  t.deepEqual(new Set(columns.map(({ type }) => type)), new Set(['COLUMN_TYPE_STRING']));
});

test('quotes, line ends and delimiters inside fields come through', async (t) => {
  const at = await place(t);
  await writeFile(at.path, '"a\r\n""x""",b\r\n"1\r\n2","x,""y"""\n"",z\r\n');
  const { columns, profile, rowCount } = await read(at);
  t.is(rowCount, 2);
  t.is(columns[0]?.name, 'a\r\n"x"');
  t.deepEqual(profile[0]?.topValues, [{ value: '1\r\n2', count: 1 }]);
  t.deepEqual(
    profile[1]?.topValues.map(({ value }) => value),
    ['x,"y"', 'z'],
  );
});

test('a table of many rows gives the same bytes each time', async (t) => {
  const at = await place(t);
  const rows = Array.from({ length: 200_000 }, (_, row) => `${row},${(row * 7919) % 1000},t${row % 13}`);
  await writeFile(at.path, ['a,b,c', ...rows].join('\n'));
  const files: Buffer[] = [];
  for (let time = 0; time < 3; time++) {
    const { rowCount } = await read(at);
    t.is(rowCount, rows.length);
    files.push(await readFile(join(at.directory, 'table')));
    for (const name of ['table', 'source.columns']) await rm(join(at.directory, name), { force: true });
  }
  t.true(files.every((file) => file.equals(files[0] ?? Buffer.alloc(0))));
});

test('an aborted reading ends with the reason of the abort', async (t) => {
  const at = await place(t);
  await writeFile(at.path, `a\n${'1\n'.repeat(500_000)}`);
  const reason = new Error('gone');
  const control = new AbortController();
  const reading = read(at, control.signal);
  control.abort(reason);
  t.is(await t.throwsAsync(reading), reason);
});

test('lines before the header are blank or nothing, and a header must end', async (t) => {
  const at = await place(t);
  await writeFile(at.path, '\n\na,b\n1,2\n');
  const { columns } = await read(at);
  t.deepEqual(
    columns.map(({ name }) => name),
    ['a', 'b'],
  );
  const endless = await place(t);
  await writeFile(endless.path, `"${'x'.repeat(6 * 1024 * 1024)}`);
  const error = await t.throwsAsync(read(endless), { instanceOf: TenonError });
  t.is(error?.reason, 'UNPARSABLE_FILE');
});

test('a file of nothing but damaged lines is refused quickly', async (t) => {
  const at = await place(t);
  await writeFile(at.path, `a\n${'\0\n'.repeat(1_000_000)}`);
  const header = checkHeader({ ...unstated, badRows: 'BAD_ROW_POLICY_SKIP' });
  const output = join(at.directory, 'table');
  const { signal } = new AbortController();
  const error = await t.throwsAsync(
    ingest(at.engine, { path: at.path, output, header, maxColumns: 100, maxBytes: 1e9, signal }),
    {
      instanceOf: TenonError,
    },
  );
  t.is(error?.reason, 'EMPTY_TABLE');
  t.regex(error?.message ?? '', /1000000 rows are bad/);
});
