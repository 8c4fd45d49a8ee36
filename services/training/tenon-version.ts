import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../proto/root.js';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };

/** The release that this is, for the lineage of what it trains. */
export const tenonVersion: string = version;
