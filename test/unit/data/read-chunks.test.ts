import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBBlobValue, DuckDBInstance } from '@duckdb/node-api';
import test from 'ava';
import { openEngine } from '../../../services/data/engine.js';
import { readChunks, type TableChunk } from '../../../services/data/read-chunks.js';
import type { StoredColumn } from '../../../services/data/store.js';

const mebibyte = 1024 * 1024;

/** Writes a Parquet file by SQL over `range(rows) t(row)`, and reads it: chunks, and every value one by one. */
async function written(
  columns: readonly (Omit<StoredColumn, 'name' | 'nullable'> & { sql: string })[],
  { rows, threads = 2, wanted = null }: { rows: number; threads?: number; wanted?: Uint8Array | null },
): Promise<{ chunks: TableChunk[]; cells: unknown[][]; stored: StoredColumn[] }> {
  const directory = await mkdtemp(join(tmpdir(), 'tenon-read-'));
  const path = join(directory, 'table');
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await instance.connect();
  const selected = columns.map(({ sql }, at) => `${sql} AS x${at}`).join(', ');
  // As versions were stored before: other levels and sizes of dictionaries are read alike.
  await connection.run(
    `COPY (SELECT ${selected} FROM range(${rows}) t(row)) TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)`,
  );
  const stored = columns.map(
    ({ sql: _, ...column }, at): StoredColumn => ({ ...column, name: `x${at}`, nullable: true }),
  );
  const chunks: TableChunk[] = [];
  const positions = columns.map((_, at) => at);
  const { signal } = new AbortController();
  for await (const chunk of readChunks({ connection, path, stored, columns: positions, wanted, signal })) {
    chunks.push(chunk);
  }
  const cells = (await connection.runAndReadAll(`SELECT * FROM read_parquet('${path}')`)).getRows();
  connection.closeSync();
  instance.closeSync();
  await rm(directory, { recursive: true });
  return { chunks, cells, stored };
}

/** The value at a row of a chunk's column. */
function valueAt({ columns }: TableChunk, column: number, row: number): unknown {
  const { type, data, validity, dictionary, tensor } = columns[column] as TableChunk['columns'][number];
  if (validity.length > 0 && (((validity[row >> 3] as number) >> (row & 7)) & 1) === 0) return null;
  if (tensor !== null) return [...data.subarray(row * 3, row * 3 + 3)];
  if (type === 'COLUMN_TYPE_DOUBLE') return data.readDoubleLE(row * 8);
  if (type === 'COLUMN_TYPE_STRING') return dictionary[data.readUInt32LE(row * 4)];
  return type === 'COLUMN_TYPE_BOOLEAN' ? data[row] === 1 : data.readBigInt64LE(row * 8);
}

/** The bytes that a row adds to a chunk whose dictionaries hold `texts`. */
function bytesOf(values: readonly unknown[], stored: readonly StoredColumn[], texts: Set<unknown>[]): number {
  return stored.reduce((sum, { type, tensor }, at) => {
    const value = values[at];
    if (tensor) return sum + 3;
    if (type === 'COLUMN_TYPE_BOOLEAN') return sum + 1;
    if (type !== 'COLUMN_TYPE_STRING') return sum + 8;
    if (value === null || texts[at]?.has(value)) return sum + 4;
    texts[at]?.add(value);
    return sum + 8 + Buffer.byteLength(String(value));
  }, 0);
}

const columns = [
  { type: 'COLUMN_TYPE_BOOLEAN', sql: 'CASE WHEN row % 5 > 0 THEN row % 3 = 0 END' },
  // Some have the bits of NaN as a double.
  { type: 'COLUMN_TYPE_INTEGER', sql: 'CASE WHEN row % 2 = 0 THEN -row ELSE 9218868437227405313 + row END' },
  { type: 'COLUMN_TYPE_DOUBLE', sql: 'CASE WHEN row % 70000 > 100 THEN row / 7 END' },
  { type: 'COLUMN_TYPE_DOUBLE', sql: 'CASE WHEN false THEN row::DOUBLE END' },
  { type: 'COLUMN_TYPE_STRING', sql: "CASE WHEN row % 9 > 0 THEN 'short ' || row % 700 END" },
  {
    type: 'COLUMN_TYPE_STRING',
    sql: "repeat('é', (row * 7919 % 40)::INT) || CASE WHEN row > 20000 THEN row ELSE row % 3 END",
  },
  { type: 'COLUMN_TYPE_TIMESTAMP', sql: "TIMESTAMP '1969-12-31' + INTERVAL (row) MILLISECOND" },
  {
    type: 'COLUMN_TYPE_TENSOR',
    tensor: { dtype: 'DATA_TYPE_UINT8', shape: [3] },
    sql: "CASE WHEN row % 4 > 0 THEN encode('a' || chr((48 + row % 10)::INT) || 'b') END",
  },
] as const satisfies Parameters<typeof written>[0];

