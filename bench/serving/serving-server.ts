// A registry and a serving service with one deployment, `deployments/bench`. Use: node serving-server.js
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClients } from '../../services/mesh/rpc/clients.js';
import { startService } from '../../services/mesh/server/run-service.js';
import { registryDefinition } from '../../services/registry/definition.js';
import { servingDefinitionWith } from '../../services/serving/definition-with.js';
import { loadBenchModel, publishBenchModel } from './bench-model.js';

const dir = await mkdtemp(join(tmpdir(), 'tenon-bench-serving-'));
const common = ['--service.address=127.0.0.1:0', '--log.level=error', `--data-dir=${dir}`];
const registry = await startService({ ...registryDefinition, argv: common, env: {} });
const argv = [...common, `--discovery.static.registry=${registry.address}`];
const serving = await startService({ ...servingDefinitionWith(loadBenchModel), argv, env: {} });
const clients = createClients({ targets: { registry: registry.address, serving: serving.address } });
const soon = { deadlineMs: 30_000 };
const version = await publishBenchModel(clients.registry);
await clients.deployments.createDeployment({ deployment: { name: 'deployments/bench', version } }, soon);
for await (const { deployment } of clients.deployments.watchDeployment({ name: 'deployments/bench' }, soon)) {
  if (deployment?.state === 'STATE_READY') break;
  if (deployment?.state === 'STATE_ERROR') throw new Error(deployment.error?.message ?? 'the model did not load');
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
