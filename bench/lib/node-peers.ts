import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../proto/root.js';

const run = promisify(execFile);

/** Imports an npm package that only a benchmark needs, installing it into .cache/bench-node first. */
export async function nodePeer<Exports>(name: string, version: string): Promise<Exports> {
  const folder = join(packageRoot, '.cache', 'bench-node', `${name}-${version}`);
  if (!existsSync(join(folder, 'node_modules', name))) {
    await mkdir(folder, { recursive: true });
    console.log(`  installing ${name}@${version} into .cache/bench-node`);
    // Its scripts would fetch what computes on other processors.
    await run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-save', `${name}@${version}`]);
  }
  return createRequire(join(folder, 'package.json'))(name) as Exports;
}
