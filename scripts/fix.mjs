// Mends what can be mended by a machine: generated types, lint, format.
// Use: node scripts/fix.mjs
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tool = (name) => join(root, 'node_modules', '.bin', name);

const fixes = [
  [tool('buf'), 'format', 'proto', '--write', '--exclude-path', 'proto/google'],
  [process.execPath, join(root, 'scripts', 'gen.mjs')],
  [tool('biome'), 'check', '--write', '--diagnostic-level=warn'],
];
let failed = false;
for (const [command, ...args] of fixes) {
  if (spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
