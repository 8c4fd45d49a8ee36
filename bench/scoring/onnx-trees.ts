import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '../../native/estimators/model.js';
import { exportOnnx } from '../../native/exchange/export-onnx.js';
import type { Matrix } from '../../native/table/matrix.js';
import { threadCount } from '../../native/threads.js';
import { worstDifference } from '../lib/arrays.js';
import { fitLikePeer, rowsOf } from '../lib/boosting.js';
import { inFolder } from '../lib/folder.js';
import { fitForest, makeForestData } from '../lib/forest.js';
import { onnxRuntimeNode, openOnnx } from '../lib/onnx-runtime.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { medianSeconds, medianSecondsOf, rowsInTurns, turnSeconds } from '../lib/turns.js';

/** Sums of single precision over a hundred trees, which the peer adds in another order. */
const tolerance = 1e-5;

/** Calls this short are timed in groups: the clock's own cost would count. */
const group = 50;

interface Trees {
  name: string;
  size: string;
  model: Model;
  /** For all rows in a call, and for one. */
  goals: { many: number; one: number };
}

/** Rows one after the other, then again: no tree's path is in the cache for its own sake. */
function oneByOne(test: Matrix): () => Matrix {
  const rows = Array.from({ length: test.rowCount }, (_, row) => {
    const one = rowsOf(test, row, row + 1);
    return { ...one, data: one.data.slice() };
  });
  let next = 0;
  return () => rows[next++ % rows.length] as Matrix;
}

async function rowsOfTrees(folder: string, smoke: boolean, test: Matrix, trees: Trees): Promise<BenchRow[]> {
  const { name, size, model, goals } = trees;
  const file = join(folder, `${name}.onnx`);
  await writeFile(file, exportOnnx(model.toTensors(), { recipe: null, signature: null }));
  // One thread may beat more: the better counts.
  const scorers = await Promise.all(
    [...new Set([1, threadCount()])].map((threads) =>
      openOnnx(file, { input: 'features', output: 'probabilities', threads }),
    ),
  );
  for (const theirs of scorers) {
    const worst = worstDifference(await model.predict(test), await theirs(test));
    if (!(worst < tolerance)) throw new Error(`probabilities differ by ${worst} from those of ONNX Runtime`);
  }
  const rounds = smoke ? 1 : 31;
  const seconds = smoke ? 0 : turnSeconds;
  const rivals = (turnOf: (theirs: (rows: Matrix) => Promise<Float32Array>) => () => Promise<number>) =>
    scorers.map((theirs) => ({
      kind: onnxRuntimeNode.name,
      peer: onnxRuntimeNode.name,
      version: onnxRuntimeNode.version,
      turn: turnOf(theirs),
    }));
  const manyRows = await rowsInTurns({
    work: `${name} score from JavaScript, ${test.rowCount} rows, ${size}`,
    rounds,
    rivals: rivals((theirs) => () => medianSecondsOf(() => theirs(test), seconds)),
    ours: () => medianSecondsOf(() => model.predict(test), seconds),
    figure: (each) => test.rowCount / each,
    unit: 'rows/s',
    better: 'larger',
    goal: goals.many,
  });
  const [ourNext, theirNext] = [oneByOne(test), oneByOne(test)];
  const oneRow = await rowsInTurns({
    work: `${name} score of one row from JavaScript, ${size}`,
    threads: 1,
    rounds,
    rivals: rivals((theirs) => async () => {
      const calls = async () => {
        for (let call = 0; call < group; call++) await theirs(theirNext());
      };
      return (await medianSecondsOf(calls, seconds)) / group;
    }),
    ours: () => {
      const calls = () => {
        for (let call = 0; call < group; call++) model.predictSync(ourNext());
      };
      return medianSeconds(calls, seconds) / group;
    },
    figure: (each) => each * 1e6,
    unit: 'us',
    better: 'smaller',
    goal: goals.one,
  });
  return [...manyRows, ...oneRow];
}

async function scoreRows(folder: string, smoke: boolean): Promise<BenchRow[]> {
  const { train, test, trees, size } = await makeForestData(folder, smoke);
  const trainCount = train.features.rowCount;
  const boosted = await fitLikePeer({ ...train, folder, classCount: 2, trainCount, rounds: trees }, 'xgboost', 0);
  const forest = await fitForest(train, { trees, seed: 0 });
  const depth = `${trees} trees of depth 6`;
  const rows = [
    ...(await rowsOfTrees(folder, smoke, test.features, {
      name: 'boosted trees',
      size: depth,
      model: boosted,
      goals: { many: 5, one: 5 },
    })),
    ...(await rowsOfTrees(folder, smoke, test.features, {
      name: 'random forest',
      size,
      model: forest,
      goals: { many: 4, one: 1.8 },
    })),
  ];
  boosted.dispose();
  forest.dispose();
  return rows;
}

/** Scoring with our trees from JavaScript, many rows and one, beside ONNX Runtime on the same trees, exported. */
export const onnxTreesBenchmark: Benchmark = {
  name: 'onnx-trees-score',
  run: ({ smoke }) => inFolder((folder) => scoreRows(folder, smoke)),
};
