import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fitEstimator } from '../../native/estimators/fit.js';
import type { Model } from '../../native/estimators/model.js';
import { treeExplainer } from '../../native/explain/tree-shap.js';
import { activeIsa } from '../../native/isa.js';
import { setThreads, threadCount } from '../../native/threads.js';
import { machineName } from '../lib/machine.js';
import { runPeer } from '../lib/peers.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { median, spread } from '../lib/statistics.js';

const columnCount = 20;

interface PeerRun {
  seconds: number;
  difference: number;
  version: string;
}

/** Rows of twenty uniform columns, the target a sum of products of them. */
function regression(rowCount: number) {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
  const data = Float32Array.from({ length: rowCount * columnCount }, next);
  const target = Float64Array.from({ length: rowCount }, (_, row) => {
    let sum = next() * 0.1;
    for (let c = 0; c < columnCount; c += 2)
      sum += (data[row * columnCount + c] ?? 0) * (data[row * columnCount + c + 1] ?? 0);
    return sum;
  });
  return { features: { data, rowCount, columnCount }, target };
}

/** A model's trees as the peer takes them. */
function treesOf(model: Model): object[] {
  const { tensors } = model.toTensors();
  const bytes = (name: string) => Uint8Array.from(tensors.find((tensor) => tensor.name === name)?.data ?? []).buffer;
  const start = new Uint32Array(bytes('tree_start'));
  const feature = new Int32Array(bytes('feature'));
  const threshold = new Float32Array(bytes('threshold'));
  const child = new Int32Array(bytes('child'));
  const values = new Float32Array(bytes('values'));
  const cover = new Float32Array(bytes('cover'));
  return Array.from(start.subarray(0, -1), (first, tree) => {
    const nodes = Array.from({ length: (start[tree + 1] ?? 0) - first }, (_, index) => first + index);
    const isLeaf = (node: number) => feature[node] === -1;
    return {
      left: nodes.map((node) => (isLeaf(node) ? -1 : child[node])),
      right: nodes.map((node) => (isLeaf(node) ? -1 : (child[node] ?? 0) + 1)),
      feature: nodes.map((node) => feature[node]),
      threshold: nodes.map((node) => threshold[node]),
      value: nodes.map((node) => (isLeaf(node) ? values[child[node] ?? 0] : 0)),
      cover: nodes.map((node) => cover[node]),
    };
  });
}

/** The peer explains the first `peerRows` rows only: on deep trees it takes seconds for each. */
async function measure(
  smoke: boolean,
  folder: string,
  depth: number,
  rowCount: number,
  peerRows: number,
): Promise<BenchRow> {
  const { features, target } = regression(smoke ? 2000 : 20_000);
  const trees = smoke ? 10 : 100;
  const model = await fitEstimator({
    estimator: 'random-forest',
    parameters: { n_estimators: trees, max_depth: depth, max_features: 'sqrt' },
    task: 'regression',
    features,
    target,
    classCount: 0,
    seed: 1,
  });
  const rows = { data: features.data.slice(0, rowCount * columnCount), rowCount, columnCount };
  const ours: number[] = [];
  const theirs: PeerRun[] = [];
  const explainer = await treeExplainer(model);
  for (let round = 0; round < (smoke ? 1 : 3); round++) {
    const begin = performance.now();
    const { values } = await explainer.explain(rows);
    ours.push((performance.now() - begin) / 1000);
    await writeFile(join(folder, 'trees.json'), JSON.stringify(treesOf(model)));
    await writeFile(join(folder, 'rows.f32'), rows.data.subarray(0, peerRows * columnCount));
    await writeFile(join(folder, 'ours.f64'), values.subarray(0, peerRows * columnCount));
    theirs.push(await runPeer<PeerRun>('shap_trees.py', [folder, peerRows, columnCount, 1], { group: 'shap' }));
  }
  const difference = Math.max(...theirs.map((run) => run.difference));
  if (!(difference < 1e-6)) throw new Error(`contributions differ by ${difference}`);
  const figures = { ours: rowCount / median(ours), peer_value: peerRows / median(theirs.map((run) => run.seconds)) };
  return {
    work: `Shapley values, ${rowCount} rows, ${trees} trees, ${depth === 0 ? 'no limit of depth' : `depth ${depth}`}`,
    peer: 'shap',
    peer_version: theirs[0]?.version ?? '',
    threads: 1,
    ...figures,
    unit: 'rows/s',
    ratio: figures.ours / figures.peer_value,
    goal: 10,
    // The same trees, and the same values to within 1e-6.
    ours_quality: null,
    peer_quality: null,
    spread: spread(ours),
    isa: activeIsa(),
    machine: machineName(),
  };
}

/** Exact Shapley values of forests, beside the C extension of the shap package, which has one thread. */
export const shapBenchmark: Benchmark = {
  name: 'shap',
  async run({ smoke }) {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-bench-'));
    const threads = threadCount();
    setThreads(1);
    try {
      const size = smoke ? 1 : 10;
      return [
        await measure(smoke, folder, 6, 320 * size, 100 * size),
        await measure(smoke, folder, 0, 16 * size, smoke ? 2 : 4),
      ];
    } finally {
      setThreads(threads);
      await rm(folder, { recursive: true, force: true });
    }
  },
};
