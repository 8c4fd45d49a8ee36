import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fitPca, transformPca } from '../../native/decomposition/pca.js';
import { fitEstimator } from '../../native/estimators/fit.js';
import { loadModel } from '../../native/estimators/load-model.js';
import type { Model, Task } from '../../native/estimators/model.js';
import { projector, type Reduction, reducedFile } from '../../native/estimators/reduced-model.js';
import { exportOnnx, exportPcaOnnx } from '../../native/exchange/export-onnx.js';
import { importModel } from '../../native/exchange/import-model.js';
import { NativeMatrix } from '../../native/matrix.js';
import type { Matrix } from '../../native/table/matrix.js';
import { largestDifference, numbersIn, peers, runPeers } from './peers.js';

const rowCount = 1200;
const columnCount = 6;

/** Features on a grid, so that many rows lie on thresholds; the same for the same seed. */
function features(seed: number, { missing = 0, counts = false, categories = false } = {}): Matrix {
  const data = new Float32Array(rowCount * columnCount);
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let at = 0; at < data.length; at++) {
    const value = Math.round((random() + random() + random() - 1.5) * 24) / 8;
    data[at] = counts ? Math.floor(Math.abs(value) * 3) : value;
    if (categories && at % columnCount === 0) data[at] = Math.floor(random() * 30);
    if (random() < missing) data[at] = Number.NaN;
  }
  return { data, rowCount, columnCount };
}

/** Class numbers, or numbers, that hang on the features in a bent way. */
function targets({ data }: Matrix, classCount: number): Float64Array {
  const at = (row: number, column: number) => {
    const value = data[row * columnCount + column] as number;
    return Number.isNaN(value) ? 0.4 : value;
  };
  const scores = Float64Array.from({ length: rowCount }, (_, row) => {
    return Math.sin(at(row, 0) * 2) + at(row, 1) * at(row, 2) + 0.3 * at(row, 3) + ((row * 37) % 11) / 20;
  });
  if (classCount === 0) return scores;
  const order = scores.slice().sort();
  const cuts = Array.from({ length: classCount - 1 }, (_, cut) => {
    return order[Math.floor(((cut + 1) * rowCount) / classCount)] as number;
  });
  return scores.map((score) => cuts.filter((cut) => score >= cut).length);
}

interface Case {
  name: string;
  estimator: string;
  classCount: number;
  parameters?: Record<string, unknown>;
  rows?: Parameters<typeof features>[1];
  categorical?: boolean;
  /** Whether the estimator sees three sums of the features. */
  reduced?: boolean;
  task?: Task;
  /** Gelu and the like are approximated on both sides. */
  tolerance?: number;
  /** What an import of the exported file makes of it; null where it is not taken back. */
  back: string | null;
}

const boosting = 'gradient-boosting';
const network = 'neural-network';
const trees = { n_estimators: 25 };
const small = { max_iter: 15, hidden_layer_sizes: '16,8' };
const missing = { missing: 0.1 };

const cases: Case[] = [
  {
    name: 'forest',
    estimator: 'random-forest',
    classCount: 2,
    parameters: trees,
    rows: missing,
    back: 'random-forest',
  },
  { name: 'forest-multi', estimator: 'random-forest', classCount: 5, parameters: trees, back: 'random-forest' },
  {
    name: 'forest-number',
    estimator: 'random-forest',
    classCount: 0,
    parameters: trees,
    rows: missing,
    back: 'random-forest',
  },
  { name: 'extra', estimator: 'extra-trees', classCount: 3, parameters: trees, back: 'random-forest' },
  { name: 'extra-number', estimator: 'extra-trees', classCount: 0, parameters: trees, back: 'random-forest' },
  { name: 'boosting', estimator: boosting, classCount: 2, rows: missing, back: boosting },
  { name: 'boosting-multi', estimator: boosting, classCount: 4, rows: missing, back: boosting },
  { name: 'boosting-number', estimator: boosting, classCount: 0, rows: missing, back: boosting },
  {
    name: 'boosting-poisson',
    estimator: boosting,
    classCount: 0,
    parameters: { loss: 'poisson' },
    rows: missing,
    back: boosting,
  },
  {
    name: 'boosting-categories',
    estimator: boosting,
    classCount: 2,
    rows: { missing: 0.05, categories: true },
    categorical: true,
    back: null,
  },
  { name: 'linear', estimator: 'linear-regression', classCount: 0, back: 'linear-regression' },
  { name: 'logistic', estimator: 'logistic-regression', classCount: 2, back: 'logistic-regression' },
  { name: 'logistic-multi', estimator: 'logistic-regression', classCount: 4, back: 'logistic-regression' },
  { name: 'svm', estimator: 'linear-svm', classCount: 2, back: 'logistic-regression' },
  { name: 'svm-multi', estimator: 'linear-svm', classCount: 3, back: null },
  { name: 'svm-number', estimator: 'linear-svm', classCount: 0, back: 'linear-regression' },
  {
    name: 'multinomial',
    estimator: 'multinomial-naive-bayes',
    classCount: 3,
    rows: { counts: true },
    back: 'logistic-regression',
  },
  { name: 'gaussian', estimator: 'gaussian-naive-bayes', classCount: 3, back: null },
  { name: 'neighbours', estimator: 'k-nearest-neighbors', classCount: 3, back: null },
  {
    name: 'neighbours-weighed',
    estimator: 'k-nearest-neighbors',
    classCount: 3,
    parameters: { weights: 'distance' },
    back: null,
  },
  {
    name: 'neighbours-manhattan',
    estimator: 'k-nearest-neighbors',
    classCount: 0,
    parameters: { metric: 'manhattan', weights: 'distance' },
    back: null,
  },
  {
    name: 'neighbours-cosine',
    estimator: 'k-nearest-neighbors',
    classCount: 2,
    parameters: { metric: 'cosine' },
    back: null,
  },
  { name: 'network', estimator: network, classCount: 2, parameters: small, back: network },
  {
    name: 'network-tanh',
    estimator: network,
    classCount: 3,
    parameters: { ...small, activation: 'tanh' },
    back: network,
  },
  {
    name: 'network-logistic',
    estimator: network,
    classCount: 2,
    parameters: { ...small, activation: 'logistic', loss: 'logistic' },
    back: network,
  },
  { name: 'network-gelu', estimator: network, classCount: 3, parameters: { ...small, activation: 'gelu' }, back: null },
  {
    name: 'network-layer',
    estimator: network,
    classCount: 3,
    parameters: { ...small, normalization: 'layer' },
    back: null,
  },
  {
    name: 'network-batch',
    estimator: network,
    classCount: 3,
    parameters: { ...small, normalization: 'batch' },
    back: network,
  },
  { name: 'network-number', estimator: network, classCount: 0, parameters: small, back: network },
  { name: 'network-reduced', estimator: network, classCount: 3, parameters: small, reduced: true, back: null },
  { name: 'neighbours-reduced', estimator: 'k-nearest-neighbors', classCount: 3, reduced: true, back: null },
  { name: 'clusters', estimator: 'k-means', classCount: 0, task: 'clustering', back: null },
];

