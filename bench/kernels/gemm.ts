import { activeIsa } from '../../native/isa.js';
import { gemmF32 } from '../../native/kernels/linear.js';
import { setThreads } from '../../native/threads.js';
import { machineName } from '../lib/machine.js';
import { runPeer } from '../lib/peers.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { median, spread } from '../lib/statistics.js';
import { measure } from './measure.js';

interface PeerResult {
  version: string;
  architecture: string;
  [shape: string]: { seconds: number[]; check: number } | string;
}

function filled(length: number, factor: number, modulus: number, offset: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((i * factor) % modulus) - offset);
}

/** SGEMM beside OpenBLAS (numpy), on whole numbers so small that both must give the same sums. */
export const gemmBenchmark: Benchmark = {
  name: 'gemm',
  async run({ smoke }) {
    const shapes = smoke ? ['64x64x64'] : ['512x512x512', '1024x1024x1024', '2048x2048x2048', '128x256x784'];
    const repetitions = smoke ? 2 : 41;
    const rows: BenchRow[] = [];
    for (const threads of [1, 2]) {
      setThreads(threads);
      const peer = await runPeer<PeerResult>('gemm.py', [String(threads), String(repetitions), ...shapes]);
      for (const shape of shapes) {
        const [m = 0, n = 0, k = 0] = shape.split('x').map(Number);
        const theirs = peer[shape];
        if (theirs === undefined || typeof theirs === 'string') throw new Error(`the peer did not measure ${shape}`);
        const [a, b, out] = [filled(m * k, 7, 17, 8), filled(k * n, 5, 13, 6), new Float32Array(m * n)];
        const seconds = measure(repetitions, () => gemmF32(a, b, { m, n, k }, { out }));
        const check = out.reduce((sum, value) => sum + Math.abs(value), 0);
        if (check !== theirs.check) throw new Error(`${shape}: ours sums to ${check}, the peer's to ${theirs.check}`);
        const rate = (values: readonly number[]) => (2 * m * n * k) / median(values) / 1e9;
        rows.push({
          work: `SGEMM ${shape}`,
          peer: `OpenBLAS ${peer.architecture}`,
          peer_version: peer.version,
          threads,
          ours: rate(seconds),
          peer_value: rate(theirs.seconds),
          unit: 'GFLOP/s',
          ratio: rate(seconds) / rate(theirs.seconds),
          goal: 0.95,
          ours_quality: null,
          peer_quality: null,
          spread: spread(seconds),
          isa: activeIsa(),
          machine: machineName(),
        });
      }
    }
    return rows;
  },
};
