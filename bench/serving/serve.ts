import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BundledModel, BundleFile } from '../../native/bundle/bundle.js';
import type { SignatureMessage } from '../../native/bundle/signature-message.js';
import type { TensorFile } from '../../native/safetensors.js';
import { type Clients, createClients } from '../../services/mesh/rpc/clients.js';
import { startService } from '../../services/mesh/server/run-service.js';
import { registryDefinition } from '../../services/registry/definition.js';
import { servingDefinitionWith } from '../../services/serving/definition-with.js';

const soon = { deadlineMs: 30_000 };

/** What a version is made of. */
export interface ServedBundle {
  files: readonly BundleFile[];
  signature: SignatureMessage;
}

/** Publishes a model and returns its version's name. */
async function publish(registry: Clients['registry'], name: string, bundle: ServedBundle): Promise<string> {
  await registry.createModel({ model: { name: `models/${name}` } }, soon);
  const files = [];
  for (const { path, bytes } of bundle.files) {
    const parts = (async function* () {
      yield { chunk: Buffer.from(bytes) };
    })();
    const { name: artifact, sizeBytes } = await registry.uploadArtifact(parts, soon);
    files.push({ path, artifact, sizeBytes });
  }
  const version = { signature: bundle.signature, files };
  return (await registry.createModelVersion({ parent: `models/${name}`, version }, soon)).name;
}

/**
 * The rest of this process's life: a registry and a serving service with a deployment for each bundle, `deployments/NAME`.
 * Prints where the latter listens once all are ready; SIGTERM ends it.
 */
export async function serve(
  loadModel: (file: TensorFile) => BundledModel,
  bundles: Readonly<Record<string, ServedBundle>>,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'tenon-bench-serving-'));
  const common = ['--service.address=127.0.0.1:0', '--log.level=error', `--data-dir=${dir}`];
  const registry = await startService({ ...registryDefinition, argv: common, env: {} });
  const argv = [...common, `--discovery.static.registry=${registry.address}`];
  const serving = await startService({ ...servingDefinitionWith(loadModel), argv, env: {} });
  const clients = createClients({ targets: { registry: registry.address, serving: serving.address } });
  for (const [id, bundle] of Object.entries(bundles)) {
    const name = `deployments/${id}`;
    const version = await publish(clients.registry, id, bundle);
    await clients.deployments.createDeployment({ deployment: { name, version } }, soon);
    for await (const { deployment } of clients.deployments.watchDeployment({ name }, soon)) {
      if (deployment?.state === 'STATE_READY') break;
      if (deployment?.state === 'STATE_ERROR') throw new Error(deployment.error?.message ?? 'the model did not load');
    }
  }
  await clients.close();
  process.stdout.write(`${JSON.stringify({ address: serving.address })}\n`);
  process.once('SIGTERM', () => {
    void (async () => {
      await serving.stop();
      await registry.stop();
      await rm(dir, { recursive: true, force: true });
      process.exit(0);
    })();
  });
}
