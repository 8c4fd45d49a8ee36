// Generates the TypeScript types and the descriptors of every contract into proto/gen.
// Use: node scripts/gen.mjs          writes them
//      node scripts/gen.mjs --check  fails if what is committed differs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');

/** Every file below a folder, sorted, as paths relative to it. */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

function generateInto(outDir) {
  const protos = filesBelow(join(root, 'proto')).filter((name) => name.endsWith('.proto'));
  const options = ['--longs=Number', '--enums=String', '--bytes=Buffer', '--defaults', '--oneofs', '--includeComments'];
  const tool = join(root, 'node_modules', '.bin', 'proto-loader-gen-types');
  execFileSync(
    tool,
    [
      ...options,
      '--grpcLib=@grpc/grpc-js',
      '--importFileExtension=.js',
      '-I',
      'proto',
      `--outDir=${outDir}`,
      ...protos,
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  // The generator also writes one root type per file; nothing here loads protos that way.
  for (const entry of readdirSync(outDir, { withFileTypes: true })) {
    if (entry.isFile()) rmSync(join(outDir, entry.name));
  }
  // What reflection answers with: loaded descriptors would lack each file's imports.
  const buf = join(root, 'node_modules', '.bin', 'buf');
  const set = join(outDir, 'descriptors.binpb');
  execFileSync(buf, ['build', 'proto', '--as-file-descriptor-set', '--exclude-source-info', '-o', set], { cwd: root });
  // One index per package, so that a reader imports a package and not forty files.
  const folders = new Map();
  for (const file of filesBelow(outDir).filter((name) => name.endsWith('.ts'))) {
    const [, folder, name] = /^(.*)\/([^/]+)\.ts$/.exec(file);
    folders.set(folder, [...(folders.get(folder) ?? []), name]);
  }
  for (const [folder, names] of folders) {
    const lines = names.map((name) => `export type * from './${name}.js';`);
    writeFileSync(join(outDir, folder, 'index.ts'), `${lines.join('\n')}\n`);
  }
}

const committed = join(root, 'proto', 'gen');
if (!check) {
  rmSync(committed, { recursive: true, force: true });
  generateInto(committed);
} else {
  const fresh = mkdtempSync(join(tmpdir(), 'tenon-gen-'));
  try {
    generateInto(fresh);
    const names = new Set([...filesBelow(committed), ...filesBelow(fresh)]);
    const read = (folder, name) => {
      try {
        return readFileSync(join(folder, name), 'utf8');
      } catch {
        return null;
      }
    };
    const stale = [...names].filter((name) => read(committed, name) !== read(fresh, name));
    if (stale.length > 0) {
      for (const name of stale) console.error(`stale: ${relative(root, join(committed, name))}`);
      console.error('Run: npm run gen');
      process.exit(1);
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
