// Linear models against scikit-learn, in turn: node dist/bench/training/linear.js [ROUNDS]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitEstimator } from '../../native/estimators/fit.js';
import { threadCount } from '../../native/threads.js';
import { benchData, startPeer } from './peer.js';
import { compared, median, report } from './report.js';

const rounds = Number(process.argv[2] ?? 3);
const columnCount = 50;
const peer = startPeer('linear.py', threadCount());
const { version } = await peer.ask<{ version: string }>('about');
const bytes = readFileSync(join(benchData, 'lin.f32'));
const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const target = Float64Array.from(readFileSync(join(benchData, 'lin.u8')));
const features = { data, rowCount: target.length, columnCount };

const mean = target.reduce((sum, value) => sum + value, 0) / target.length;
const works = {
  logistic: {
    estimator: 'logistic-regression',
    classCount: 2,
    goal: 2.5,
    quality: (out: Float32Array) =>
      target.reduce((sum, label, row) => sum + Math.log(out[2 * row + label] ?? 0), 0) / target.length,
  },
  linear: {
    estimator: 'linear-regression',
    classCount: 0,
    goal: 1,
    quality: (out: Float32Array) =>
      1 -
      target.reduce((sum, value, row) => sum + (value - (out[row] ?? 0)) ** 2, 0) /
        target.reduce((sum, value) => sum + (value - mean) ** 2, 0),
  },
} as const;

const comparisons = [];
for (const [command, { estimator, classCount, goal, quality }] of Object.entries(works)) {
  const ours: number[] = [];
  const theirs: number[] = [];
  const ourQuality: number[] = [];
  const theirQuality: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const answer = await peer.ask<{ seconds: number; quality: number }>(command);
    theirs.push(answer.seconds);
    theirQuality.push(answer.quality);
    const started = performance.now();
    const task = classCount === 0 ? 'regression' : 'classification';
    const model = await fitEstimator({ estimator, parameters: {}, task, features, target, classCount, seed: 0 });
    ours.push((performance.now() - started) / 1000);
    ourQuality.push(quality(await model.predict(features)));
    model.dispose();
  }
  const facts = {
    work: `${estimator} fit, 200,000 x ${columnCount}`,
    peer: 'scikit-learn',
    peer_version: version,
    threads: threadCount(),
    goal,
    ours_quality: median(ourQuality),
    peer_quality: median(theirQuality),
  };
  comparisons.push(compared(facts, ours, theirs));
}
await peer.close();
report('linear-training', comparisons);
