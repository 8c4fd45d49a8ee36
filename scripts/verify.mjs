// Runs every static check by name and says which failed; its twin is fix.mjs.
// Use: node scripts/verify.mjs [name …]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tool = (name) => join(root, 'node_modules', '.bin', name);

const checks = {
  types: [process.execPath, join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--noEmit'],
  lint: [tool('biome'), 'ci', '--error-on-warnings', '--diagnostic-level=warn', '--colors=off', '--max-diagnostics=50'],
  'proto-lint': [tool('buf'), 'lint', 'proto'],
  'proto-format': [tool('buf'), 'format', 'proto', '--diff', '--exit-code', '--exclude-path', 'proto/google'],
  'proto-types': [process.execPath, join(root, 'scripts', 'gen.mjs'), '--check'],
  boundaries: [process.execPath, join(root, 'scripts', 'check-boundaries.mjs')],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(checks, name));
if (unknown.length > 0) {
  console.error(`no such check: ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`);
  process.exit(2);
}
let failed = 0;
for (const [name, [command, ...args]] of Object.entries(checks)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (status !== 0) {
    failed += 1;
    console.log(`${stdout}${stderr}`.trimEnd());
  }
}
process.exit(failed > 0 ? 1 : 0);
