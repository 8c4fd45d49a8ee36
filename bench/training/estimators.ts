import { join } from 'node:path';
import { fitEstimator } from '../../native/estimators/fit.js';
import type { Matrix } from '../../native/table/matrix.js';
import { readDoubles, readFloats } from '../lib/arrays.js';
import { accuracyOf } from '../lib/classification.js';
import { contest, type Turn } from '../lib/contest.js';
import { inFolder } from '../lib/folder.js';
import { runPeer } from '../lib/peers.js';
import type { Benchmark, BenchRow } from '../lib/row.js';

/** Four fifths of the rows are learned from; the rest is held out. */
interface Data {
  readonly train: Matrix;
  readonly target: Float64Array;
  readonly held: Matrix;
  readonly wanted: Float64Array;
}

/** What is done; the peer's script knows it by its name. */
interface Work {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly goal: number;
  readonly slack: number;
  run(data: Data): Promise<Turn>;
}

const secondsSince = (begin: number) => (performance.now() - begin) / 1000;

function classifier(estimator: string, parameters: Record<string, unknown>, time: 'fit' | 'score') {
  return async ({ train, target, held, wanted }: Data): Promise<Turn> => {
    let begin = performance.now();
    const task = 'classification' as const;
    const model = await fitEstimator({ estimator, parameters, task, features: train, target, classCount: 2, seed: 0 });
    const fitting = secondsSince(begin);
    begin = performance.now();
    const out = await model.predict(held);
    const scoring = secondsSince(begin);
    model.dispose();
    return { seconds: time === 'fit' ? fitting : scoring, quality: accuracyOf(out, wanted) };
  };
}

async function kMeans({ train }: Data): Promise<Turn> {
  const begin = performance.now();
  const model = await fitEstimator({
    estimator: 'k-means',
    parameters: { n_clusters: 32, max_iter: 50, tol: 0 },
    task: 'clustering',
    features: train,
    target: new Float64Array(0),
    classCount: 0,
    seed: 0,
  });
  const seconds = secondsSince(begin);
  const [centers] = model.toTensors().tensors;
  const center = new Float64Array(centers?.data.slice().buffer ?? new ArrayBuffer(0));
  const { data, columnCount } = train;
  const labels = await model.predict(train);
  let total = 0;
  for (let at = 0; at < data.length; at++) {
    const label = labels[Math.floor(at / columnCount)] ?? 0;
    total += ((data[at] ?? 0) - (center[label * columnCount + (at % columnCount)] ?? 0)) ** 2;
  }
  model.dispose();
  return { seconds, quality: -total / train.rowCount };
}

const works: readonly Work[] = [
  {
    name: 'extra-trees',
    rows: 50_000,
    columns: 20,
    goal: 3,
    slack: 0.005,
    run: classifier('extra-trees', {}, 'fit'),
  },
  { name: 'linear-svm', rows: 50_000, columns: 40, goal: 1, slack: 0.002, run: classifier('linear-svm', {}, 'fit') },
  {
    name: 'gaussian-naive-bayes',
    rows: 500_000,
    columns: 40,
    goal: 1,
    slack: 1e-3,
    run: classifier('gaussian-naive-bayes', {}, 'fit'),
  },
  {
    name: 'k-nearest-neighbors',
    rows: 25_000,
    columns: 100,
    goal: 1,
    slack: 1e-3,
    run: classifier('k-nearest-neighbors', {}, 'score'),
  },
  { name: 'k-means', rows: 100_000, columns: 50, goal: 1, slack: 0.2, run: kMeans },
];

async function measure({ name, rows, columns, goal, slack, run }: Work, smoke: boolean): Promise<BenchRow> {
  return await inFolder(async (folder) => {
    const [rowCount, columnCount] = smoke ? [2000, Math.min(columns, 50)] : [rows, columns];
    await runPeer('estimators.py', ['make', folder, rowCount, columnCount]);
    const features = await readFloats(join(folder, 'features.f32'));
    const labels = await readDoubles(join(folder, 'labels.f64'));
    const trained = Math.floor((rowCount * 4) / 5);
    const part = (from: number, to: number): Matrix => ({
      data: features.slice(from * columnCount, to * columnCount),
      rowCount: to - from,
      columnCount,
    });
    const data: Data = {
      train: part(0, trained),
      target: labels.slice(0, trained),
      held: part(trained, rowCount),
      wanted: labels.slice(trained),
    };
    return await contest({
      work: `${name}, ${rowCount} x ${columnCount}`,
      peer: 'scikit-learn',
      rounds: smoke ? 1 : 3,
      goal,
      // So few rows say little about either side.
      slack: smoke ? 5 : slack,
      theirs: [() => runPeer('estimators.py', [name, folder, rowCount, columnCount])],
      ours: () => run(data),
    });
  });
}

/** Extra trees, support vectors, naive Bayes, neighbours and k-means beside scikit-learn on the same rows. */
export const estimatorsBenchmark: Benchmark = {
  name: 'estimators',
  async run({ smoke }) {
    const rows: BenchRow[] = [];
    for (const work of works) rows.push(await measure(work, smoke));
    return rows;
  },
};
