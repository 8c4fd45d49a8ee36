import { activeIsa } from '../../native/isa.js';
import { gemmF32 } from '../../native/kernels/linear.js';
import { benchThreads } from '../lib/machine.js';
import { peersInstalled, runPeer, spinning } from '../lib/peers.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { withThreads } from './measure.js';
import { fasterOf, type PeerProducts, type ProductKind, type ProductPeer, productRows } from './products.js';

const openBlas: ProductPeer = async (threads, repetitions, shapes) => {
  const args = ['numpy', threads, repetitions, ...shapes];
  const chosen = await runPeer<PeerProducts>('gemm.py', args);
  // OpenBLAS takes a processor that it does not know for a much older one: then it is told.
  if (!['amx', 'avx512'].includes(activeIsa()) || /SkylakeX|Cooperlake|SapphireRapids/i.test(chosen.peer))
    return chosen;
  return await runPeer<PeerProducts>('gemm.py', args, { env: { OPENBLAS_CORETYPE: 'SkylakeX' } });
};

const pyTorchIn =
  (env: NodeJS.ProcessEnv): ProductPeer =>
  (threads, repetitions, shapes) =>
    runPeer<PeerProducts>('gemm.py', ['torch', threads, repetitions, ...shapes], { group: 'pytorch', env });
const pyTorch = fasterOf(pyTorchIn({}), pyTorchIn(spinning));

function filled(length: number, factor: number, modulus: number, offset: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((i * factor) % modulus) - offset);
}

/** Whole numbers so small that every sum is exact. */
const kind: ProductKind = {
  name: 'SGEMM',
  unit: 'GFLOP/s',
  shapes: ['512x512x512', '1024x1024x1024', '2048x2048x2048', '128x256x784'],
  prepare(shape) {
    const { m, n, k } = shape;
    const [a, b, product] = [filled(m * k, 7, 17, 8), filled(k * n, 5, 13, 6), new Float32Array(m * n)];
    return { multiply: () => void gemmF32(a, b, shape, { out: product }), product };
  },
};

/** SGEMM (m x n x k) beside OpenBLAS in numpy, and beside PyTorch: both sides must give the same sums. */
export const gemmBenchmark: Benchmark = {
  name: 'gemm',
  async run({ smoke }) {
    const peers = smoke && !(await peersInstalled('pytorch')) ? [openBlas] : [openBlas, pyTorch];
    const rows: BenchRow[] = [];
    for (const threads of new Set([1, benchThreads])) {
      for (const peer of peers) {
        rows.push(...(await withThreads(threads, () => productRows(kind, peer, { threads, smoke }))));
      }
    }
    return rows;
  },
};
