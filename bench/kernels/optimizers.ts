import { adamStep, momentumStep, sgdStep } from '../../native/kernels/optimizers.js';
import { benchThreads } from '../lib/machine.js';
import { PeerSession, withSessions } from '../lib/peer-session.js';
import { type Benchmark, type BenchRow, expectSame } from '../lib/row.js';
import { medianSeconds, rowsInTurns, turnSeconds } from '../lib/turns.js';
import { withThreads } from './measure.js';

/** Starts an optimizer at these weights, along gradients of 1/8; what is returned makes a step. */
type Start = (weights: Float32Array, gradient: Float32Array) => () => void;

const zerosLike = (weights: Float32Array) => new Float32Array(weights.length);

/** With the peer's parameters (bench/peers/optimizers.py). */
const optimizers: Readonly<Record<string, Start>> = {
  sgd: (weights, gradient) => () => sgdStep(weights, gradient, { learningRate: 0.01 }),
  momentum: (weights, gradient) => {
    const velocity = zerosLike(weights);
    return () => momentumStep(weights, gradient, velocity, { learningRate: 0.01, momentum: 0.9 });
  },
  adam: (weights, gradient) => {
    const [first, second] = [zerosLike(weights), zerosLike(weights)];
    let step = 0;
    return () => adamStep(weights, gradient, first, second, { learningRate: 0.001, step: ++step });
  },
};

/** After so many steps both sides' weights are compared. */
const checkedSteps = 17;

async function rowsAt(peer: PeerSession, parameters: number, smoke: boolean): Promise<BenchRow[]> {
  const gradient = new Float32Array(parameters).fill(0.125);
  const seconds = smoke ? 0 : turnSeconds;
  const rows: BenchRow[] = [];
  for (const [name, start] of Object.entries(optimizers)) {
    const work = `${name} step, ${parameters} parameters`;
    const weights = new Float32Array(parameters).fill(1);
    const step = start(weights, gradient);
    for (let i = 0; i < checkedSteps; i++) step();
    // Both sides round each step in single precision.
    expectSame(work, weights[0] ?? Number.NaN, await peer.check(name), 1e-5);
    const measured = await rowsInTurns({
      work,
      rounds: smoke ? 1 : 31,
      rivals: [
        {
          kind: 'PyTorch',
          peer: 'PyTorch fused',
          version: peer.about.version,
          turn: () => peer.turn(name, seconds),
        },
      ],
      ours: () => medianSeconds(step, seconds),
      figure: (each) => 1000 * each,
      unit: 'ms',
      better: 'smaller',
      goal: 1,
    });
    rows.push(...measured);
  }
  return rows;
}

/** One optimizer step over ten million parameters beside PyTorch's fused ones. */
export const optimizersBenchmark: Benchmark = {
  name: 'optimizers',
  needs: 'pytorch',
  async run({ smoke }) {
    const parameters = smoke ? 10_000 : 10_000_000;
    const rows: BenchRow[] = [];
    for (const threads of new Set([1, benchThreads])) {
      const peer = PeerSession.open('optimizers.py', [parameters, threads, checkedSteps], { group: 'pytorch' });
      const measured = withSessions([peer], (session) =>
        withThreads(threads, () => rowsAt(session, parameters, smoke)),
      );
      rows.push(...(await measured));
    }
    return rows;
  },
};
