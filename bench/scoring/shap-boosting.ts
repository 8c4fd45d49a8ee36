import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModel } from '../../native/estimators/load-model.js';
import type { Model } from '../../native/estimators/model.js';
import { tensorOf } from '../../native/estimators/tensors.js';
import { treeExplainer } from '../../native/explain/tree-shap.js';
import { setThreads, threadCount } from '../../native/threads.js';
import { readFloats } from '../lib/arrays.js';
import { rowsOf } from '../lib/boosting.js';
import { makeClassification } from '../lib/classification.js';
import { inFolder } from '../lib/folder.js';
import { inTurn } from '../lib/in-turn.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';

/** Contributions of the peer are single precision, summed over all trees. */
const tolerance = 1e-4;

interface PeerTrees {
  tree_start: number[];
  feature: number[];
  threshold: number[];
  child: number[];
  missing_left: number[];
  values: number[];
  cover: number[];
}

/** The peer's own trees as a model of ours: both sides explain the same. */
async function modelOf(folder: string, featureCount: number): Promise<Model> {
  const trees = JSON.parse(await readFile(join(folder, 'trees.json'), 'utf8')) as PeerTrees;
  const { length } = trees.feature;
  return loadModel({
    metadata: { format: '1', estimator: 'gradient-boosting', feature_count: String(featureCount), class_count: '2' },
    tensors: [
      tensorOf('base', 'F64', [1], new Float64Array(1)),
      tensorOf('tree_start', 'U32', [trees.tree_start.length], Uint32Array.from(trees.tree_start)),
      tensorOf('feature', 'I32', [length], Int32Array.from(trees.feature)),
      tensorOf('threshold', 'F32', [length], Float32Array.from(trees.threshold)),
      tensorOf('child', 'I32', [length], Int32Array.from(trees.child)),
      tensorOf('missing_left', 'U8', [length], Uint8Array.from(trees.missing_left)),
      tensorOf('values', 'F32', [trees.values.length], Float32Array.from(trees.values)),
      tensorOf('importances', 'F64', [featureCount], new Float64Array(featureCount)),
      tensorOf('cover', 'F32', [length], Float32Array.from(trees.cover)),
    ],
  });
}

/** The worst difference between our contributions and base value and the peer's. */
async function differenceOf(folder: string, values: Float64Array, base: number, columns: number): Promise<number> {
  const theirs = await readFloats(join(folder, 'theirs.f32'));
  let worst = 0;
  for (let index = 0; index < theirs.length; index++) {
    const row = Math.floor(index / (columns + 1));
    const column = index % (columns + 1);
    const ours = column === columns ? base : (values[row * columns + column] ?? Number.NaN);
    worst = Math.max(worst, Math.abs(ours - (theirs[index] ?? Number.NaN)));
  }
  return worst;
}

async function measure(folder: string, smoke: boolean, depth: number, explained: number): Promise<BenchRow> {
  const rowCount = smoke ? 2000 : 50_000;
  const trees = smoke ? 10 : 100;
  const { features } = await makeClassification(folder, rowCount);
  const columns = features.columnCount;
  const rows = rowsOf(features, 0, explained);
  const { ours, theirs } = await inTurn(smoke ? 1 : 3, {
    theirs: () =>
      runPeer<{ seconds: number[]; version: string }>(
        'shap_boosting.py',
        [folder, rowCount, columns, explained, trees, depth, 1],
        { group: 'boosting', env: { OMP_NUM_THREADS: '1' } },
      ),
    async ours() {
      const explainer = await treeExplainer(await modelOf(folder, columns));
      const seconds: number[] = [];
      // The first one warms up.
      for (let time = 0; time < 3; time++) {
        const begin = performance.now();
        const { values } = await explainer.explain(rows);
        seconds.push((performance.now() - begin) / 1000);
        if (time > 0) continue;
        const difference = await differenceOf(folder, values, explainer.baseValues[0] ?? Number.NaN, columns);
        if (!(difference < tolerance)) throw new Error(`contributions differ by ${difference}`);
      }
      explainer.dispose();
      return seconds.slice(1);
    },
  });
  const rate = (seconds: number) => explained / seconds;
  return rowOf({
    work: `Shapley values of boosted trees, ${explained} rows, ${trees} trees of depth ${depth}`,
    peer: 'xgboost',
    peerVersion: theirs[0]?.version ?? '',
    threads: 1,
    ours: ours.flat().map(rate),
    theirs: theirs.flatMap(({ seconds }) => seconds.map(rate)),
    unit: 'rows/s',
    better: 'larger',
    goal: 5,
  });
}

/** Exact Shapley values of boosted trees, beside xgboost's pred_contribs of the very same trees. */
export const shapBoostingBenchmark: Benchmark = {
  name: 'shap-boosting',
  run: ({ smoke }) =>
    inFolder(async (folder) => {
      const threads = threadCount();
      setThreads(1);
      try {
        const size = smoke ? 1 : 10;
        return [await measure(folder, smoke, 6, 200 * size), await measure(folder, smoke, 10, 50 * size)];
      } finally {
        setThreads(threads);
      }
    }),
};
