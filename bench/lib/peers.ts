import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../proto/root.js';

const run = promisify(execFile);
const environment = join(packageRoot, '.cache', 'bench-venv');
const python = join(environment, 'bin', 'python');

// One pool, not two: a second spinning OpenMP pool makes a peer look ten times slower than it is.
const fairThreads = { OMP_WAIT_POLICY: 'PASSIVE', GOMP_SPINCOUNT: '0' };

/** The packages the peers' scripts import, at the versions measured. */
const packages = ['numpy==2.4.6', 'scikit-learn==1.9.1', 'threadpoolctl==3.8.0', 'shap==0.51.0'];

/** Makes the peers' virtual environment if it is not there, and returns its interpreter. */
export async function peerPython(): Promise<string> {
  // Holds what was installed, so that another list is installed anew.
  const ready = join(environment, 'ready');
  const wanted = packages.join('\n');
  if (!existsSync(ready) || (await readFile(ready, 'utf8')) !== wanted) {
    await mkdir(environment, { recursive: true });
    await run('python3', ['-m', 'venv', environment]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
    await writeFile(ready, wanted);
  }
  return python;
}

/** Runs a script of bench/peers and reads the JSON on its last line. */
export async function runPeer<Result>(script: string, args: readonly string[]): Promise<Result> {
  const interpreter = await peerPython();
  const path = join(packageRoot, 'bench', 'peers', script);
  const { stdout } = await run(interpreter, [path, ...args], {
    env: { ...process.env, ...fairThreads },
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Result;
}
