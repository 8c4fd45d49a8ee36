// Builds the addon with AddressSanitizer and UndefinedBehaviorSanitizer into native/build-asan and
// runs the native tests on it: node native/sanitize.mjs [test files]. Needs compiled tests (tsc);
// TENON_DIST names their folder, `dist` by default. Exits with the tests' code.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, buildFolder } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const directory = buildFolder('build-asan');

const built = build({ directory, gypArguments: ['-Dtenon_sanitize=1'] });
if (built !== 0) process.exit(built);

function runtime(name) {
  // `ccache g++` are two words.
  const [command, ...words] = (process.env.CXX ?? 'g++').split(' ');
  const { stdout } = spawnSync(command, [...words, `-print-file-name=${name}`], { encoding: 'utf8' });
  const path = stdout.trim();
  if (!existsSync(path)) throw new Error(`the compiler has no ${name}`);
  return path;
}

const dist = process.env.TENON_DIST ?? 'dist';
const files =
  process.argv.length > 2 ? process.argv.slice(2) : [`${dist}/test/native/{addon,kernels,recipe,table}/*.test.js`];
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules', 'ava', 'entrypoints', 'cli.mjs'), '--serial', '--timeout=600s', ...files],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      TENON_ADDON: join(directory, 'build', 'Release', 'tenon.node'),
      LD_PRELOAD: `${runtime('libasan.so')} ${runtime('libubsan.so')}`,
      // Node itself does not free everything at exit. Nothing else is let pass.
      ASAN_OPTIONS: 'detect_leaks=0:halt_on_error=1',
      UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
    },
  },
);
process.exit(status ?? 1);
