// Builds the addon: node native/build.mjs [--clean]. Output: native/build/Release/tenon.node.
//
// Needs a C++20 compiler, make, Python 3 and the headers of the running Node, all of which must
// already be on the machine: nothing is downloaded. Only files that changed are compiled again.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addonSources } from './sources.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** The prefix whose include/node holds the running Node's headers, or null. */
export function headerPrefix() {
  const candidates = [join(dirname(process.execPath), '..'), '/usr', '/usr/local', '/opt/homebrew'];
  return candidates.find((prefix) => headersMatch(join(prefix, 'include', 'node'))) ?? null;
}

// Headers of another major version compile and then fail at load, or worse, do not.
function headersMatch(folder) {
  const version = join(folder, 'node_version.h');
  if (!existsSync(join(folder, 'node_api.h')) || !existsSync(version)) return false;
  const major = /#define NODE_MAJOR_VERSION (\d+)/.exec(readFileSync(version, 'utf8'))?.[1];
  return major === process.versions.node.split('.')[0];
}

function answers(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** What the machine lacks, in words; empty if it can build. */
export function missingTools() {
  const missing = [];
  if (![process.env.CXX, 'g++', 'clang++', 'c++'].some((name) => name && answers(name, ['--version']))) {
    missing.push('a C++20 compiler (Debian: apt install g++; macOS: xcode-select --install)');
  }
  if (!answers('make', ['--version'])) missing.push('make (Debian: apt install make)');
  if (!answers('python3', ['--version'])) missing.push('Python 3 (Debian: apt install python3)');
  if (headerPrefix() === null) {
    missing.push(
      `the headers of Node ${process.version} (looked for include/node/node_api.h beside ${process.execPath}, in /usr and /usr/local; Debian: apt install libnode-dev, or use a Node distribution that carries include/node)`,
    );
  }
  return missing;
}

// Two builds in one folder would overwrite each other's objects: the second waits for the first.
function withLock(directory, body) {
  const lock = join(directory, '.build-lock');
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isRunning(readOwner(lock))) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return body();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

// The lock's owner writes its number just after taking it: before that it counts as running.
function readOwner(lock) {
  const deadline = Date.now() + 2000;
  while (Date.now() < deadline) {
    try {
      const text = readFileSync(join(lock, 'pid'), 'utf8');
      if (text !== '') return Number(text);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      if (!existsSync(lock)) return process.pid;
    }
  }
  return null;
}

function isRunning(pid) {
  if (pid === null) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * A folder for another build of the same sources, under native/: node-gyp writes build/ beside
 * binding.gyp, so each build needs one. Returns its path.
 */
export function buildFolder(name) {
  const directory = join(here, name);
  mkdirSync(directory, { recursive: true });
  for (const source of ['binding.gyp', 'sources.mjs', 'src']) {
    const link = join(directory, source);
    if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link);
    symlinkSync(join('..', source), link);
  }
  return directory;
}

/**
 * Compiles with node-gyp. `gypArguments` are passed on to the project generator; `directory` is
 * where binding.gyp is read from and build/ is written. `target` compiles for another processor:
 * `arch` as Node names it, `prefix` of its headers, `tools` as in the environment (CC, CXX, AR).
 * Returns the exit code.
 */
export function build({ clean = false, directory = here, gypArguments = [], target = null } = {}) {
  const missing = target === null ? missingTools() : [];
  if (missing.length > 0) {
    console.error(`The native addon cannot be built. Missing:\n${missing.map((line) => `  - ${line}`).join('\n')}`);
    return 1;
  }
  const nodeGyp = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  const common = [`--directory=${directory}`, `--nodedir=${target?.prefix ?? headerPrefix()}`, '--loglevel=warn'];
  if (target !== null) common.push(`--arch=${target.arch}`);
  const env = { ...process.env, ...target?.tools };
  const run = (command, extra) =>
    spawnSync(process.execPath, [nodeGyp, command, ...common, ...extra], { stdio: 'inherit', env }).status ?? 1;
  return withLock(directory, () => {
    if (clean) run('clean', []);
    // Configure writes the list of sources into the makefile; it is quick, and make then compiles
    // only what changed.
    const configured = run('configure', gypArguments.length > 0 ? ['--', ...gypArguments] : []);
    return configured === 0 ? run('build', ['-j', String(availableParallelism())]) : configured;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const unknown = process.argv.slice(2).filter((argument) => argument !== '--clean');
  if (unknown.length > 0) {
    console.error(`unknown argument ${unknown[0]}; use: node native/build.mjs [--clean]`);
    process.exit(1);
  }
  console.error(`compiling the native addon (${addonSources().length} sources)`);
  process.exit(build({ clean: process.argv.includes('--clean') }));
}
