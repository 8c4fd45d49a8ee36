import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModel } from '../../native/estimators/load-model.js';
import { exportOnnx } from '../../native/exchange/export-onnx.js';
import { importModel } from '../../native/exchange/import-model.js';
import { threadCount } from '../../native/threads.js';
import { readFloats, worstDifference } from '../lib/arrays.js';
import { rowsOf, timedBatches } from '../lib/boosting.js';
import { makeClassification } from '../lib/classification.js';
import { inFolder } from '../lib/folder.js';
import { inTurn } from '../lib/in-turn.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';

const script = 'boosting_score.py';
const peers = [
  { name: 'lightgbm', peer: 'LightGBM', group: 'boosting' },
  { name: 'onnxruntime', peer: 'ONNX Runtime', group: 'onnx' },
] as const;

/** Sums of single precision over a hundred trees, which a peer adds in another order. */
const tolerance = 1e-5;

interface PeerScore {
  version: string;
  batch: number[];
}

async function scoreRows(folder: string, smoke: boolean): Promise<BenchRow[]> {
  const [rowCount, trainCount, rounds] = smoke ? [3000, 2000, 10] : [120_000, 100_000, 100];
  const { features } = await makeClassification(folder, rowCount);
  const given = [folder, rowCount, features.columnCount, trainCount];
  await runPeer(script, ['make', ...given, rounds], { group: 'boosting' });
  const { model: file } = importModel(await readFile(join(folder, 'model.txt')));
  await writeFile(join(folder, 'model.onnx'), exportOnnx(file, { recipe: null, signature: null }));
  const model = loadModel(file);
  const test = rowsOf(features, trainCount, rowCount);
  const rows: BenchRow[] = [];
  for (const { name, peer, group } of peers) {
    const { ours, theirs } = await inTurn(smoke ? 1 : 3, {
      theirs: () => runPeer<PeerScore>(script, [name, ...given], { group }),
      ours: () => timedBatches(model, test),
    });
    const wanted = await readFloats(join(folder, `${name}.f32`));
    const shares = ours[0]?.shares ?? new Float32Array();
    const worst = worstDifference(
      wanted,
      shares.filter((_, at) => at % 2 === 1),
    );
    if (!(worst < tolerance)) throw new Error(`probabilities differ by ${worst} from those of ${peer}`);
    const rate = (seconds: number) => test.rowCount / seconds;
    rows.push(
      rowOf({
        work: `the same boosted trees score, ${test.rowCount} rows, ${rounds} trees of depth 6`,
        peer,
        peerVersion: theirs[0]?.version ?? '',
        threads: threadCount(),
        ours: ours.flatMap(({ batch }) => batch.map(rate)),
        theirs: theirs.flatMap(({ batch }) => batch.map(rate)),
        unit: 'rows/s',
        better: 'larger',
        goal: 5,
      }),
    );
  }
  model.dispose();
  return rows;
}

/** Scoring a model that LightGBM fitted: imported, beside LightGBM itself, and exported, beside ONNX Runtime. */
export const sameTreesBenchmark: Benchmark = {
  name: 'same-trees-score',
  run: ({ smoke }) => inFolder((folder) => scoreRows(folder, smoke)),
};
