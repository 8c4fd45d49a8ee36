import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fitRecipeOnRows } from '../../native/recipe/fit-recipe.js';
import type { RecipeStep } from '../../native/recipe/recipe-step.js';
import { tableFromChunks } from '../../native/table/from-chunks.js';
import { readCsv } from '../../native/table/read-csv.js';
import type { Table } from '../../native/table/table.js';
import { openEngine } from '../../services/data/engine.js';
import { ingest } from '../../services/data/ingest.js';
import { readChunks, type TableChunk } from '../../services/data/read-chunks.js';
import type { CheckedHeader } from '../../services/data/validate.js';
import { inFolder } from '../lib/folder.js';
import { inTurn } from '../lib/in-turn.js';
import { benchThreads } from '../lib/machine.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, expectSame, rowOf } from '../lib/row.js';

const peers = [
  { name: 'duckdb', peer: 'DuckDB', goal: 1, uploadGoal: 0.25 },
  { name: 'pandas', peer: 'pandas', goal: 1.5, uploadGoal: 1 },
  { name: 'polars', peer: 'polars', goal: 1, uploadGoal: null },
] as const;

interface Cleaned {
  seconds: number;
  /** How many rows are left. */
  rows: number;
}

const header: CheckedHeader = {
  dataset: 'datasets/table',
  format: null,
  skipBadRows: false,
  nullTexts: [],
  nullTextsGiven: false,
  delimiter: '',
  columns: [],
  parts: [],
  requestId: '',
  sha256: '',
};

const steps: readonly RecipeStep[] = [
  { kind: 'dropMissing', columns: [] },
  { kind: 'dropDuplicates', columns: [] },
  { kind: 'standardize', columns: [] },
];

/** A file read into memory, and its rows cleaned. */
async function clean(file: string): Promise<Cleaned> {
  const begin = performance.now();
  const { table } = await readCsv(file, {
    delimiter: ',',
    nullTexts: [],
    maxRowBytes: 2 ** 21,
    maxColumns: 1000,
    maxIssues: 10,
    stopEarly: true,
  });
  return fitted(table, begin);
}

/** The same after what an upload and a job do with a file: a stored version with its profile, read back in chunks. */
async function upload(file: string): Promise<Cleaned> {
  return await inFolder(async (directory) => {
    const path = join(directory, 'uploaded');
    await copyFile(file, path);
    const engine = await openEngine({ directory, memoryLimitBytes: 4 * 2 ** 30, threads: benchThreads });
    const { signal } = new AbortController();
    const begin = performance.now();
    const output = join(directory, 'stored');
    const { columns } = await ingest(engine, { path, output, header, maxColumns: 1000, maxBytes: 2 ** 32, signal });
    const chunks = await engine.use(signal, async (connection) => {
      const every = columns.map((_, index) => index);
      const read: TableChunk[] = [];
      for await (const chunk of readChunks({
        connection,
        path: output,
        stored: columns,
        columns: every,
        wanted: null,
        signal,
      })) {
        read.push(chunk);
      }
      return read;
    });
    const cleaned = await fitted(tableFromChunks(chunks), begin);
    await engine.close();
    return cleaned;
  });
}

/** The features of a table's rows by the steps, and the time since `begin`. */
async function fitted(table: Table, begin: number): Promise<Cleaned> {
  const recipe = await fitRecipeOnRows(steps, table, { inputs: table.columns.map(({ name }) => name) });
  const { features } = recipe.apply();
  return { seconds: (performance.now() - begin) / 1000, rows: features.rowCount };
}

async function rowsOf(folder: string, smoke: boolean): Promise<BenchRow[]> {
  const [rowCount, columnCount] = smoke ? [5000, 20] : [1_000_000, 20];
  const file = join(folder, 'table.csv');
  await runPeer('csv_clean.py', ['make', file, rowCount, columnCount], { group: 'csv' });
  const { ours, theirs } = await inTurn(smoke ? 1 : 3, {
    theirs: async () => {
      const runs: (Cleaned & { version: string })[] = [];
      for (const { name } of peers)
        runs.push(await runPeer('csv_clean.py', [name, file, benchThreads], { group: 'csv' }));
      return runs;
    },
    ours: async () => ({ clean: await clean(file), upload: await upload(file) }),
  });
  const table = `CSV ${rowCount} x ${columnCount}`;
  const kinds = [
    { kind: 'clean', work: `${table}: read, drop missing and duplicates, standardize` },
    { kind: 'upload', work: `${table}: the same; ours uploads, profiles, stores and reads back as well` },
  ] as const;
  return kinds.flatMap(({ kind, work }) =>
    peers.flatMap(({ peer, goal: cleanGoal, uploadGoal }, at) => {
      const goal = kind === 'clean' ? cleanGoal : uploadGoal;
      if (goal === null) return [];
      expectSame(work, ours[0]?.[kind].rows ?? 0, theirs[0]?.[at]?.rows ?? Number.NaN, 0);
      return rowOf({
        work,
        peer,
        peerVersion: theirs[0]?.[at]?.version ?? '',
        threads: benchThreads,
        ours: ours.map((round) => round[kind].seconds),
        theirs: theirs.map((round) => round[at]?.seconds ?? Number.NaN),
        unit: 's',
        better: 'smaller',
        goal,
      });
    }),
  );
}

/**
 * From a CSV file to standardized features: every cell checked, and by a recipe that predictions repeat. Then the way of
 * an upload and a job, without the network, beside the same peers, who store and profile nothing.
 */
export const csvBenchmark: Benchmark = {
  name: 'csv',
  run: ({ smoke }) => inFolder((folder) => rowsOf(folder, smoke)),
};
