import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataDefinition } from '../../services/data/definition.js';
import { type Clients, createClients, type ServiceName } from '../../services/mesh/rpc/clients.js';
import type { RunningService } from '../../services/mesh/server/run-service.js';
import { startService } from '../../services/mesh/server/run-service.js';
import { registryDefinition } from '../../services/registry/definition.js';
import { servingDefinition } from '../../services/serving/definition.js';
import { trainingDefinition } from '../../services/training/definition.js';

/** The four services in this process, over real sockets and disks. */
export interface InProcessMesh {
  addresses: Record<ServiceName, string>;
  clients: Clients;
  dataDir: string;
  /** Drains and closes the services; their folder stays. */
  stop(): Promise<void>;
  /** Stops, and removes the folder. */
  remove(): Promise<void>;
}

/** Starts the four on free ports; `args` are more flags by service. */
export async function startInProcessMesh(
  args: Partial<Record<ServiceName, readonly string[]>> = {},
): Promise<InProcessMesh> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tenon-mesh-'));
  const running: RunningService[] = [];
  const argv = (service: ServiceName, needs: Partial<Record<ServiceName, string>>) => [
    '--service.address=127.0.0.1:0',
    `--data-dir=${dataDir}`,
    '--log.level=silent',
    '--drain.grace=5s',
    ...Object.entries(needs).map(([name, address]) => `--discovery.static.${name}=${address}`),
    ...(args[service] ?? []),
  ];
  const keep = async (starting: Promise<RunningService>): Promise<string> => {
    const service = await starting;
    running.push(service);
    return service.address;
  };
  let clients: Clients | undefined;
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= (async () => {
      await clients?.close();
      for (const service of running.toReversed()) await service.stop();
    })();
    return stopped;
  };
  const remove = async () => {
    await stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const registry = await keep(startService({ ...registryDefinition, argv: argv('registry', {}), env: {} }));
    const data = await keep(startService({ ...dataDefinition, argv: argv('data', {}), env: {} }));
    const training = await keep(
      startService({ ...trainingDefinition, argv: argv('training', { data, registry }), env: {} }),
    );
    const serving = await keep(startService({ ...servingDefinition, argv: argv('serving', { registry }), env: {} }));
    const addresses = { data, training, registry, serving };
    clients = createClients({ targets: addresses });
    return { addresses, clients, dataDir, stop, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
