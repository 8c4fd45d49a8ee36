import { DenseLayer } from '../../native/kernels/dense.js';
import { wholeNumbers } from '../lib/arrays.js';
import { benchThreads } from '../lib/machine.js';
import { PeerSession, withSessions } from '../lib/peer-session.js';
import { spinning } from '../lib/peers.js';
import { type Benchmark, type BenchRow, expectSame } from '../lib/row.js';
import { medianSeconds, rowsInTurns, turnSeconds } from '../lib/turns.js';
import { withThreads } from './measure.js';

const [rows, inputs, units] = [128, 784, 256];

async function rowsAt(peers: readonly PeerSession[], smoke: boolean): Promise<BenchRow[]> {
  const work = `dense layer with a rectifier, ${rows} x ${inputs} x ${units} float32`;
  const x = wholeNumbers(rows * inputs, 7, 17, 8);
  const out = new Float32Array(rows * units);
  const layer = new DenseLayer({
    weights: wholeNumbers(inputs * units, 5, 13, 6),
    bias: wholeNumbers(units, 3, 11, 5),
    inputs,
    units,
    activation: 'relu',
  });
  try {
    const apply = () => layer.apply(x, rows, out);
    apply();
    const sum = out.reduce((a, b) => a + b, 0);
    const seconds = smoke ? 0 : turnSeconds;
    const rivals = peers.flatMap((session) =>
      session.about.works.map((way) => ({
        kind: 'PyTorch',
        peer: `PyTorch (${way})`,
        version: session.about.version,
        turn: () => session.turn(way, seconds),
      })),
    );
    for (const session of peers) {
      for (const way of session.about.works) expectSame(`${work} by ${way}`, sum, await session.check(way), 0);
    }
    return await rowsInTurns({
      work,
      rounds: smoke ? 1 : 31,
      rivals,
      ours: () => medianSeconds(apply, seconds),
      figure: (each) => (2 * rows * inputs * units) / each / 1e9,
      unit: 'GFLOP/s',
      better: 'larger',
      goal: 1.15,
    });
  } finally {
    layer.dispose();
  }
}

/** A product, a bias and a rectifier as one operation, its weights put in order beforehand, beside PyTorch. */
export const denseBenchmark: Benchmark = {
  name: 'dense',
  needs: 'pytorch',
  async run({ smoke }) {
    const result: BenchRow[] = [];
    for (const threads of new Set([1, benchThreads])) {
      const open = (env: NodeJS.ProcessEnv) =>
        PeerSession.open('dense.py', [threads, rows, inputs, units], { group: 'pytorch', env });
      // Its threads fall asleep between calls, or spin: which is faster depends on the machine.
      const measured = withSessions([open({}), open(spinning)], (...sessions) =>
        withThreads(threads, () => rowsAt(sessions, smoke)),
      );
      result.push(...(await measured));
    }
    return result;
  },
};
