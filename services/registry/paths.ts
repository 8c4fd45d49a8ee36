import { join } from 'node:path';

/** Where the registry keeps what, below its own data folder. */
export function registryPaths(dataDir: string): { database: string; artifacts: string } {
  return { database: join(dataDir, 'registry.db'), artifacts: join(dataDir, 'artifacts') };
}
