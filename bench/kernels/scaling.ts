import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minMaxFit, scaleColumns, standardizeFit } from '../../native/kernels/scaling.js';
import { inFolder } from '../lib/folder.js';
import { inTurn } from '../lib/in-turn.js';
import { benchThreads } from '../lib/machine.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, expectSame, rowOf } from '../lib/row.js';
import { measure, withThreads } from './measure.js';

/** Seconds of each repetition by work, and the mean magnitude of the scaled values by scaler. */
interface Side {
  standardFit: number[];
  standardBoth: number[];
  standardCheck: number;
  minMaxBoth: number[];
  minMaxCheck: number;
}

type PeerSide = Side & { version: string };

function meanMagnitude(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += Math.abs(value);
  return sum / values.length;
}

/** Uniform numbers; each column has its own mean and deviation. */
function columnsOf(rows: number, columns: number): Float32Array {
  const data = new Float32Array(rows * columns);
  for (let i = 0, state = 1; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = (state / 2 ** 32 - 0.5) * (1 + (i % columns)) + (i % columns);
  }
  return data;
}

async function run({ smoke }: { smoke: boolean }): Promise<BenchRow[]> {
  const shape = { rows: smoke ? 2000 : 1_000_000, columns: 100 };
  const repetitions = smoke ? 1 : 3;
  const data = columnsOf(shape.rows, shape.columns);
  const out = new Float32Array(data.length);
  const ours = (): Side => {
    const standardFit = measure(repetitions, () => void standardizeFit(data, shape), 1);
    const standardBoth = measure(
      repetitions,
      () => void scaleColumns(data, shape, standardizeFit(data, shape), out),
      1,
    );
    const standardCheck = meanMagnitude(out);
    const minMaxBoth = measure(repetitions, () => void scaleColumns(data, shape, minMaxFit(data, shape), out), 1);
    return { standardFit, standardBoth, standardCheck, minMaxBoth, minMaxCheck: meanMagnitude(out) };
  };
  const sides = await inFolder(async (folder) => {
    const file = join(folder, 'data.f32');
    await writeFile(file, new Uint8Array(data.buffer));
    const args = [shape.rows, shape.columns, benchThreads, repetitions, file];
    const theirs = () => runPeer<PeerSide>('scaling.py', args);
    return await inTurn(smoke ? 1 : 5, { theirs, ours });
  });
  const row = (work: string, goal: number, key: 'standardFit' | 'standardBoth' | 'minMaxBoth') =>
    rowOf({
      work: `${work}, ${shape.rows} x ${shape.columns} float32`,
      peer: 'scikit-learn',
      peerVersion: sides.theirs[0]?.version ?? '',
      threads: benchThreads,
      ours: sides.ours.flatMap((side) => side[key]),
      theirs: sides.theirs.flatMap((side) => side[key]),
      unit: 's',
      better: 'smaller',
      goal,
    });
  for (const key of ['standardCheck', 'minMaxCheck'] as const) {
    // Single precision on both sides.
    expectSame(key, sides.ours[0]?.[key] ?? Number.NaN, sides.theirs[0]?.[key] ?? Number.NaN, 1e-5);
  }
  return [
    row('standardize fit', 15, 'standardFit'),
    row('standardize fit and transform', 8, 'standardBoth'),
    row('min-max fit and transform', 4, 'minMaxBoth'),
  ];
}

/** Standardize and min-max scaling beside scikit-learn. Ours writes into an output that is reused; the peer cannot. */
export const scalingBenchmark: Benchmark = {
  name: 'scaling',
  run: (options) => withThreads(benchThreads, () => run(options)),
};
