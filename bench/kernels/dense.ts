import { DenseLayer } from '../../native/kernels/dense.js';
import { inTurn } from '../lib/in-turn.js';
import { benchThreads } from '../lib/machine.js';
import { runPeer, spinning } from '../lib/peers.js';
import { type Benchmark, type BenchRow, expectSame, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';
import { measure, withThreads } from './measure.js';

const [rows, inputs, units] = [128, 784, 256];

/** Seconds of each repetition, and the sum of the results. */
interface Side {
  seconds: number[];
  check: number;
}

/** The peer's, by the way in which it computes. */
interface PeerSide {
  version: string;
  ways: Record<string, Side>;
}

/** Whole numbers so small that every sum is exact. */
function filled(length: number, factor: number, modulus: number, offset: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((i * factor) % modulus) - offset);
}

function ourLayer(repetitions: number): Side {
  const x = filled(rows * inputs, 7, 17, 8);
  const out = new Float32Array(rows * units);
  const layer = new DenseLayer({
    weights: filled(inputs * units, 5, 13, 6),
    bias: filled(units, 3, 11, 5),
    inputs,
    units,
    activation: 'relu',
  });
  const seconds = measure(repetitions, () => layer.apply(x, rows, out), repetitions / 10 + 2);
  layer.dispose();
  return { seconds, check: out.reduce((sum, value) => sum + value, 0) };
}

async function rowAt(threads: number, smoke: boolean): Promise<BenchRow> {
  const work = `dense layer with a rectifier, ${rows} x ${inputs} x ${units} float32`;
  const repetitions = smoke ? 10 : 500;
  const args = [threads, repetitions, rows, inputs, units];
  const turn = (env: NodeJS.ProcessEnv) => runPeer<PeerSide>('dense.py', args, { group: 'pytorch', env });
  const sides = await inTurn(smoke ? 1 : 5, {
    // Its threads fall asleep between calls, or spin: which is faster depends on the machine.
    theirs: async () => [await turn({}), await turn(spinning)],
    ours: () => ourLayer(repetitions),
  });
  const ours = sides.ours.map(({ seconds }) => median(seconds));
  const version = sides.theirs[0]?.[0]?.version ?? '';
  // The medians of every way in every turn, those of a kind together; the fastest counts.
  const kinds = new Map<string, number[]>();
  for (const turns of sides.theirs) {
    for (const [index, { ways }] of turns.entries()) {
      for (const [name, { seconds, check }] of Object.entries(ways)) {
        expectSame(`${work} by ${name}`, sides.ours[0]?.check ?? Number.NaN, check, 0);
        const kind = `${index} ${name}`;
        kinds.set(kind, [...(kinds.get(kind) ?? []), median(seconds)]);
      }
    }
  }
  const [kind = '', theirs = []] = [...kinds].reduce((a, b) => (median(a[1]) <= median(b[1]) ? a : b));
  const rate = (seconds: number) => (2 * rows * inputs * units) / seconds / 1e9;
  return rowOf({
    work,
    peer: `PyTorch (${kind.split(' ')[1]})`,
    peerVersion: version,
    threads,
    ours: ours.map(rate),
    theirs: theirs.map(rate),
    unit: 'GFLOP/s',
    better: 'larger',
    goal: 1.15,
  });
}

/** A product, a bias and a rectifier as one operation, its weights put in order beforehand, beside PyTorch. */
export const denseBenchmark: Benchmark = {
  name: 'dense',
  needs: 'pytorch',
  async run({ smoke }) {
    const result: BenchRow[] = [];
    for (const threads of new Set([1, benchThreads])) {
      result.push(await withThreads(threads, () => rowAt(threads, smoke)));
    }
    return result;
  },
};
