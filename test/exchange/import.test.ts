import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readBundle } from '../../native/bundle/bundle.js';
import { loadModel } from '../../native/estimators/model.js';
import { importBundle } from '../../native/exchange/import-bundle.js';
import { importModel } from '../../native/exchange/import-model.js';
import { largestDifference, numbersIn, type PeerModel, peers, rowsOf, runPeers } from './peers.js';

// The largest difference of a probability or number (relative beyond 1) that these tests allow. The libraries themselves
// add up in single precision, we in double.
const tolerance = 1e-5;
// skl2onnx rounds thresholds and leaves to single precision: beside scikit-learn itself a row on a threshold may differ.
const allowedRows = 0.01;

let folder = '';
let models: PeerModel[] = [];

test.before(async () => {
  if (!peers.installed) return;
  folder = process.env.PEER_MODELS ?? (await mkdtemp(join(tmpdir(), 'tenon-exchange-')));
  if (process.env.PEER_MODELS === undefined) await runPeers('train', folder);
  models = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as PeerModel[];
});

test.after.always(async () => {
  if (folder !== '' && process.env.PEER_MODELS === undefined) await rm(folder, { recursive: true, force: true });
});

/** Predictions of a model in its bundle, from raw rows. */
async function predicted(t: ExecutionContext, told: PeerModel): Promise<Float32Array> {
  const imported = importModel(await readFile(join(folder, told.file)));
  t.is(imported.featureCount, told.columns);
  const bundle = importBundle(imported, { features: [], classes: [], target: '' });
  if (told.classes !== undefined) t.deepEqual([...bundle.signature.classes], told.classes);
  const scoring = readBundle(bundle.files, loadModel);
  try {
    scoring.verifyParity();
    t.is(scoring.outputCount, told.outputs);
    const { data, rowCount, columnCount } = await rowsOf(folder, told);
    const names = scoring.recipe.inputs.map(({ name }) => name);
    const records = Array.from({ length: rowCount }, (_, row) => ({
      fields: Object.fromEntries(
        names.map((name, column) => {
          const value = data[row * columnCount + column] as number;
          return [name, Number.isNaN(value) ? { kind: 'nullValue' } : { kind: 'numberValue', numberValue: value }];
        }),
      ),
    }));
    return await scoring.predictBatch({ records } as Parameters<typeof scoring.predictBatch>[0]);
  } finally {
    scoring.dispose();
  }
}

for (const library of ['xgboost', 'lightgbm', 'sklearn']) {
  peers.test(`every model of ${library} predicts here what it does there`, async (t) => {
    const all = models.filter(({ name }) => name.startsWith(`${library}-`));
    t.true(all.length >= 10);
    for (const told of all) {
      const ours = await predicted(t, told);
      t.true(told.rows >= 1000);
      const theirs = await numbersIn(join(folder, told.runtime ?? `${told.name}.predicted`), 'f8');
      const away = largestDifference(ours, theirs);
      t.true(away <= tolerance, `${told.name}: ${away}`);
      if (told.runtime === undefined) continue;
      const library = await numbersIn(join(folder, `${told.name}.predicted`), 'f8');
      const differing = Array.from({ length: told.rows }, (_, row) => {
        const [begin, end] = [row * told.outputs, (row + 1) * told.outputs];
        return largestDifference(ours.subarray(begin, end), library.subarray(begin, end)) > 1e-4;
      }).filter(Boolean).length;
      t.true(differing <= allowedRows * told.rows, `${told.name}: ${differing} rows`);
    }
  });
}
