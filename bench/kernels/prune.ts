import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pruneSmallest } from '../../native/kernels/prune.js';
import { readFloats } from '../lib/arrays.js';
import { inFolder } from '../lib/folder.js';
import { inTurn } from '../lib/in-turn.js';
import { benchThreads } from '../lib/machine.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { measure, withThreads } from './measure.js';

const peers = ['numpy', 'PyTorch'] as const;

type Theirs = Record<(typeof peers)[number], { version: string; seconds: number[] }>;

/** The share of equal values; of values equal to the bound a peer may drop others. */
function shareEqual(a: Float32Array, b: Float32Array): number {
  let equal = 0;
  for (let i = 0; i < a.length; i++) if (a[i] === b[i]) equal++;
  return equal / a.length;
}

async function rowsOf({ smoke }: { smoke: boolean }): Promise<BenchRow[]> {
  const count = smoke ? 10_000 : 10_000_000;
  const repetitions = smoke ? 1 : 5;
  const data = new Float32Array(count);
  for (let i = 0, state = 1; i < count; i++) {
    // The sum of four is about as weights are.
    let sum = 0;
    for (let part = 0; part < 4; part++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      sum += state / 2 ** 32 - 0.5;
    }
    data[i] = sum;
  }
  return await inFolder(async (folder) => {
    await writeFile(join(folder, 'data.f32'), new Uint8Array(data.buffer));
    const { ours, theirs } = await inTurn(smoke ? 1 : 3, {
      theirs: () => runPeer<Theirs>('prune.py', [count, benchThreads, repetitions, folder], { group: 'pytorch' }),
      // A new array each time, as theirs.
      ours: () => measure(repetitions, () => void pruneSmallest(data, 0.5)),
    });
    const equal = shareEqual(pruneSmallest(data, 0.5), await readFloats(join(folder, 'pruned.f32')));
    return peers.map((peer) =>
      rowOf({
        work: `magnitude pruning, half of ${count} float32`,
        peer,
        peerVersion: theirs[0]?.[peer].version ?? '',
        threads: benchThreads,
        ours: ours.flat(),
        theirs: theirs.flatMap((round) => round[peer].seconds),
        unit: 's',
        better: 'smaller',
        goal: 6,
        quality: { ours: equal, theirs: 1, slack: 1e-5 },
      }),
    );
  });
}

/** Setting the smaller half of ten million values to zero; the quality is the share of equal values. */
export const pruneBenchmark: Benchmark = {
  name: 'prune',
  needs: 'pytorch',
  run: (options) => withThreads(benchThreads, () => rowsOf(options)),
};
