// Compiles the TypeScript into dist, and removes from dist what no longer has a source.
// Use: node scripts/build.mjs
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

if (existsSync(dist)) {
  for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    // A test whose source was deleted would otherwise still run.
    if (name.endsWith('.js') && !existsSync(join(root, name.replace(/\.js$/, '.ts')))) {
      rmSync(join(dist, name));
      rmSync(join(dist, `${name}.map`), { force: true });
    }
  }
}
try {
  execFileSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc')], {
    cwd: root,
    stdio: 'inherit',
  });
} catch (error) {
  process.exit(error.status ?? 1);
}
