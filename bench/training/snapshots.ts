import { type FitCheckpoint, fitEstimator } from '../../native/estimators/fit.js';
import type { Matrix } from '../../native/table/matrix.js';
import { openFitSnapshots } from '../../services/training/fit-snapshots.js';
import { tenonVersion } from '../../services/training/tenon-version.js';
import { inFolder } from '../lib/folder.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { rowsInTurns } from '../lib/turns.js';

/** A tenth of what the training service leaves between two snapshots by default, so that short fits show the cost. */
const intervalSeconds = 1;

/** A fit that lasts some intervals. */
interface Work {
  readonly title: string;
  readonly estimator: string;
  readonly rows: number;
  readonly columns: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly smoke: Readonly<Record<string, unknown>>;
}

const works: readonly Work[] = [
  {
    title: 'gradient boosting fit',
    estimator: 'gradient-boosting',
    rows: 1_000_000,
    columns: 20,
    parameters: { n_estimators: 90 },
    smoke: { n_estimators: 5 },
  },
  {
    title: 'dense network fit, 256 units',
    estimator: 'neural-network',
    rows: 60_000,
    columns: 784,
    parameters: { hidden_layer_sizes: 256, batch_size: 128, max_iter: 10, n_iter_no_change: 1_000_000 },
    smoke: { hidden_layer_sizes: 16, max_iter: 2 },
  },
];

/** Numbers of which the first columns decide the class. */
function madeUp(rowCount: number, columnCount: number): { features: Matrix; target: Float64Array } {
  const data = new Float32Array(rowCount * columnCount);
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state / 2 ** 31 - 1;
  }
  const target = Float64Array.from({ length: rowCount }, (_, row) => {
    const [a = 0, b = 0, c = 0, noise = 0] = data.subarray(row * columnCount, row * columnCount + 4);
    return a * b + Math.sin(3 * c) + noise / 4 > 0 ? 1 : 0;
  });
  return { features: { data, rowCount, columnCount }, target };
}

async function measure({ title, estimator, rows, columns, ...work }: Work, smoke: boolean): Promise<BenchRow[]> {
  const data = madeUp(smoke ? 2000 : rows, smoke ? 20 : columns);
  const parameters = smoke ? work.smoke : work.parameters;
  let taken = 0;
  let bytes = 0;
  const timed = async (checkpoint?: FitCheckpoint) => {
    const begin = performance.now();
    const common = { task: 'classification' as const, classCount: 2, seed: 0 };
    const model = await fitEstimator({ estimator, parameters, ...data, ...common, checkpoint });
    const seconds = (performance.now() - begin) / 1000;
    model.dispose();
    return seconds;
  };
  const rounds = smoke ? 1 : 9;
  // Kept on disk as the training service keeps them.
  const kept = () =>
    inFolder(async (folder) => {
      const snapshots = await openFitSnapshots(folder, (_, error) => {
        throw error;
      });
      return await timed({
        intervalSeconds: smoke ? 0 : intervalSeconds,
        async save(snapshot, step) {
          taken++;
          bytes = Math.max(bytes, snapshot.length);
          await snapshots.write('fit', { bytes: snapshot, step, fitSeconds: 0 }, snapshots.spent);
        },
      });
    });
  const measured = await rowsInTurns({
    work: title,
    rounds,
    rivals: [{ kind: 'none', peer: 'Tenon without them', version: tenonVersion, turn: () => timed() }],
    ours: kept,
    figure: (seconds) => seconds,
    unit: 's',
    better: 'smaller',
    // At most 2 % slower.
    goal: 0.98,
  });
  if (taken < rounds) throw new Error(`${title}: ${taken} snapshots in ${rounds} fits; make them longer`);
  const size = `${data.features.rowCount} x ${data.features.columnCount}`;
  const detail = `snapshots of ${(bytes / 1e6).toFixed(1)} MB every second`;
  return measured.map((row) => ({ ...row, work: `${title}, ${size}, ${detail}` }));
}

/** What it costs that a long fit is kept on its way, ten times as often as the training service keeps it by default. */
export const snapshotsBenchmark: Benchmark = {
  name: 'snapshots',
  async run({ smoke }) {
    const rows: BenchRow[] = [];
    for (const work of works) rows.push(...(await measure(work, smoke)));
    return rows;
  },
};
