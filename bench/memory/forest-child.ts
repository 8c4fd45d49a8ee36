import { readFileSync } from 'node:fs';
import { fitEstimator } from '../../native/estimators/fit.js';

/** What this process holds, or held at most, in bytes: a line of /proc/self/status. */
function memory(line: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return 1024 * Number(new RegExp(`^${line}:\\s*([0-9]+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN);
}

/** Rows of two classes that a few columns and chance decide, made where they stay. */
function made(rowCount: number, columnCount: number) {
  const data = new Float32Array(rowCount * columnCount);
  const target = new Float64Array(rowCount);
  let state = 1;
  const next = () => {
    // Marsaglia's xorshift, 2003.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let at = 0; at < data.length; at++) data[at] = next();
  for (let row = 0; row < rowCount; row++) {
    const of = (column: number) => data[row * columnCount + column] ?? 0;
    target[row] = of(0) + of(1) * of(2) + 0.5 * (next() - 0.5) > 0.75 ? 1 : 0;
  }
  return { features: { data, rowCount, columnCount }, target };
}

const [rowCount = 0, columnCount = 0, trees = 0] = process.argv.slice(2).map(Number);
const fitted = (rows: number) =>
  fitEstimator({
    estimator: 'random-forest',
    parameters: { n_estimators: rows === rowCount ? trees : 1 },
    task: 'classification',
    ...made(rows, columnCount),
    classCount: 2,
    seed: 0,
  });
// What a process needs in any case, threads and compiled code among it, is there before the data.
(await fitted(1000)).dispose();
const baseline = memory('VmRSS');
const begin = performance.now();
const model = await fitted(rowCount);
const seconds = (performance.now() - begin) / 1000;
console.log(JSON.stringify({ bytes: memory('VmHWM') - baseline, modelBytes: model.sizeBytes, seconds }));
