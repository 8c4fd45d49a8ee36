import { adamStep, momentumStep, sgdStep } from '../../native/kernels/optimizers.js';
import { inTurn } from '../lib/in-turn.js';
import { benchThreads } from '../lib/machine.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, expectSame, rowOf } from '../lib/row.js';
import { measure, withThreads } from './measure.js';

const names = ['sgd', 'momentum', 'adam'] as const;

/** Seconds of each step, and the first weight after all of them. */
type Side = Record<(typeof names)[number], { seconds: number[]; weight: number }>;

/** Steps from weights of 1 along gradients of 1/8, as the peer's script does. */
function ourSteps(parameters: number, repetitions: number): Side {
  const gradient = new Float32Array(parameters).fill(0.125);
  const steps = (start: (weights: Float32Array) => () => void) => {
    const weights = new Float32Array(parameters).fill(1);
    const seconds = measure(repetitions, start(weights));
    return { seconds, weight: weights[0] ?? Number.NaN };
  };
  const zeros = () => new Float32Array(parameters);
  return {
    sgd: steps((weights) => () => sgdStep(weights, gradient, { learningRate: 0.01 })),
    momentum: steps((weights) => {
      const velocity = zeros();
      return () => momentumStep(weights, gradient, velocity, { learningRate: 0.01, momentum: 0.9 });
    }),
    adam: steps((weights) => {
      const [first, second] = [zeros(), zeros()];
      let step = 0;
      return () => adamStep(weights, gradient, first, second, { learningRate: 0.001, step: ++step });
    }),
  };
}

async function rowsAt(threads: number, smoke: boolean): Promise<BenchRow[]> {
  const parameters = smoke ? 10_000 : 10_000_000;
  const repetitions = smoke ? 2 : 15;
  const sides = await inTurn(smoke ? 1 : 5, {
    theirs: () =>
      runPeer<Side & { version: string }>('optimizers.py', [parameters, threads, repetitions], { group: 'pytorch' }),
    ours: () => ourSteps(parameters, repetitions),
  });
  return names.map((name) => {
    const work = `${name} step, ${parameters} parameters`;
    // Both sides round each step in single precision.
    expectSame(work, sides.ours[0]?.[name].weight ?? Number.NaN, sides.theirs[0]?.[name].weight ?? Number.NaN, 1e-5);
    return rowOf({
      work,
      peer: 'PyTorch fused',
      peerVersion: sides.theirs[0]?.version ?? '',
      threads,
      ours: sides.ours.flatMap((side) => side[name].seconds.map((seconds) => 1000 * seconds)),
      theirs: sides.theirs.flatMap((side) => side[name].seconds.map((seconds) => 1000 * seconds)),
      unit: 'ms',
      better: 'smaller',
      goal: 1,
    });
  });
}

/** One optimizer step over ten million parameters beside PyTorch's fused ones. */
export const optimizersBenchmark: Benchmark = {
  name: 'optimizers',
  needs: 'pytorch',
  async run({ smoke }) {
    const rows: BenchRow[] = [];
    for (const threads of new Set([1, benchThreads])) {
      rows.push(...(await withThreads(threads, () => rowsAt(threads, smoke))));
    }
    return rows;
  },
};
