import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pruneSmallest } from '../../native/kernels/prune.js';
import { readFloats, shareEqual } from '../lib/arrays.js';
import { inFolder } from '../lib/folder.js';
import { benchThreads } from '../lib/machine.js';
import { PeerSession, withSessions } from '../lib/peer-session.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { medianSeconds, rowsInTurns, turnSeconds } from '../lib/turns.js';
import { withThreads } from './measure.js';

async function rowsOf({ smoke }: { smoke: boolean }): Promise<BenchRow[]> {
  const count = smoke ? 10_000 : 10_000_000;
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
    const peer = PeerSession.open('prune.py', [count, benchThreads, folder], { group: 'pytorch' });
    return await withSessions([peer], async (session) => {
      const pruned = pruneSmallest(data, 0.5);
      const versions = session.about.version.split(' ');
      let equal = 1;
      for (const way of session.about.works) {
        await session.check(way);
        equal = Math.min(equal, shareEqual(pruned, await readFloats(join(folder, 'pruned.f32'))));
      }
      const seconds = smoke ? 0 : turnSeconds;
      return await rowsInTurns({
        work: `magnitude pruning, half of ${count} float32`,
        rounds: smoke ? 1 : 15,
        rivals: session.about.works.map((way) => {
          const kind = way.split(' ')[0] ?? '';
          const version = versions[kind === 'numpy' ? 0 : 1] ?? '';
          return { kind, peer: kind, version, turn: () => session.turn(way, seconds) };
        }),
        // A new array each time, as theirs.
        ours: () => medianSeconds(() => void pruneSmallest(data, 0.5), seconds),
        figure: (each) => each,
        unit: 's',
        better: 'smaller',
        goal: 6,
        quality: { ours: equal, theirs: 1, slack: 1e-5 },
      });
    });
  });
}

/** Setting the smaller half of ten million values to zero; the quality is the share of equal values. */
export const pruneBenchmark: Benchmark = {
  name: 'prune',
  needs: 'pytorch',
  run: (options) => withThreads(benchThreads, () => rowsOf(options)),
};
