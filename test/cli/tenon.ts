import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { type ServiceName, serviceNames } from '../../services/mesh/discovery/backend.js';
import { eventually } from '../harness/eventually.js';

/** The built command. */
export const tenonScript = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

/** How a run ended. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** How the command is run. */
export interface RunOptions {
  /** More environment variables. */
  env?: Record<string, string>;
  /** What stdin holds; default nothing. */
  input?: string;
  /** Where it runs; default the system's folder for temporary files, which has no mesh. */
  cwd?: string;
}

/** A run under way. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Outcome>;
  stdout(): string;
  stderr(): string;
  /** Waits until stdout and stderr together match. */
  said(pattern: RegExp): Promise<void>;
}

/** The environment without TENON_ variables of whoever runs the tests. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TENON_')));
}

/** Starts `tenon` as a child process. */
export function startTenon(args: readonly string[], options: RunOptions = {}): Running {
  const { env = {}, input = '', cwd = tmpdir() } = options;
  const child = spawn(process.execPath, [tenonScript, ...args], { env: { ...cleanEnvironment(), ...env }, cwd });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    async said(pattern) {
      await eventually(
        () => `${stdout}\n${stderr}`,
        (text) => pattern.test(text) || child.exitCode !== null,
        60_000,
      );
      if (!pattern.test(`${stdout}\n${stderr}`)) throw new Error(`it ended without ${pattern}: ${stdout}\n${stderr}`);
    },
  };
}

const atOnce = 4; // AVA begins all tests of a file together, and each run is a process.
const running = new Set<Promise<unknown>>();

/** Runs `tenon` to its end; a few at a time. */
export async function tenon(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  while (running.size >= atOnce) await Promise.race(running);
  const { ended } = startTenon(args, options);
  running.add(ended);
  try {
    return await ended;
  } finally {
    running.delete(ended);
  }
}

/** The variables that name the services of a mesh. */
export function addressesAsEnvironment(addresses: Record<ServiceName, string>): Record<string, string> {
  return Object.fromEntries(serviceNames.map((name) => [`TENON_ADDRESS_${name.toUpperCase()}`, addresses[name]]));
}

/** The one JSON document on stdout of a run that succeeded. */
export function documentOf<T>(t: ExecutionContext, { code, stdout, stderr }: Outcome): T {
  t.is(code, 0, stderr);
  return JSON.parse(stdout) as T;
}

/** An error as `--json` prints it. */
export interface JsonError {
  code: string;
  reason?: string;
  message: string;
  hint?: string;
  violations?: { field: string; description: string }[];
  metadata?: Record<string, string>;
}

/** The one line on stderr of a run that failed with `--json`. */
export function errorOf(t: ExecutionContext, { stdout, stderr }: Outcome): JsonError {
  t.is(stdout, '');
  t.is(stderr.trim().split('\n').length, 1, stderr);
  return (JSON.parse(stderr) as { error: JsonError }).error;
}

/** A folder that is removed after the test. */
export async function temporaryFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-cli-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
