import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fitEstimator } from '../../native/estimators/fit.js';
import { activeIsa } from '../../native/isa.js';
import { threadCount } from '../../native/threads.js';
import { machineName } from '../lib/machine.js';
import { runPeer } from '../lib/peers.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { median, spread } from '../lib/statistics.js';

const columnCount = 50;

interface PeerFit {
  seconds: number;
  quality: number;
  version: string;
}

/** What is fitted, and how good the result is: the higher the better. */
interface Work {
  readonly estimator: 'logistic-regression' | 'linear-regression';
  readonly classCount: number;
  readonly goal: number;
  quality(predicted: Float32Array, target: Float64Array): number;
}

const works: Readonly<Record<string, Work>> = {
  logistic: {
    estimator: 'logistic-regression',
    classCount: 2,
    goal: 2.5,
    // Minus the mean log loss.
    quality: (predicted, target) =>
      target.reduce((sum, label, row) => sum + Math.log(predicted[2 * row + label] ?? 0), 0) / target.length,
  },
  linear: {
    estimator: 'linear-regression',
    classCount: 0,
    goal: 1,
    // The coefficient of determination.
    quality(predicted, target) {
      const mean = target.reduce((sum, value) => sum + value, 0) / target.length;
      const left = target.reduce((sum, value, row) => sum + (value - (predicted[row] ?? 0)) ** 2, 0);
      return 1 - left / target.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    },
  },
};

async function bytesOf(path: string): Promise<ArrayBuffer> {
  const bytes = await readFile(path);
  return new Uint8Array(bytes).buffer;
}

async function measure(smoke: boolean, folder: string): Promise<BenchRow[]> {
  const rowCount = smoke ? 5000 : 200_000;
  await runPeer('linear.py', ['make', folder, String(rowCount)]);
  const data = new Float32Array(await bytesOf(join(folder, 'features.f32')));
  const target = new Float64Array(await bytesOf(join(folder, 'labels.f64')));
  const features = { data, rowCount, columnCount };
  const rows: BenchRow[] = [];
  for (const [command, { estimator, classCount, goal, quality }] of Object.entries(works)) {
    const task = classCount === 0 ? 'regression' : 'classification';
    const ours: number[] = [];
    const theirs: PeerFit[] = [];
    let reached = Number.NaN;
    for (let round = 0; round < (smoke ? 1 : 5); round++) {
      theirs.push(await runPeer<PeerFit>('linear.py', [command, folder, String(rowCount)]));
      const begin = performance.now();
      const model = await fitEstimator({ estimator, parameters: {}, task, features, target, classCount, seed: 0 });
      ours.push((performance.now() - begin) / 1000);
      reached = quality(await model.predict(features), target);
      model.dispose();
    }
    const peerSeconds = median(theirs.map(({ seconds }) => seconds));
    rows.push({
      work: `${estimator} fit, ${rowCount} x ${columnCount}`,
      peer: 'scikit-learn',
      peer_version: theirs[0]?.version ?? '',
      threads: threadCount(),
      ours: median(ours),
      peer_value: peerSeconds,
      unit: 's',
      ratio: peerSeconds / median(ours),
      goal,
      ours_quality: reached,
      peer_quality: median(theirs.map((fit) => fit.quality)),
      spread: spread(ours),
      isa: activeIsa(),
      machine: machineName(),
    });
  }
  return rows;
}

/** Linear and logistic regression with their defaults, beside scikit-learn on the same rows. */
export const linearBenchmark: Benchmark = {
  name: 'linear',
  async run({ smoke }) {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-bench-'));
    try {
      return await measure(smoke, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
