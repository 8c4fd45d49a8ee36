import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import type { UploadDatasetHeader__Output } from '../../../proto/gen/tenon/data/v1/index.js';
import { openEngine } from '../../../services/data/engine.js';
import { ingest } from '../../../services/data/ingest.js';
import { checkHeader } from '../../../services/data/validate.js';
import { unstated } from './unstated-header.js';

async function folder(t: ExecutionContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tenon-write-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** The stored bytes of a file, by an engine of so many threads. */
async function stored(
  source: Buffer | string,
  { t, threads, header = {} }: { t: ExecutionContext; threads: number; header?: Partial<UploadDatasetHeader__Output> },
): Promise<{ bytes: Buffer; badRowCount: number }> {
  const directory = await folder(t);
  const engine = await openEngine({ directory, memoryLimitBytes: 512 * 1024 * 1024, threads });
  const path = join(directory, 'source');
  const output = join(directory, 'table');
  await writeFile(path, source);
  const { badRowCount } = await ingest(engine, {
    path,
    output,
    header: checkHeader({ ...unstated, ...header }),
    maxColumns: 100,
    maxBytes: 1e9,
    signal: new AbortController().signal,
  });
  await engine.close();
  return { bytes: await readFile(output), badRowCount };
}

/** The result of SQL, with the rows per group of the Parquet file where it is copied to. */
async function sql(statement: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(statement)).getRows();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

const rowCount = 300_000;
const row = (at: number): [number, number | null, string] => [
  at,
  at % 5 === 0 ? null : ((at * 7919) % 100_003) / 8,
  `text ${(at * 31) % 20_011}`,
];

test('a table gives the same bytes at any number of threads, however it arrives and whatever was left out', async (t) => {
  const csv = ['a,b,c'];
  const json: string[] = [];
  for (let at = 0; at < rowCount; at++) {
    const [a, b, c] = row(at);
    csv.push(`${a},${b ?? ''},${c}`);
    json.push(JSON.stringify({ a, b, c }));
  }
  const { bytes } = await stored(csv.join('\n'), { t, threads: 1 });
  const same = async (what: string, source: Buffer | string, header: Partial<UploadDatasetHeader__Output> = {}) => {
    for (const threads of [1, 2, 5]) {
      const other = await stored(source, { t, threads, header });
      t.true(other.bytes.equals(bytes), `${what} on ${threads} threads`);
      t.is(other.badRowCount, header.badRows === 'BAD_ROW_POLICY_SKIP' ? Math.ceil(rowCount / 1_000) : 0);
    }
  };
  await same('CSV', csv.join('\n'));
  await same('JSON', json.join('\n'));

  const ragged = join(await folder(t), 'ragged');
  await writeFile(`${ragged}.stored`, bytes);
  await sql(
    `COPY (SELECT * FROM read_parquet('${ragged}.stored')) TO '${ragged}' (FORMAT parquet, ROW_GROUP_SIZE 10000)`,
  );
  await same('Parquet', await readFile(ragged));

  // One row in a thousand has a text where a number is asked for.
  const damaged = csv.flatMap((line, at) => (at % 1_000 === 1 ? ['x,1,bad', line] : [line]));
  await same('CSV with bad rows', damaged.join('\n'), {
    badRows: 'BAD_ROW_POLICY_SKIP',
    columns: [{ name: 'a', type: 'COLUMN_TYPE_INTEGER', nullable: false, categories: [], tensor: null }],
  });
});

test('a stored file has groups of 65,536 rows, in the order of the file', async (t) => {
  const lines = Array.from({ length: 200_000 }, (_, at) => `${at},${at / 4}`);
  const { bytes } = await stored(['a,b', ...lines].join('\n'), { t, threads: 2 });
  const path = join(await folder(t), 'stored');
  await writeFile(path, bytes);
  const groups = await sql(
    `SELECT row_group_num_rows FROM parquet_metadata('${path}') WHERE column_id = 0 ORDER BY row_group_id`,
  );
  t.deepEqual(groups.flat().map(Number), [65_536, 65_536, 65_536, 3_392]);
  const [ordered] = await sql(
    `SELECT bool_and(a = file_row_number AND b = a / 4) FROM read_parquet('${path}', file_row_number = true)`,
  );
  t.is(ordered?.[0], true);
});
