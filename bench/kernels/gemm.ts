import { activeIsa } from '../../native/isa.js';
import { gemmF32 } from '../../native/kernels/linear.js';
import { wholeNumbers } from '../lib/arrays.js';
import { benchThreads } from '../lib/machine.js';
import { PeerSession, withSessions } from '../lib/peer-session.js';
import { peersInstalled, spinning } from '../lib/peers.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { withThreads } from './measure.js';
import { type ProductKind, productRows, shapesOf } from './products.js';

async function openBlas(args: readonly (string | number)[]): Promise<PeerSession> {
  const chosen = await PeerSession.open('gemm.py', ['numpy', ...args]);
  // OpenBLAS takes a processor that it does not know for a much older one: then it is told.
  const knows = /SkylakeX|Cooperlake|SapphireRapids/i.test(chosen.about.peer);
  if (knows || !['amx', 'avx512'].includes(activeIsa())) return chosen;
  chosen.close();
  return await PeerSession.open('gemm.py', ['numpy', ...args], { env: { OPENBLAS_CORETYPE: 'SkylakeX' } });
}

function pyTorch(args: readonly (string | number)[], env: NodeJS.ProcessEnv): Promise<PeerSession> {
  return PeerSession.open('gemm.py', ['torch', ...args], { group: 'pytorch', env });
}

/** Whole numbers so small that every sum is exact. */
const kind: ProductKind = {
  name: 'SGEMM',
  unit: 'GFLOP/s',
  shapes: ['512x512x512', '1024x1024x1024', '2048x2048x2048', '128x256x784'],
  prepare(shape) {
    const { m, n, k } = shape;
    const [a, b, product] = [wholeNumbers(m * k, 7, 17, 8), wholeNumbers(k * n, 5, 13, 6), new Float32Array(m * n)];
    return { multiply: () => void gemmF32(a, b, shape, { out: product }), product };
  },
};

/** SGEMM (m x n x k) beside OpenBLAS in numpy, and beside PyTorch: both sides must give the same sums. */
export const gemmBenchmark: Benchmark = {
  name: 'gemm',
  async run({ smoke }) {
    const withPyTorch = !smoke || (await peersInstalled('pytorch'));
    const rows: BenchRow[] = [];
    for (const threads of new Set([1, benchThreads])) {
      const args = [threads, ...shapesOf(kind, smoke)];
      // Threads that fall asleep between calls, or spin: which is faster depends on the machine.
      const peers = [openBlas(args), ...(withPyTorch ? [pyTorch(args, {}), pyTorch(args, spinning)] : [])];
      const measured = withSessions(peers, (...sessions) =>
        withThreads(threads, () => productRows(kind, sessions, { smoke })),
      );
      rows.push(...(await measured));
    }
    return rows;
  },
};