// Sums of eighths, exact in single precision.
const reduction: Reduction = {
  featureCount: columnCount,
  componentCount: 3,
  weights: Float32Array.from({ length: columnCount * 3 }, (_, at) => ((at * 7) % 5) / 4 - 0.5),
};

async function fitted(each: Case): Promise<Model> {
  const { reduced = false, rows } = each;
  const matrix = features(7, rows);
  if (!reduced) return fittedOn(matrix, matrix, each);
  const front = projector(reduction);
  const data = front.predictSync(matrix);
  front.dispose();
  const model = await fittedOn({ data, rowCount, columnCount: 3 }, matrix, each);
  const loaded = loadModel(reducedFile(reduction, model.toTensors()));
  model.dispose();
  return loaded;
}

function fittedOn(
  seen: Matrix,
  matrix: Matrix,
  { estimator, classCount, parameters = {}, categorical = false, task }: Case,
): Promise<Model> {
  const raw = targets(matrix, classCount);
  return fitEstimator({
    estimator,
    parameters,
    task: task ?? (classCount > 0 ? 'classification' : 'regression'),
    features: seen,
    target: task === 'clustering' ? new Float64Array() : parameters.loss === 'poisson' ? raw.map(Math.abs) : raw,
    classCount,
    ...(categorical
      ? { categorical: Uint8Array.from({ length: columnCount }, (_, column) => Number(column === 0)) }
      : {}),
    seed: 11,
  });
}

peers.test('every estimator gives in ONNX Runtime what it gives here', async (t) => {
  t.timeout(300_000);
  const folder = await mkdtemp(join(tmpdir(), 'tenon-export-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const ours = new Map<string, Float32Array>();
  const told: object[] = [];
  for (const each of cases) {
    const model = await fitted(each);
    const held = features(8, each.rows);
    ours.set(each.name, await model.predict(held));
    const bytes = exportOnnx(model.toTensors(), { recipe: null, signature: null });
    model.dispose();
    await writeFile(join(folder, `${each.name}.onnx`), bytes);
    await writeFile(join(folder, `${each.name}.rows`), held.data);
    const input = { name: 'features', type: 'float', columns: columnCount, file: `${each.name}.rows` };
    told.push({ name: each.name, inputs: [input] });
    if (each.back === null) continue;
    const imported = importModel(bytes);
    t.is(imported.model.metadata.estimator, each.back, each.name);
    const again = loadModel(imported.model);
    const away = largestDifference(await again.predict(held), ours.get(each.name) as Float32Array);
    t.true(away <= 1e-6, `${each.name} and back: ${away}`);
    again.dispose();
  }
  const matrix = NativeMatrix.from(features(7).data, rowCount, columnCount);
  const pca = await fitPca(matrix, 4);
  const held = features(8);
  const components = await transformPca(pca, NativeMatrix.from(held.data, rowCount, columnCount));
  ours.set('pca', components.toFloat32Array());
  await writeFile(join(folder, 'pca.onnx'), exportPcaOnnx(pca));
  await writeFile(join(folder, 'pca.rows'), held.data);
  told.push({ name: 'pca', inputs: [{ name: 'features', type: 'float', columns: columnCount, file: 'pca.rows' }] });
  await writeFile(join(folder, 'models.json'), JSON.stringify(told));
  await runPeers('run', folder);
  for (const [name, mine] of ours) {
    const theirs = await numbersIn(join(folder, `${name}.scores`), 'f8');
    const tolerance = cases.find((each) => each.name === name)?.tolerance ?? 1e-6;
    const away = largestDifference(mine, theirs);
    t.true(away <= tolerance, `${name}: ${away}`);
    const { classCount = 0 } = cases.find((each) => each.name === name) ?? {};
    if (classCount === 0) continue;
    const labels = JSON.parse(await readFile(join(folder, `${name}.labels.json`), 'utf8')) as string[];
    const winners = labels.map((_, row) => {
      const shares = mine.subarray(row * classCount, (row + 1) * classCount);
      return String(shares.indexOf(Math.max(...shares)));
    });
    const other = labels.filter((label, row) => label !== winners[row]).length;
    // Of equal shares either may be the larger one after rounding.
    t.true(other <= rowCount / 100, `${name}: ${other} labels`);
  }
});
