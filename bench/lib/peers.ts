import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../proto/root.js';
import { MissingTool } from './missing-tool.js';

const run = promisify(execFile);
const environment = join(packageRoot, '.cache', 'bench-venv');
const python = join(environment, 'bin', 'python');

/** What the peers' scripts import, at the versions measured; each group is installed when it is first needed. */
const packages = {
  'scikit-learn': ['numpy==2.4.6', 'scikit-learn==1.9.1', 'threadpoolctl==3.8.0'],
  shap: ['numpy==2.4.6', 'scikit-learn==1.9.1', 'shap==0.51.0'],
  // The wheel does not load without NVIDIA's libraries, though it computes on the processor: some 5 GB.
  pytorch: ['numpy==2.4.6', 'torch==2.14.0'],
  onnx: ['numpy==2.4.6', 'onnx==1.23.2', 'onnxruntime==1.32.0'],
  'onnx-export': ['numpy==2.4.6', 'scikit-learn==1.9.1', 'onnx==1.23.2', 'onnxruntime==1.32.0', 'skl2onnx==1.20.0'],
  csv: ['numpy==2.4.6', 'duckdb==2.0.1', 'pandas==3.1.1', 'polars==2.1.0'],
  boosting: ['numpy==2.4.6', 'scikit-learn==1.9.1', 'xgboost-cpu==3.2.0', 'lightgbm==4.7.0'],
} as const;

/** Packages that are installed together. */
export type PeerGroup = keyof typeof packages;

/** Holds what was installed, so that another list is installed anew. */
const markerOf = (group: PeerGroup) => join(environment, `installed-${group}`);
const listOf = (group: PeerGroup) => packages[group].join('\n');

/** Whether a group is there, at these versions. */
export async function peersInstalled(group: PeerGroup): Promise<boolean> {
  return (await readFile(markerOf(group), 'utf8').catch(() => '')) === listOf(group);
}

async function makeEnvironment(): Promise<void> {
  await mkdir(environment, { recursive: true });
  try {
    await run('python3', ['-m', 'venv', environment]);
  } catch (cause) {
    // Debian's python3 has the module, but not what it needs to work.
    const error = new MissingTool('python3 -m venv', 'Debian: apt-get install python3 python3-venv');
    error.cause = cause;
    throw error;
  }
}

let installing: Promise<void> = Promise.resolve();

/** Installs a group if it is not there; one after the other, as all share an environment. */
function install(group: PeerGroup): Promise<void> {
  const installed = installing.then(() => installMissing(group));
  // The next does not fail because of this one.
  installing = installed.catch(() => undefined);
  return installed;
}

async function installMissing(group: PeerGroup): Promise<void> {
  if (await peersInstalled(group)) return;
  await makeEnvironment();
  console.log(`  installing ${packages[group].join(', ')} into .cache/bench-venv`);
  const quietly = ['--quiet', '--disable-pip-version-check'];
  await run(python, ['-m', 'pip', 'install', ...quietly, ...packages[group]], { maxBuffer: 2 ** 26 });
  await writeFile(markerOf(group), listOf(group));
}

/** What a peer is started with: nothing that would make it look slow. */
function fairEnvironment(): NodeJS.ProcessEnv {
  // One pool, not two: a second spinning OpenMP pool makes a peer look ten times slower than it is.
  const env: NodeJS.ProcessEnv = { ...process.env, OMP_WAIT_POLICY: 'PASSIVE', GOMP_SPINCOUNT: '0' };
  // OpenBLAS is to choose for this processor, not to follow what was set for an older one.
  delete env.OPENBLAS_CORETYPE;
  delete env.OPENBLAS_L2_SIZE;
  return env;
}

/** Lets the threads of a peer's only pool spin between calls, as its library does by itself: faster for calls of microseconds. */
export const spinning: NodeJS.ProcessEnv = { OMP_WAIT_POLICY: 'ACTIVE', GOMP_SPINCOUNT: undefined };

/** The same for some milliseconds at most: faster where other work of the process comes between. */
export const spinningBriefly: NodeJS.ProcessEnv = { GOMP_SPINCOUNT: '300000', OMP_WAIT_POLICY: undefined };

/** How a script of bench/peers is started; what it imports is installed first. */
export async function peerCommand(
  script: string,
  args: readonly (string | number)[],
  { group = 'scikit-learn', env = {} }: { group?: PeerGroup; env?: NodeJS.ProcessEnv } = {},
): Promise<{ file: string; args: string[]; env: NodeJS.ProcessEnv }> {
  await install(group);
  const path = join(packageRoot, 'bench', 'peers', script);
  return { file: python, args: [path, ...args.map(String)], env: { ...fairEnvironment(), ...env } };
}

/** Runs a script of bench/peers, installing what it imports, and reads the JSON on its last line. */
export async function runPeer<Result>(
  script: string,
  args: readonly (string | number)[],
  options: { group?: PeerGroup; env?: NodeJS.ProcessEnv } = {},
): Promise<Result> {
  const { file, args: all, env } = await peerCommand(script, args, options);
  const { stdout } = await run(file, all, { env, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Result;
}
