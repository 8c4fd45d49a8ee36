import { join } from 'node:path';
import type { BundledModel } from '../../native/bundle/bundle.js';
import type { TensorFile } from '../../native/safetensors.js';
import { deploymentService, predictionService } from '../../proto/contracts.js';
import type { DeploymentServiceHandlers, PredictionServiceHandlers } from '../../proto/gen/tenon/serving/v1/index.js';
import type { BoundService } from '../mesh/rpc/bind.js';
import { bind } from '../mesh/rpc/bind.js';
import type { CallContext } from '../mesh/rpc/handler.js';
import { openBlobStore } from '../mesh/storage/blob-store.js';
import type { DeploymentEvent, DeploymentRecord } from './deployment.js';
import { createDeploymentService } from './deployment-service.js';
import { createFleet } from './fleet.js';
import { createLoader } from './loader.js';
import { createMemoryBudget } from './memory-budget.js';
import { createPredictionService, createPredictOnBytes } from './prediction-service.js';
import type { RegistryReader } from './registry-reader.js';
import { openSqliteStore } from './sqlite-store.js';

/** What the service is made of. */
export interface ServingParts {
  /** Its own folder: `deployments.db` and the cache `artifacts/`. */
  dataDir: string;
  registry: RegistryReader;
  loadModel: (file: TensorFile) => BundledModel;
  log: Pick<CallContext['log'], 'info' | 'warn'>;
  memoryBudgetBytes: number;
  loadTimeoutMs: number;
}

/** The running service. */
export interface Serving {
  services: BoundService[];
  close(): Promise<void>;
}

/** Opens what is kept and starts every deployment in the background: what loads later does not hold up the start. */
export async function createServing(parts: ServingParts): Promise<Serving> {
  const { dataDir, registry, log, loadModel } = parts;
  const now = () => Date.now();
  const store = await openSqliteStore(join(dataDir, 'deployments.db'));
  const blobs = await openBlobStore(join(dataDir, 'artifacts'));
  const budget = createMemoryBudget(parts.memoryBudgetBytes);
  const loader = createLoader({ registry, blobs, budget, loadModel, timeoutMs: parts.loadTimeoutMs });
  const fleet = createFleet({
    registry,
    loader,
    now,
    report: (record, event) => report(log, record, event),
    async remember(record, served) {
      try {
        await store.remember(record, served);
      } catch (err) {
        log.warn({ err, deployment: record.name }, 'the version that serves could not be remembered');
      }
    },
  });
  for (const { record, served } of await store.all()) fleet.start(record, served);
  return {
    services: [
      bind<DeploymentServiceHandlers>(deploymentService, createDeploymentService({ store, fleet, registry, now })),
      bind<PredictionServiceHandlers>(predictionService, createPredictionService(fleet), {
        predict: createPredictOnBytes(fleet),
      }),
    ],
    async close() {
      await fleet.stop();
      await store.close();
    },
  };
}

function report(log: ServingParts['log'], { name }: DeploymentRecord, event: DeploymentEvent): void {
  if (event.kind === 'failed') {
    const { error, retrying } = event;
    log.warn(
      { deployment: name, reason: error.reason, err: error.cause, retrying },
      `a version could not be served: ${error.message}`,
    );
    return;
  }
  log.info({ deployment: name, ...event }, `deployment ${event.kind}`);
}
