import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activeIsa } from '../../native/isa.js';
import { minMaxFit, scaleColumns, standardizeFit } from '../../native/kernels/scaling.js';
import { setThreads } from '../../native/threads.js';
import { machineName } from '../lib/machine.js';
import { runPeer } from '../lib/peers.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { median, spread } from '../lib/statistics.js';
import { measure } from './measure.js';

interface PeerResult {
  version: string;
  standard_fit: number[];
  standard_fit_transform: number[];
  standard_check: number;
  minmax_fit_transform: number[];
  minmax_check: number;
}

function meanMagnitude(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += Math.abs(value);
  return sum / values.length;
}

/** Standardize and min-max scaling of a float32 matrix beside scikit-learn, into a reused output. */
export const scalingBenchmark: Benchmark = {
  name: 'scaling',
  async run({ smoke }) {
    const shape = { rows: smoke ? 2000 : 1_000_000, columns: 100 };
    const repetitions = smoke ? 2 : 7;
    const threads = 2;
    setThreads(threads);
    const data = new Float32Array(shape.rows * shape.columns);
    // Twelve uniform numbers make a nearly normal one; each column has its own mean and deviation.
    for (let i = 0, state = 1; i < data.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      data[i] = (state / 2 ** 32 - 0.5) * (1 + (i % shape.columns)) + (i % shape.columns);
    }
    const folder = await mkdtemp(join(tmpdir(), 'tenon-bench-'));
    try {
      const file = join(folder, 'data.f32');
      await writeFile(file, new Uint8Array(data.buffer));
      const sizes = [shape.rows, shape.columns, threads, repetitions].map(String);
      const peer = await runPeer<PeerResult>('scaling.py', [...sizes, file]);

      const out = new Float32Array(data.length);
      const fit = measure(repetitions, () => void standardizeFit(data, shape));
      const both = measure(repetitions, () => void scaleColumns(data, shape, standardizeFit(data, shape), out));
      const standardCheck = meanMagnitude(out);
      const minMax = measure(repetitions, () => void scaleColumns(data, shape, minMaxFit(data, shape), out));
      const minMaxCheck = meanMagnitude(out);

      const row = (
        work: string,
        ours: number[],
        theirs: number[],
        goal: number,
        checks: [number, number] | null,
      ): BenchRow => ({
        work: `${work}, ${shape.rows} x ${shape.columns} float32`,
        peer: 'scikit-learn',
        peer_version: peer.version,
        threads,
        ours: median(ours),
        peer_value: median(theirs),
        unit: 's',
        ratio: median(theirs) / median(ours),
        goal,
        // The mean magnitude of the scaled values: equal when both scale alike.
        ours_quality: checks?.[0] ?? null,
        peer_quality: checks?.[1] ?? null,
        spread: spread(ours),
        isa: activeIsa(),
        machine: machineName(),
      });
      return [
        row('standardize fit', fit, peer.standard_fit, 15, null),
        row('standardize fit and transform', both, peer.standard_fit_transform, 8, [
          standardCheck,
          peer.standard_check,
        ]),
        row('min-max fit and transform', minMax, peer.minmax_fit_transform, 4, [minMaxCheck, peer.minmax_check]),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
