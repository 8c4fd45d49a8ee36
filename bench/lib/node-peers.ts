import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../proto/root.js';

const run = promisify(execFile);

/** Of each package once, however many ask for it at the same time: half of a library must not be loaded. */
const installed = new Map<string, Promise<string>>();

/** Imports an npm package that only a benchmark needs, installing it into .cache/bench-node first. */
export async function nodePeer<Exports>(name: string, version: string): Promise<Exports> {
  const key = `${name}-${version}`;
  const folder = installed.get(key) ?? install(name, version, join(packageRoot, '.cache', 'bench-node', key));
  installed.set(key, folder);
  return createRequire(join(await folder, 'package.json'))(name) as Exports;
}

async function install(name: string, version: string, folder: string): Promise<string> {
  if (existsSync(join(folder, 'node_modules', name))) return folder;
  await mkdir(folder, { recursive: true });
  console.log(`  installing ${name}@${version} into .cache/bench-node`);
  // Its scripts would fetch what computes on other processors.
  await run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-save', `${name}@${version}`]);
  return folder;
}
