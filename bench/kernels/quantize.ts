import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quantizeInt8 } from '../../native/kernels/int8.js';
import { shareEqual } from '../lib/arrays.js';
import { inFolder } from '../lib/folder.js';
import { benchThreads } from '../lib/machine.js';
import { PeerSession, withSessions } from '../lib/peer-session.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { medianSeconds, rowsInTurns, turnSeconds } from '../lib/turns.js';
import { withThreads } from './measure.js';

async function rowsOf({ smoke }: { smoke: boolean }): Promise<BenchRow[]> {
  const size = smoke ? 64 : 4096;
  const data = new Float32Array(size * size);
  for (let i = 0, state = 1; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state / 2 ** 32 - 0.5;
  }
  const shape = { rows: size, columns: size };
  return await inFolder(async (folder) => {
    const file = join(folder, 'data.f32');
    await writeFile(file, new Uint8Array(data.buffer));
    const peer = PeerSession.open('quantize.py', [size, benchThreads, folder], { group: 'pytorch' });
    return await withSessions([peer], async (session) => {
      const { q } = quantizeInt8(data, shape);
      let equal = 1;
      for (const way of session.about.works) {
        await session.check(way);
        equal = Math.min(equal, shareEqual(q, new Int8Array(await readFile(join(folder, 'quantized.i8')))));
      }
      const seconds = smoke ? 0 : turnSeconds;
      return await rowsInTurns({
        work: `int8 quantize by row, ${size} x ${size} float32`,
        rounds: smoke ? 1 : 15,
        rivals: session.about.works.map((way) => ({
          kind: 'PyTorch',
          peer: 'PyTorch',
          version: session.about.version,
          turn: () => session.turn(way, seconds),
        })),
        ours: () => medianSeconds(() => void quantizeInt8(data, shape), seconds),
        figure: (each) => each,
        unit: 's',
        better: 'smaller',
        goal: 6,
        quality: { ours: equal, theirs: 1, slack: 1e-4 },
      });
    });
  });
}

/** Symmetric 8-bit weights with a scale per row, beside PyTorch; the quality is the share of equal values. */
export const quantizeBenchmark: Benchmark = {
  name: 'quantize',
  needs: 'pytorch',
  run: (options) => withThreads(benchThreads, () => rowsOf(options)),
};
