import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Matrix } from '../../native/table/matrix.js';
import { packageRoot } from '../../proto/root.js';
import { requireTool } from '../harness/required.js';

const run = promisify(execFile);

/** The interpreter that has XGBoost, LightGBM, scikit-learn and ONNX Runtime. */
export const peers = requireTool(
  'a Python environment with the libraries that models are exchanged with',
  join(packageRoot, '.cache', 'exchange-venv', 'bin', 'python'),
  'scripts/install-python-peers.sh',
);

/** Runs a command of peers.py on a folder: trains models of a library, or runs .onnx files. */
export async function runPeers(command: 'xgboost' | 'lightgbm' | 'sklearn' | 'run', folder: string): Promise<void> {
  await run(peers.path, [join(packageRoot, 'test', 'exchange', 'peers.py'), command, folder], {
    maxBuffer: 2 ** 24,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
}

/** A model that peers.py has trained. */
export interface PeerModel {
  name: string;
  file: string;
  rows: number;
  columns: number;
  outputs: number;
  classes?: string[];
  /** What ONNX Runtime predicts, where the library itself is another. */
  runtime?: string;
}

/** A file of little-endian numbers. */
export async function numbersIn(path: string, kind: 'f4' | 'f8'): Promise<Float32Array | Float64Array> {
  const bytes = await readFile(path);
  const copy = new Uint8Array(bytes).buffer;
  return kind === 'f4' ? new Float32Array(copy) : new Float64Array(copy);
}

/** The rows of a model as a matrix. */
export async function rowsOf(folder: string, { name, rows, columns }: PeerModel): Promise<Matrix> {
  const data = (await numbersIn(join(folder, `${name}.rows`), 'f4')) as Float32Array;
  return { data, rowCount: rows, columnCount: columns };
}

/** The largest difference, relative to numbers beyond 1 and absolute below. */
export function largestDifference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) throw new Error(`${ours.length} numbers beside ${theirs.length}`);
  let most = 0;
  for (let at = 0; at < ours.length; at++) {
    const [one, other] = [ours[at] as number, theirs[at] as number];
    const away = Math.abs(one - other) / Math.max(1, Math.abs(other));
    most = Number.isNaN(away) ? Number.POSITIVE_INFINITY : Math.max(most, away);
  }
  return most;
}
