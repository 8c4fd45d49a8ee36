import { activeIsa } from '../../native/isa.js';
import { gemmF32 } from '../../native/kernels/linear.js';
import { inTurn } from '../lib/in-turn.js';
import { benchThreads } from '../lib/machine.js';
import { peersInstalled, runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, expectSame, rowOf } from '../lib/row.js';
import { measure, withThreads } from './measure.js';

/** Seconds of each repetition and the sum of the product's magnitudes, by shape. */
type Shapes = Record<string, { seconds: number[]; check: number }>;

interface PeerSide {
  peer: string;
  version: string;
  shapes: Shapes;
}

type Peer = (threads: number, repetitions: number, shapes: readonly string[]) => Promise<PeerSide>;

const openBlas: Peer = async (threads, repetitions, shapes) => {
  const args = ['numpy', threads, repetitions, ...shapes];
  const chosen = await runPeer<PeerSide>('gemm.py', args);
  // OpenBLAS takes a processor that it does not know for a much older one: then it is told.
  if (!['amx', 'avx512'].includes(activeIsa()) || /SkylakeX|Cooperlake|SapphireRapids/i.test(chosen.peer))
    return chosen;
  return await runPeer<PeerSide>('gemm.py', args, { env: { OPENBLAS_CORETYPE: 'SkylakeX' } });
};

const pyTorch: Peer = (threads, repetitions, shapes) =>
  runPeer<PeerSide>('gemm.py', ['torch', threads, repetitions, ...shapes], { group: 'pytorch' });

function filled(length: number, factor: number, modulus: number, offset: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((i * factor) % modulus) - offset);
}

/** Whole numbers so small that every sum is exact. */
function ourProducts(shapes: readonly string[], repetitions: number): Shapes {
  const products = shapes.map((shape) => {
    const [m = 0, n = 0, k = 0] = shape.split('x').map(Number);
    const [a, b, out] = [filled(m * k, 7, 17, 8), filled(k * n, 5, 13, 6), new Float32Array(m * n)];
    const seconds = measure(repetitions, () => gemmF32(a, b, { m, n, k }, { out }));
    return [shape, { seconds, check: out.reduce((sum, value) => sum + Math.abs(value), 0) }] as const;
  });
  return Object.fromEntries(products);
}

function operations(shape: string): number {
  return 2 * shape.split('x').reduce((product, size) => product * Number(size), 1);
}

async function rowsAt(threads: number, smoke: boolean, peer: Peer): Promise<BenchRow[]> {
  const shapes = smoke ? ['64x64x64'] : ['512x512x512', '1024x1024x1024', '2048x2048x2048', '128x256x784'];
  const repetitions = smoke ? 2 : 9;
  const sides = await inTurn(smoke ? 1 : 3, {
    theirs: () => peer(threads, repetitions, shapes),
    ours: () => ourProducts(shapes, repetitions),
  });
  return shapes.map((shape) => {
    const rates = (side: Shapes) => (side[shape]?.seconds ?? []).map((seconds) => operations(shape) / seconds / 1e9);
    const theirShapes = sides.theirs.map((side) => side.shapes);
    expectSame(shape, sides.ours[0]?.[shape]?.check ?? Number.NaN, theirShapes[0]?.[shape]?.check ?? Number.NaN, 0);
    return rowOf({
      work: `SGEMM ${shape}`,
      peer: sides.theirs[0]?.peer ?? '',
      peerVersion: sides.theirs[0]?.version ?? '',
      threads,
      ours: sides.ours.flatMap(rates),
      theirs: theirShapes.flatMap(rates),
      unit: 'GFLOP/s',
      better: 'larger',
      goal: 0.95,
    });
  });
}

/** SGEMM (m x n x k) beside OpenBLAS in numpy, and beside PyTorch: both sides must give the same sums. */
export const gemmBenchmark: Benchmark = {
  name: 'gemm',
  async run({ smoke }) {
    const peers = smoke && !(await peersInstalled('pytorch')) ? [openBlas] : [openBlas, pyTorch];
    const rows: BenchRow[] = [];
    for (const threads of new Set([1, benchThreads])) {
      for (const peer of peers) rows.push(...(await withThreads(threads, () => rowsAt(threads, smoke, peer))));
    }
    return rows;
  },
};
