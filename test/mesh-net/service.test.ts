import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';

import { packageRoot } from '../../proto/root.js';
import { createClients } from '../../services/mesh/rpc/clients.js';
import { startService } from '../../services/mesh/server/run-service.js';
import { registryDefinition } from '../../services/registry/definition.js';
import { startOtlpReceiver } from '../harness/otlp-receiver.js';
import { requireTool } from '../harness/required.js';
import { startConsulAgent } from './consul-agent.js';
import { consulDiscovery } from './echo.js';
import { poll } from './poll.js';

const deadlineMs = 20_000;
const consulPath = process.env.TENON_TEST_CONSUL ?? join(packageRoot, '.cache/consul/usr/bin/consul');
const consul = requireTool('Consul', consulPath, 'scripts/install-consul.sh');

async function startRegistry(t: ExecutionContext, ...flags: string[]) {
  const dataDir = await mkdtemp(join(tmpdir(), 'tenon-mesh-net-'));
  const argv = ['--service.address=127.0.0.1:0', `--data-dir=${dataDir}`, '--log.level=error', ...flags];
  const service = await startService({ ...registryDefinition, argv, env: {} });
  t.teardown(async () => {
    await service.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return service;
}

test.serial('a real service counts its calls at /metrics and sends their spans', async (t) => {
  const collector = await startOtlpReceiver();
  t.teardown(() => collector.close());
  const service = await startRegistry(
    t,
    '--admin.address=127.0.0.1:0',
    '--telemetry.metrics=prometheus',
    '--telemetry.traces=otlp',
    '--telemetry.sample-ratio=1',
    `--telemetry.otlp-endpoint=${collector.endpoint}`,
  );
  const clients = createClients({ targets: { registry: service.address } });
  t.teardown(() => clients.close());
  await clients.registry.listModels({}, { deadlineMs });
  await t.throwsAsync(clients.registry.getModel({ name: 'models/none' }, { deadlineMs }));
  const path = '/tenon.registry.v1.RegistryService';
  const response = await fetch(`http://${service.adminAddress}/metrics`);
  const lines = (await response.text()).split('\n');
  t.true(lines.includes(`tenon_rpc_server_requests_total{method="${path}/ListModels"} 1`), lines.join('\n'));
  t.true(lines.includes(`tenon_rpc_server_errors_total{method="${path}/GetModel",code="5"} 1`));
  await service.stop();
  const sent = Buffer.concat(collector.batches);
  t.true(sent.includes('ListModels'));
  t.true(sent.includes('GetModel'));
  t.false(sent.includes('models/none'), 'what a request says stays out of its span');
});

consul.test(
  'a real service is announced, healthy by the agent’s own check, called by name, and gone when it stops',
  async (t) => {
    const agent = await startConsulAgent(consul.path);
    t.teardown(() => agent.kill());
    const service = await startRegistry(
      t,
      '--discovery.kind=consul',
      `--discovery.consul.address=${agent.address}`,
      '--discovery.consul.check-interval=500ms',
      '--drain.propagation=500ms',
    );
    await poll('the announcement', 15_000, async () => (await agent.registered()).length === 1);
    await poll('a check that passed', 15_000, async () => {
      const checks = (await (await fetch(`http://${agent.address}/v1/agent/checks`)).json()) as Record<
        string,
        { Output: string }
      >;
      return Object.values(checks).some(({ Output }) => Output.includes('success'));
    });
    const discovery = consulDiscovery(agent.address);
    const clients = createClients({
      targets: { registry: discovery.targetFor('registry') },
      channelOptions: discovery.channelOptions,
    });
    t.teardown(async () => {
      await clients.close();
      await discovery.close();
    });
    t.deepEqual((await clients.registry.listModels({}, { deadlineMs })).models, []);
    await service.stop();
    t.deepEqual(await agent.registered(), []);
  },
);
