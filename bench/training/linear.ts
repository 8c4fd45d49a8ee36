import { join } from 'node:path';
import { fitEstimator } from '../../native/estimators/fit.js';
import { readDoubles, readSharedFloats } from '../lib/arrays.js';
import { accuracyOf } from '../lib/classification.js';
import { contest, timedFit } from '../lib/contest.js';
import { inFolder } from '../lib/folder.js';
import { runPeer } from '../lib/peers.js';
import type { Benchmark, BenchRow } from '../lib/row.js';

/** What is fitted, and how good the result is: the higher the better. */
interface Work {
  /** The peer's script knows its ways by these names. */
  readonly commands: readonly string[];
  readonly title: string;
  readonly estimator: 'logistic-regression' | 'linear-regression';
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly classCount: number;
  readonly goal: number;
  readonly slack: number;
  quality(predicted: Float32Array, target: Float64Array): number;
}

/** Minus the mean log loss. */
function minusLogLoss(predicted: Float32Array, target: Float64Array): number {
  return target.reduce((sum, label, row) => sum + Math.log(predicted[2 * row + label] ?? 0), 0) / target.length;
}

/** The coefficient of determination. */
function determination(predicted: Float32Array, target: Float64Array): number {
  const mean = target.reduce((sum, value) => sum + value, 0) / target.length;
  const left = target.reduce((sum, value, row) => sum + (value - (predicted[row] ?? 0)) ** 2, 0);
  return 1 - left / target.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

const works: readonly Work[] = [
  {
    commands: ['logistic'],
    title: 'logistic regression fit',
    estimator: 'logistic-regression',
    parameters: {},
    classCount: 2,
    goal: 2.5,
    slack: 1e-4,
    quality: minusLogLoss,
  },
  {
    commands: ['sgd'],
    title: 'logistic regression, one pass of SGD',
    estimator: 'logistic-regression',
    parameters: { solver: 'sgd', max_iter: 1, batch_size: 64 },
    classCount: 2,
    goal: 8,
    slack: 0.002,
    quality: accuracyOf,
  },
  {
    commands: ['linear', 'ridge'],
    title: 'linear regression fit',
    estimator: 'linear-regression',
    parameters: {},
    classCount: 0,
    goal: 1,
    slack: 1e-4,
    quality: determination,
  },
];

async function rowsOf(folder: string, smoke: boolean): Promise<BenchRow[]> {
  const [rowCount, columnCount] = smoke ? [5000, 20] : [1_000_000, 100];
  await runPeer('linear.py', ['make', folder, rowCount, columnCount]);
  const target = await readDoubles(join(folder, 'labels.f64'));

  const measure = ({ commands, title, estimator, parameters, classCount, goal, slack, quality }: Work) => {
    const task = classCount === 0 ? 'regression' : 'classification';
    return contest({
      work: `${title}, ${rowCount} x ${columnCount}`,
      peer: 'scikit-learn',
      rounds: smoke ? 1 : 5,
      goal,
      // One pass over a few rows is worth little on either side.
      slack: smoke ? 0.05 : slack,
      theirs: commands.map((each) => () => runPeer('linear.py', [each, folder, rowCount, columnCount])),
      ours: async () => {
        // As the peer does, just before: memory that lay idle for seconds is slow to read on some machines.
        const data = await readSharedFloats(join(folder, 'features.f32'));
        const features = { data, rowCount, columnCount };
        return await timedFit(
          () => fitEstimator({ estimator, parameters, task, features, target, classCount, seed: 0 }),
          async (model) => quality(await model.predict(features), target),
        );
      },
    });
  };
  const rows: BenchRow[] = [];
  for (const work of works) rows.push(await measure(work));
  return rows;
}

/**
 * Linear models beside scikit-learn on the same rows. The quality is minus the log loss of logistic
 * regression, the accuracy after one pass of SGD (SGDClassifier has one thread), and R2.
 */
export const linearBenchmark: Benchmark = {
  name: 'linear',
  run: ({ smoke }) => inFolder((folder) => rowsOf(folder, smoke)),
};
