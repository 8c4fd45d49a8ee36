import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findPackageRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'proto', 'tenon'))) return folder;
    if (dirname(folder) === folder) throw new Error(`no package.json beside proto/tenon above ${from}`);
  }
}

/** The folder that holds package.json, whether this runs from source or from a build. */
export const packageRoot: string = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

/** The folder that holds the contracts. */
export const protoRoot: string = join(packageRoot, 'proto');
