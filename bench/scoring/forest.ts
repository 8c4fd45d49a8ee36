// Random forest scoring against scikit-learn, in turn: node dist/bench/scoring/forest.js [ROUNDS]
import { fitEstimator } from '../../native/estimators/fit.js';
import { threadCount } from '../../native/threads.js';
import { binaryAccuracy, forestData } from '../training/forest-data.js';
import { startPeer } from '../training/peer.js';
import { compared, report } from '../training/report.js';

const rounds = Number(process.argv[2] ?? 7);
const singleRows = 2000;
const threads = threadCount();
const peer = startPeer('forest.py', threads);
const { version } = await peer.ask<{ version: string }>('about');
const { accuracy: peer_quality } = await peer.ask<{ accuracy: number }>('fit 0');
const { train, target, test, testTarget } = forestData();
const model = await fitEstimator({
  estimator: 'random-forest',
  parameters: {},
  task: 'classification',
  features: train,
  target,
  classCount: 2,
  seed: 0,
});
const ours_quality = binaryAccuracy(await model.predict(test), testTarget);
const batch: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
const single: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
for (let round = 0; round < rounds; round++) {
  batch.theirs.push((await peer.ask<{ seconds: number }>('score')).seconds);
  const started = performance.now();
  await model.predict(test);
  batch.ours.push((performance.now() - started) / 1000);
  single.theirs.push((await peer.ask<{ seconds: number }>('one')).seconds);
  const startedRows = performance.now();
  for (let row = 0; row < singleRows; row++) {
    const data = test.data.subarray(row * test.columnCount, (row + 1) * test.columnCount);
    model.predictSync({ data, rowCount: 1, columnCount: test.columnCount });
  }
  single.ours.push((performance.now() - startedRows) / 1000 / singleRows);
}
await peer.close();
const facts = { peer: 'scikit-learn', peer_version: version, ours_quality, peer_quality };
report('forest-scoring', [
  compared({ ...facts, work: 'score 20,000 rows, 100 deep trees', threads, goal: 4 }, batch.ours, batch.theirs),
  compared(
    { ...facts, work: 'score one row from its language, 100 deep trees', threads: 1, goal: 1 },
    single.ours,
    single.theirs,
  ),
]);
