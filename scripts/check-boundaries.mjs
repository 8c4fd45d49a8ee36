// Holds the direction of imports between the rooms of the house.
// Use: node scripts/check-boundaries.mjs   (part of `npm run verify`)
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const services = ['data', 'training', 'registry', 'serving'];

/** Room, by its folder, to the rooms and packages that it may import besides itself. */
const allowed = {
  proto: { rooms: [], packages: /^@grpc\/(grpc-js|proto-loader)$/ },
  native: { rooms: ['proto/root'], packages: /^$/ },
  'services/mesh': { rooms: ['proto'], packages: /./ },
  'services/data': { rooms: ['proto', 'services/mesh', 'native'], packages: /^@duckdb\/node-api$/ },
  'services/training': { rooms: ['proto', 'services/mesh', 'native'], packages: /^$/ },
  'services/registry': { rooms: ['proto', 'services/mesh'], packages: /^$/ },
  'services/serving': { rooms: ['proto', 'services/mesh', 'native'], packages: /^$/ },
  cli: {
    // Options are declarations: `tenon config` prints those of every service.
    rooms: ['proto', 'services/mesh', 'native/isa', ...services.map((name) => `services/${name}/options`)],
    packages: /./,
  },
};

/** Every TypeScript file below a folder. */
function sourcesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

const isWithin = (path, room) => path === room || path === `${room}.ts` || path.startsWith(`${room}/`);
const importPattern =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;

const faults = [];
for (const [room, { rooms, packages }] of Object.entries(allowed)) {
  for (const file of sourcesBelow(room)) {
    if (file.startsWith(join('proto', 'gen'))) continue;
    const text = readFileSync(join(root, file), 'utf8');
    for (const match of text.matchAll(importPattern)) {
      const target = match[1] ?? match[2] ?? match[3];
      if (target.startsWith('node:')) continue;
      if (target.startsWith('.')) {
        const path = relative(root, resolve(root, dirname(file), target))
          .split(sep)
          .join('/')
          .replace(/\.js$/, '.ts');
        if (![room, ...rooms].some((allowedRoom) => isWithin(path, allowedRoom))) {
          faults.push(`${file} imports ${path}: ${room} may import ${[room, ...rooms].join(', ')}`);
        }
      } else if (
        !packages.test(target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : target.split('/')[0])
      ) {
        faults.push(`${file} imports the package ${target}, which ${room} does not use`);
      }
    }
  }
}
// What includes napi.h is binding; kernels and algorithms build without Node.
for (const folder of ['native/src/kernels', 'native/src/algorithms', 'native/src/runtime']) {
  for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    if (!/\.(cc|h|inc)$/.test(name)) continue;
    if (/#include\s*[<"](napi|node_api|v8|uv)\.h/.test(readFileSync(join(root, folder, name), 'utf8'))) {
      faults.push(`${folder}/${name} includes a Node header: only native/src/binding may`);
    }
  }
}
// Below 1.14.5 one malformed message kills the process, and thrown text reaches the client.
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const [major, minor, patch] = lock.packages['node_modules/@grpc/grpc-js'].version.split('.').map(Number);
if (major < 1 || (major === 1 && (minor < 14 || (minor === 14 && patch < 5)))) {
  faults.push(`package-lock.json holds @grpc/grpc-js ${major}.${minor}.${patch}; 1.14.5 or later is needed`);
}

for (const fault of faults) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);
