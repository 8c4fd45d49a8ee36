import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quantizeInt8 } from '../../native/kernels/int8.js';
import { inFolder } from '../lib/folder.js';
import { inTurn } from '../lib/in-turn.js';
import { benchThreads } from '../lib/machine.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { measure, withThreads } from './measure.js';

/** The share of equal bytes; a value halfway between two may go either way. */
function shareEqual(a: Int8Array, b: Int8Array): number {
  let equal = 0;
  for (let i = 0; i < a.length; i++) if (a[i] === b[i]) equal++;
  return equal / a.length;
}

async function rowsOf({ smoke }: { smoke: boolean }): Promise<BenchRow[]> {
  const size = smoke ? 64 : 4096;
  const repetitions = smoke ? 1 : 5;
  const data = new Float32Array(size * size);
  for (let i = 0, state = 1; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state / 2 ** 32 - 0.5;
  }
  const shape = { rows: size, columns: size };
  return await inFolder(async (folder) => {
    const file = join(folder, 'data.f32');
    await writeFile(file, new Uint8Array(data.buffer));
    const sides = await inTurn(smoke ? 1 : 5, {
      theirs: () =>
        runPeer<{ version: string; seconds: number[] }>('quantize.py', [size, benchThreads, repetitions, folder], {
          group: 'pytorch',
        }),
      ours: () => measure(repetitions, () => void quantizeInt8(data, shape)),
    });
    const equal = shareEqual(quantizeInt8(data, shape).q, new Int8Array(await readFile(join(folder, 'quantized.i8'))));
    return [
      rowOf({
        work: `int8 quantize by row, ${size} x ${size} float32`,
        peer: 'PyTorch',
        peerVersion: sides.theirs[0]?.version ?? '',
        threads: benchThreads,
        ours: sides.ours.flat(),
        theirs: sides.theirs.flatMap(({ seconds }) => seconds),
        unit: 's',
        better: 'smaller',
        goal: 6,
        quality: { ours: equal, theirs: 1, slack: 1e-4 },
      }),
    ];
  });
}

/** Symmetric 8-bit weights with a scale per row, beside PyTorch; the quality is the share of equal values. */
export const quantizeBenchmark: Benchmark = {
  name: 'quantize',
  needs: 'pytorch',
  run: (options) => withThreads(benchThreads, () => rowsOf(options)),
};