const rows = 100_000;
const wantedRows: [string, Uint8Array | null][] = [
  ['all rows', null],
  ['rows here and there', Uint8Array.from({ length: rows }, (_, row) => ((row * row) % 7 < 3 ? 1 : 0))],
  [
    'a run of rows and one',
    Uint8Array.from({ length: rows }, (_, row) => (row === 5 || (row > 4_000 && row < 90_001) ? 1 : 0)),
  ],
  ['no row', new Uint8Array(rows)],
];

for (const [what, wanted] of wantedRows) {
  test(`chunks of ${what} hold every value in order, and end with the row that reaches 1 MiB`, async (t) => {
    const { chunks, cells, stored } = await written(columns, { rows, wanted });
    const kept = cells.filter((_, row) => wanted === null || wanted[row] === 1);
    let firstRow = 0;
    for (const chunk of chunks) {
      t.is(chunk.firstRow, firstRow);
      const texts = stored.map(() => new Set<unknown>());
      let bytes = 0;
      let wrong = 0;
      for (let row = 0; row < chunk.rowCount; row++) {
        if (bytes >= mebibyte) t.fail(`row ${row} of the chunk from ${firstRow} is beyond 1 MiB`);
        const values = kept[firstRow + row] ?? [];
        bytes += bytesOf(values, stored, texts);
        for (const [at, { type, tensor }] of stored.entries()) {
          let expected: unknown = values[at];
          if (expected !== null && type === 'COLUMN_TYPE_TIMESTAMP') expected = (expected as { micros: bigint }).micros;
          if (expected instanceof DuckDBBlobValue) expected = [...expected.bytes];
          const seen = valueAt(chunk, at, row);
          if (tensor ? JSON.stringify(seen) !== JSON.stringify(expected) : seen !== expected) wrong++;
        }
      }
      t.is(wrong, 0, `values of the chunk from ${firstRow}`);
      firstRow += chunk.rowCount;
      if (firstRow < kept.length) t.true(bytes >= mebibyte || chunk.rowCount === 65_536, `${bytes} bytes`);
      for (const [at, { dictionary }] of chunk.columns.entries()) {
        if (stored[at]?.type === 'COLUMN_TYPE_STRING') t.is(new Set(dictionary).size, dictionary.length);
        else t.deepEqual(dictionary, []);
      }
    }
    t.is(firstRow, kept.length);
    t.true(wanted !== null || chunks.length > 3);
  });
}

test('texts of any bytes stay apart', async (t) => {
  const texts = [
    'x',
    '\uFEFFx',
    '\uFEFF',
    '',
    '\u0000',
    'x\u0000',
    '12 bytes text',
    '12 bytes text\u0000',
    '\u{1F600}'.repeat(4),
  ];
  const sql = `[${texts.map((text) => [...text].map((letter) => `chr(${letter.codePointAt(0)})`).join(' || ') || "''")}]`;
  const { chunks } = await written([{ type: 'COLUMN_TYPE_STRING', sql: `${sql}[1 + row % ${texts.length}]` }], {
    rows: 5_000,
  });
  t.deepEqual(chunks[0]?.columns[0]?.dictionary, texts);
});

test('a text larger than a chunk ends it', async (t) => {
  const { chunks } = await written(
    [
      {
        type: 'COLUMN_TYPE_STRING',
        sql: 'repeat(chr((97 + row % 3)::INT), CASE WHEN row % 4 = 1 THEN 1100000 ELSE 20 END)',
      },
    ],
    { rows: 12 },
  );
  t.deepEqual(
    chunks.map(({ firstRow, rowCount }) => [firstRow, rowCount]),
    [
      [0, 2],
      [2, 4],
      [6, 4],
      [10, 2],
    ],
  );
  t.deepEqual(
    chunks.flatMap((chunk) =>
      Array.from({ length: chunk.rowCount }, (_, row) => String(valueAt(chunk, 0, row)).length),
    ),
    Array.from({ length: 12 }, (_, row) => (row % 4 === 1 ? 1_100_000 : 20)),
  );
});

test('a reading that is left at its first chunk closes in peace, and one that is aborted ends with the reason', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'tenon-read-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, 'table');
  const engine = await openEngine({ directory, memoryLimitBytes: 512 * mebibyte, threads: 2 });
  const setup = await engine.open(new AbortController().signal);
  await setup.connection.run(`COPY (SELECT random() AS x FROM range(2000000)) TO '${path}' (FORMAT parquet)`);
  setup.close();
  const stored: StoredColumn[] = [{ name: 'x', type: 'COLUMN_TYPE_DOUBLE', nullable: false }];
  for (const aborted of [false, true]) {
    const control = new AbortController();
    const { connection, close } = await engine.open(control.signal);
    const reading = readChunks({ connection, path, stored, columns: [0], wanted: null, signal: control.signal });
    t.is((await reading.next()).value?.rowCount, 65_536);
    if (aborted) {
      const reason = new Error('gone');
      control.abort(reason);
      t.is(
        await t.throwsAsync(async () => {
          for await (const _ of reading);
        }),
        reason,
      );
    } else await reading.return?.(undefined);
    close();
  }
  await engine.close();
});
