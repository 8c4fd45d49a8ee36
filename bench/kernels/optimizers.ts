import { activeIsa } from '../../native/isa.js';
import { adamStep, momentumStep, sgdStep } from '../../native/kernels/optimizers.js';
import { setThreads } from '../../native/threads.js';
import { machineName } from '../lib/machine.js';
import { runPeer } from '../lib/peers.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { median, spread } from '../lib/statistics.js';
import { measure } from './measure.js';

type Name = 'sgd' | 'momentum' | 'adam';
type PeerResult = { version: string } & Record<Name, { seconds: number[]; check: number }>;

/** One optimizer step over ten million parameters beside PyTorch's fused ones. */
export const optimizersBenchmark: Benchmark = {
  name: 'optimizers',
  async run({ smoke }) {
    const parameters = smoke ? 10_000 : 10_000_000;
    const repetitions = smoke ? 2 : 41;
    const rows: BenchRow[] = [];
    for (const threads of [1, 2]) {
      setThreads(threads);
      const peer = await runPeer<PeerResult>('optimizers.py', [parameters, threads, repetitions].map(String));
      const gradient = new Float32Array(parameters).fill(0.125);
      const [first, second] = [new Float32Array(parameters), new Float32Array(parameters)];
      for (const name of ['sgd', 'momentum', 'adam'] as const) {
        const weights = new Float32Array(parameters).fill(1);
        first.fill(0);
        second.fill(0);
        let step = 0;
        const steps: Record<Name, () => void> = {
          sgd: () => sgdStep(weights, gradient, { learningRate: 0.01 }),
          momentum: () => momentumStep(weights, gradient, first, { learningRate: 0.01, momentum: 0.9 }),
          adam: () => adamStep(weights, gradient, first, second, { learningRate: 0.001, step: ++step }),
        };
        const seconds = measure(repetitions, steps[name]);
        rows.push({
          work: `${name} step, ${parameters} parameters`,
          peer: 'PyTorch fused',
          peer_version: peer.version,
          threads,
          ours: median(seconds) * 1000,
          peer_value: median(peer[name].seconds) * 1000,
          unit: 'ms',
          ratio: median(peer[name].seconds) / median(seconds),
          goal: 1,
          // The first weight after all steps.
          ours_quality: weights[0] ?? Number.NaN,
          peer_quality: peer[name].check,
          spread: spread(seconds),
          isa: activeIsa(),
          machine: machineName(),
        });
      }
    }
    return rows;
  },
};
