import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataDefinition } from '../../services/data/definition.js';
import { type Clients, createClients } from '../../services/mesh/rpc/clients.js';
import { type RunningService, startService } from '../../services/mesh/server/run-service.js';
import { registryDefinition } from '../../services/registry/definition.js';
import { trainingDefinition } from '../../services/training/definition.js';

/** Data, registry and training in this process; training's workers are processes of their own. */
export interface TrainingMesh {
  clients: Clients;
  registry: RunningService;
  dataDir: string;
  stop(): Promise<void>;
}

/**
 * Starts the three over an uploaded CSV, `datasets/things`. `registryAddress` is where training looks for the registry,
 * given where it is.
 */
export async function startTrainingMesh(
  csv: string,
  {
    training: flags = [],
    registryAddress = async (address) => address,
  }: { training?: readonly string[]; registryAddress?: (address: string) => Promise<string> } = {},
): Promise<TrainingMesh> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tenon-training-mesh-'));
  const argv = ['--service.address=127.0.0.1:0', `--data-dir=${dataDir}`, '--log.level=silent'];
  const data = await startService({ ...dataDefinition, argv, env: {} });
  const registry = await startService({ ...registryDefinition, argv, env: {} });
  const training = await startService({
    ...trainingDefinition,
    argv: [
      ...argv,
      `--discovery.static.data=${data.address}`,
      `--discovery.static.registry=${await registryAddress(registry.address)}`,
      ...flags,
    ],
    env: {},
  });
  const clients = createClients({
    targets: { data: data.address, registry: registry.address, training: training.address },
  });
  async function* upload() {
    yield { header: { dataset: 'datasets/things' } };
    yield { chunk: Buffer.from(csv) };
  }
  await clients.datasets.uploadDataset(upload(), { deadlineMs: 60_000 });
  return {
    clients,
    registry,
    dataDir,
    async stop() {
      await clients.close();
      for (const service of [training, registry, data]) await service.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The training workers that this process has started; Linux's /proc says. */
export async function workerPids(): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const command = await readFile(`/proc/${entry}/cmdline`, 'utf8');
      if (!command.includes('training/worker.js')) continue;
      const stat = await readFile(`/proc/${entry}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      if (parent === process.pid) found.push(Number(entry));
    } catch {
      // It ended while it was looked at.
    }
  }
  return found;
}
