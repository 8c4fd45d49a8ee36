// Random forest training against scikit-learn, in turn: node dist/bench/training/forest.js [ROUNDS]
import { fitEstimator } from '../../native/estimators/fit.js';
import { setThreads, threadCount } from '../../native/threads.js';
import { binaryAccuracy, forestData } from './forest-data.js';
import { startPeer } from './peer.js';
import { compared, median, report } from './report.js';

const rounds = Number(process.argv[2] ?? 3);
const threads = threadCount();
setThreads(threads);
const peer = startPeer('forest.py', threads);
const { version } = await peer.ask<{ version: string }>('about');
const { train, target, test, testTarget } = forestData();
const ours: number[] = [];
const theirs: number[] = [];
const ourAccuracy: number[] = [];
const theirAccuracy: number[] = [];
for (let round = 0; round < rounds; round++) {
  const { seconds, accuracy } = await peer.ask<{ seconds: number; accuracy: number }>(`fit ${round}`);
  theirs.push(seconds);
  theirAccuracy.push(accuracy);
  const started = performance.now();
  const model = await fitEstimator({
    estimator: 'random-forest',
    parameters: {},
    task: 'classification',
    features: train,
    target,
    classCount: 2,
    seed: round,
  });
  ours.push((performance.now() - started) / 1000);
  ourAccuracy.push(binaryAccuracy(await model.predict(test), testTarget));
  model.dispose();
}
await peer.close();
const facts = {
  work: 'random forest fit, 100,000 x 20, 100 trees',
  peer: 'scikit-learn',
  peer_version: version,
  threads,
  goal: 10,
  ours_quality: median(ourAccuracy),
  peer_quality: median(theirAccuracy),
};
report('forest-training', [compared(facts, ours, theirs)]);
