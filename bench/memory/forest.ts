import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { threadCount } from '../../native/threads.js';
import { MissingTool } from '../lib/missing-tool.js';
import { type Benchmark, rowOf } from '../lib/row.js';

/** As many times the bytes of the input and of its bins as fitting may hold at its peak, the input among them. */
const mostTimes = 2.5;
const columnCount = 20;

/** The memory that fitting a forest takes, in a process of its own. There is no peer: the other side is what is promised. */
export const forestMemoryBenchmark: Benchmark = {
  name: 'forest-memory',
  timeless: true,
  async run({ smoke }) {
    if (!existsSync('/proc/self/status')) throw new MissingTool('/proc/self/status', 'Linux has it');
    const [rowCount, trees] = smoke ? [200_000, 2] : [10_000_000, 10];
    const script = fileURLToPath(new URL('forest-child.js', import.meta.url));
    const args = [script, rowCount, columnCount, trees].map(String);
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { bytes, modelBytes, seconds } = JSON.parse(stdout) as Record<'bytes' | 'modelBytes' | 'seconds', number>;
    const mebibytes = (value: number) => `${Math.round(value / 2 ** 20)} MiB`;
    console.log(`  at most ${mebibytes(bytes)}, the model ${mebibytes(modelBytes)}, in ${seconds.toFixed(0)} s`);
    const inputAndBins = rowCount * columnCount * (Float32Array.BYTES_PER_ELEMENT + 1);
    return [
      rowOf({
        work: `peak memory of fitting a random forest, ${trees} trees, ${rowCount} x ${columnCount}`,
        peer: 'the promised bound',
        peerVersion: '',
        threads: threadCount(),
        ours: [bytes / inputAndBins],
        theirs: [mostTimes],
        unit: 'times input and bins',
        better: 'smaller',
        goal: 1,
      }),
    ];
  },
};
