import { gemmInt8 } from '../../native/kernels/int8.js';
import { benchThreads } from '../lib/machine.js';
import { PeerSession, withSessions } from '../lib/peer-session.js';
import { spinning } from '../lib/peers.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { withThreads } from './measure.js';
import { type ProductKind, productRows, shapesOf } from './products.js';

function filled(length: number, factor: number, modulus: number, offset: number): Int8Array {
  return Int8Array.from({ length }, (_, i) => ((i * factor) % modulus) - offset);
}

const kind: ProductKind = {
  name: 'int8 GEMM',
  unit: 'GOP/s',
  shapes: ['512x512x512', '1024x1024x1024', '2048x2048x2048'],
  prepare(shape) {
    const { m, n, k } = shape;
    const [a, b, product] = [filled(m * k, 7, 255, 127), filled(k * n, 5, 251, 125), new Int32Array(m * n)];
    return { multiply: () => void gemmInt8(a, b, shape, product), product };
  },
};

/** Products in 8 bits (m x n x k) beside PyTorch, whose they are oneDNN's: both sides must give the same sums. */
export const gemmInt8Benchmark: Benchmark = {
  name: 'gemm-int8',
  needs: 'pytorch',
  async run({ smoke }) {
    const rows: BenchRow[] = [];
    for (const threads of new Set([1, benchThreads])) {
      const args = [threads, ...shapesOf(kind, smoke)];
      const pyTorch = (env: NodeJS.ProcessEnv) => PeerSession.open('gemm_int8.py', args, { group: 'pytorch', env });
      const measured = withSessions([pyTorch({}), pyTorch(spinning)], (...sessions) =>
        withThreads(threads, () => productRows(kind, sessions, { smoke })),
      );
      rows.push(...(await measured));
    }
    return rows;
  },
};
