import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';

import { packageRoot } from '../../proto/root.js';
import type { Discovery } from '../../services/mesh/discovery/discovery.js';
import { requireTool } from '../harness/required.js';
import { type ConsulAgent, startConsulAgent } from './consul-agent.js';
import { consulDiscovery, createEchoClient, type EchoClient, type EchoServer, startEchoServer } from './echo.js';
import { poll } from './poll.js';

const consulPath = process.env.TENON_TEST_CONSUL ?? join(packageRoot, '.cache/consul/usr/bin/consul');
const consul = requireTool('Consul', consulPath, 'scripts/install-consul.sh');
const reRegisteredWithinMs = 5_000;
const outageMs = 6_000;

let agent: ConsulAgent | undefined;

test.before(async () => {
  if (consul.installed) agent = await startConsulAgent(consul.path);
});

test.after.always(async () => {
  await agent?.kill();
});

interface Instance extends EchoServer {
  discovery: Discovery;
}

function running(): ConsulAgent {
  if (agent === undefined) throw new Error('there is no agent');
  return agent;
}

async function startInstance(t: ExecutionContext, name: string): Promise<Instance> {
  const server = await startEchoServer(name);
  const discovery = consulDiscovery(running().address);
  await discovery.register('serving', server.address);
  t.teardown(async () => {
    await discovery.deregister();
    await discovery.close();
    server.kill();
  });
  return { ...server, discovery };
}

function startClient(t: ExecutionContext): EchoClient {
  const discovery = consulDiscovery(running().address);
  const client = createEchoClient(discovery);
  t.teardown(async () => {
    client.close();
    await discovery.close();
  });
  return client;
}

async function answers(client: EchoClient, count: number): Promise<string[]> {
  const names: string[] = [];
  for (let index = 0; index < count; index++) names.push(await client.ask());
  return names;
}

async function reaches(client: EchoClient, names: string[]): Promise<void> {
  const wanted = names.toSorted().join();
  await poll(`answers of ${wanted} alone`, 15_000, async () => {
    return [...new Set(await answers(client, 3 * names.length))].sort().join() === wanted;
  });
}

/** Calls again and again until told to stop; counts how it went. */
function callAllTheTime(client: EchoClient) {
  const result = { calls: 0, failures: [] as string[] };
  let go = true;
  const loop = (async () => {
    while (go) {
      result.calls++;
      await client.ask(5_000).catch((error: Error) => result.failures.push(error.message));
      await sleep(2);
    }
  })();
  const stop = async () => {
    go = false;
    await loop;
    return result;
  };
  return { stop };
}

consul.test('calls take turns between two instances, find a third, and leave it when it deregisters', async (t) => {
  await startInstance(t, 'one');
  await startInstance(t, 'two');
  const client = startClient(t);
  await reaches(client, ['one', 'two']);
  const names = await answers(client, 20);
  t.is(names.filter((name) => name === 'one').length, 10);

  const load = callAllTheTime(client);
  const third = await startInstance(t, 'three');
  await reaches(client, ['one', 'two', 'three']);
  await third.discovery.deregister();
  await reaches(client, ['one', 'two']);
  t.deepEqual((await load.stop()).failures, []);
});

consul.test('an instance that dies without a word is no longer called', async (t) => {
  await startInstance(t, 'one');
  const two = await startInstance(t, 'two');
  const client = startClient(t);
  await reaches(client, ['one', 'two']);
  two.kill();
  await poll('the survivor alone', 15_000, async () => {
    const names = await answers(client, 10).catch(() => []);
    return names.length === 10 && names.every((name) => name === 'one');
  });
  t.pass();
});

consul.test('an outage of the agent fails no call, and the instances are registered again after it', async (t) => {
  await startInstance(t, 'one');
  await startInstance(t, 'two');
  const client = startClient(t);
  await reaches(client, ['one', 'two']);
  const before = await running().registered();
  t.is(before.length, 2);

  const load = callAllTheTime(client);
  await running().kill();
  await sleep(outageMs); // The outage itself.
  t.deepEqual([...new Set(await answers(client, 6))].sort(), ['one', 'two']);
  await running().start();
  const back = performance.now();
  await poll(
    'the registrations',
    reRegisteredWithinMs,
    async () => (await running().registered()).join() === before.join(),
  );
  t.log(`registered again after ${Math.round(performance.now() - back)} ms`);
  await reaches(client, ['one', 'two']);
  const { calls, failures } = await load.stop();
  t.log(`${calls} calls`);
  t.deepEqual(failures, []);
  const third = await startInstance(t, 'three');
  await reaches(client, ['one', 'two', third.name]);
});

consul.test('a client that starts during an outage waits and is served when the agent is back', async (t) => {
  await startInstance(t, 'one');
  await running().kill();
  const client = startClient(t);
  await t.throwsAsync(client.ask(1_000), { message: /consul at 127\.0\.0\.1|Deadline exceeded/ });
  await running().start();
  await poll('an answer', 15_000, () => client.ask().catch(() => null));
  t.is(await client.ask(), 'one');
});

consul.test('an instance that starts during an outage is registered when the agent is back', async (t) => {
  await running().kill();
  await startInstance(t, 'late');
  await running().start();
  await poll('the registration', 15_000, async () => (await running().registered()).length === 1);
  t.is(await startClient(t).ask(), 'late');
});

consul.test('a wildcard address and a second registration are refused', async (t) => {
  const discovery = consulDiscovery(running().address);
  t.teardown(() => discovery.close());
  await t.throwsAsync(discovery.register('serving', '0.0.0.0:7404'), { message: /others need an address to call/ });
  await discovery.register('serving', '127.0.0.1:7404');
  await t.throwsAsync(discovery.register('serving', '127.0.0.1:7405'), { message: /registered already/ });
  await discovery.deregister();
  t.deepEqual(await running().registered(), []);
});
