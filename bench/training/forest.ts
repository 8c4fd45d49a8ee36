import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fitEstimator } from '../../native/estimators/fit.js';
import { activeIsa } from '../../native/isa.js';
import { machineName } from '../lib/machine.js';
import { runPeer } from '../lib/peers.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { median, spread } from '../lib/statistics.js';

const columnCount = 20;

/** Different rows, so that no tree's path is in the cache for its own sake. */
const singleRows = 2000;

interface PeerRun {
  fit_seconds: number;
  score_seconds: number;
  row_seconds: number;
  accuracy: number;
  version: string;
}

async function readFloats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

async function readDoubles(path: string): Promise<Float64Array> {
  const bytes = await readFile(path);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

async function measure(smoke: boolean, folder: string): Promise<BenchRow[]> {
  const rowCount = smoke ? 12_000 : 120_000;
  const trainCount = smoke ? 10_000 : 100_000;
  const trees = smoke ? 10 : 100;
  const repetitions = smoke ? 1 : 3;
  await runPeer('forest.py', ['make', folder, String(rowCount)]);
  const features = await readFloats(join(folder, 'features.f32'));
  const labels = await readDoubles(join(folder, 'labels.f64'));
  const train = { data: features.subarray(0, trainCount * columnCount), rowCount: trainCount, columnCount };
  const test = { data: features.subarray(trainCount * columnCount), rowCount: rowCount - trainCount, columnCount };

  const ours = { fit: [] as number[], score: [] as number[], row: [] as number[], accuracy: [] as number[] };
  const theirs: PeerRun[] = [];
  for (let round = 0; round < repetitions; round++) {
    const begin = performance.now();
    const model = await fitEstimator({
      estimator: 'random-forest',
      parameters: { n_estimators: trees },
      task: 'classification',
      features: train,
      target: labels.subarray(0, trainCount),
      classCount: 2,
      seed: round,
    });
    ours.fit.push((performance.now() - begin) / 1000);
    for (let time = 0; time < 3; time++) {
      const start = performance.now();
      const shares = await model.predict(test);
      ours.score.push((performance.now() - start) / 1000);
      if (time > 0) continue;
      let right = 0;
      for (let row = 0; row < test.rowCount; row++) {
        const predicted = (shares[2 * row + 1] ?? 0) > (shares[2 * row] ?? 0) ? 1 : 0;
        if (predicted === labels[trainCount + row]) right++;
      }
      ours.accuracy.push(right / test.rowCount);
    }
    const first = performance.now();
    for (let row = 0; row < singleRows; row++) {
      const data = test.data.subarray(row * columnCount, (row + 1) * columnCount);
      model.predictSync({ data, rowCount: 1, columnCount });
    }
    ours.row.push((performance.now() - first) / singleRows);
    model.dispose();
    theirs.push(
      await runPeer<PeerRun>('forest.py', ['run', folder, String(rowCount), String(trainCount), String(trees)]),
    );
  }
  const common = {
    peer: 'scikit-learn',
    peer_version: theirs[0]?.version ?? '',
    threads: 2,
    ours_quality: median(ours.accuracy),
    peer_quality: median(theirs.map(({ accuracy }) => accuracy)),
    isa: activeIsa(),
    machine: machineName(),
  };
  const fit = { ours: median(ours.fit), peer_value: median(theirs.map((run) => run.fit_seconds)) };
  const rate = (seconds: number) => test.rowCount / seconds;
  const score = { ours: rate(median(ours.score)), peer_value: rate(median(theirs.map((run) => run.score_seconds))) };
  const size = `${trees} trees, ${trainCount} x ${columnCount}`;
  return [
    {
      ...common,
      ...fit,
      work: `random forest fit, ${size}`,
      unit: 's',
      ratio: fit.peer_value / fit.ours,
      goal: 10,
      spread: spread(ours.fit),
    },
    {
      ...common,
      ...score,
      work: `random forest score, ${test.rowCount} rows, ${size}`,
      unit: 'rows/s',
      ratio: score.ours / score.peer_value,
      goal: 4,
      spread: spread(ours.score),
    },
    {
      ...common,
      threads: 1,
      work: `random forest, one row, ${size}`,
      ours: median(ours.row),
      peer_value: median(theirs.map((run) => run.row_seconds)) * 1000,
      unit: 'ms',
      ratio: (median(theirs.map((run) => run.row_seconds)) * 1000) / median(ours.row),
      // scikit-learn is not built for single rows; onnxruntime-node took 0.0138 ms where this goal was set.
      goal: 1,
      spread: spread(ours.row),
    },
  ];
}

/** Random forest, fit and score, beside scikit-learn on the same rows. */
export const forestBenchmark: Benchmark = {
  name: 'forest',
  async run({ smoke }) {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-bench-'));
    try {
      return await measure(smoke, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
