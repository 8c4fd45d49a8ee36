import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datasetService } from '../../proto/contracts.js';
import type { DatasetServiceHandlers } from '../../proto/gen/tenon/data/v1/index.js';
import type { BytesHandler } from '../../services/mesh/rpc/bytes-handler.js';
import { type Clients, type ClientsParts, createClients } from '../../services/mesh/rpc/clients.js';
import type { Implementation } from '../../services/mesh/rpc/handler.js';
import { bind, type RunningService, type ServiceKit, startService } from '../../services/mesh/server/run-service.js';

/** The handlers of a service whose methods do what a test says. */
export type DatasetHandlers = Implementation<DatasetServiceHandlers>;

function unused(): never {
  throw new Error('this test does not call that method');
}

/** The contract of DatasetService with the handlers of a test; the others throw a plain Error. */
export function datasetHandlers(handlers: Partial<DatasetHandlers>): DatasetHandlers {
  return {
    uploadDataset: unused,
    getDataset: unused,
    listDatasets: unused,
    updateDataset: unused,
    deleteDataset: unused,
    getDatasetVersion: unused,
    listDatasetVersions: unused,
    previewDatasetVersion: unused,
    readDatasetVersion: unused,
    downloadDatasetVersion: unused,
    splitDatasetVersion: unused,
    ...handlers,
  };
}

/** A running service with clients that call it. */
export interface MeshService extends RunningService {
  clients: Clients;
  kit: ServiceKit<Record<never, never>>;
}

/** What a test may set. */
export interface MeshServiceParts {
  handlers: Partial<DatasetHandlers>;
  /** What answers GetDataset from bytes. */
  onBytes?: BytesHandler;
  argv?: readonly string[];
  /** How the test's own clients call. */
  clients?: Omit<ClientsParts, 'targets'>;
  /** Called once the kit exists, before the service listens. */
  onKit?(kit: ServiceKit<Record<never, never>>): void;
}

/** Starts a real server on a free port with DatasetService implemented by the test. `stop` also removes its folder. */
export async function startMeshService({
  handlers,
  onBytes,
  argv = [],
  clients,
  onKit,
}: MeshServiceParts): Promise<MeshService> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tenon-mesh-core-'));
  const address = argv.some((flag) => flag.startsWith('--service.address=')) ? [] : ['--service.address=127.0.0.1:0'];
  let kit: ServiceKit<Record<never, never>> | undefined;
  const running = await startService({
    name: 'data',
    options: {},
    create: (given) => {
      kit = given;
      onKit?.(given);
      const early = onBytes === undefined ? {} : { getDataset: onBytes };
      return { services: [bind<DatasetServiceHandlers>(datasetService, datasetHandlers(handlers), early)] };
    },
    argv: [...address, `--data-dir=${dataDir}`, '--log.level=silent', ...argv],
    env: {},
  });
  if (kit === undefined) throw new Error('the service was not created');
  const own = createClients({ ...clients, targets: { data: running.address } });
  return {
    ...running,
    kit,
    clients: own,
    async stop() {
      await own.close();
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
