import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { readBundle } from '../../native/bundle/bundle.js';
import { loadModel } from '../../native/estimators/load-model.js';
import { importBundle } from '../../native/exchange/import-bundle.js';
import { importModel } from '../../native/exchange/import-model.js';
import { largestDifference, numbersIn, type PeerModel, peers, rowsOf, runPeers } from './peers.js';

// The largest difference of a probability or number (relative beyond 1) that these tests allow. The libraries themselves
// add up in single precision, we in double.
const tolerance = 1e-5;
// skl2onnx rounds thresholds and leaves to single precision: beside scikit-learn itself a row on a threshold may differ.
const allowedRows = 0.01;

/** Predictions of a model in its bundle, from raw rows. */
async function predicted(t: ExecutionContext, folder: string, told: PeerModel): Promise<Float32Array> {
  const imported = importModel(await readFile(join(folder, told.file)));
  t.is(imported.featureCount, told.columns);
  const bundle = importBundle(imported, { features: [], classes: [], target: '' });
  if (told.classes !== undefined) t.deepEqual([...bundle.signature.classes], told.classes);
  const scoring = readBundle(bundle.files, loadModel);
  try {
    await scoring.verifyParity();
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

for (const library of ['xgboost', 'lightgbm', 'sklearn'] as const) {
  peers.test(`every model of ${library} predicts here what it does there`, async (t) => {
    // Training there takes its time.
    t.timeout(300_000);
    const folder = await mkdtemp(join(tmpdir(), 'tenon-exchange-'));
    t.teardown(() => rm(folder, { recursive: true, force: true }));
    await runPeers(library, folder);
    const all = JSON.parse(await readFile(join(folder, `${library}.models.json`), 'utf8')) as PeerModel[];
    t.true(all.length >= 10);
    for (const told of all) {
      const ours = await predicted(t, folder, told);
      t.true(told.rows >= 1000);
      const theirs = await numbersIn(join(folder, told.runtime ?? `${told.name}.predicted`), 'f8');
      const away = largestDifference(ours, theirs);
      t.true(away <= tolerance, `${told.name}: ${away}`);
      if (told.runtime === undefined) continue;
      const itself = await numbersIn(join(folder, `${told.name}.predicted`), 'f8');
      const differing = Array.from({ length: told.rows }, (_, row) => {
        const [begin, end] = [row * told.outputs, (row + 1) * told.outputs];
        return largestDifference(ours.subarray(begin, end), itself.subarray(begin, end)) > 1e-4;
      }).filter(Boolean).length;
      t.true(differing <= allowedRows * told.rows, `${told.name}: ${differing} rows`);
    }
  });
}
