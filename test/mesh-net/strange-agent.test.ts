import test, { type ExecutionContext } from 'ava';

import { consulDiscovery, createEchoClient, type EchoClient, startEchoServer } from './echo.js';
import { type Mood, startFakeAgent } from './fake-agent.js';
import { poll } from './poll.js';

const propagatedWithinMs = 2_000;

async function start(t: ExecutionContext, ...flags: string[]) {
  const agent = await startFakeAgent();
  const servers = await Promise.all(['one', 'two', 'three'].map((name) => startEchoServer(name)));
  const discovery = consulDiscovery(agent.address, flags);
  const client = createEchoClient(discovery);
  t.teardown(async () => {
    client.close();
    await discovery.close();
    await agent.close();
    for (const server of servers) server.kill();
  });
  return { agent, client, addresses: servers.map(({ address }) => address) };
}

async function whoAnswers(client: EchoClient): Promise<string> {
  const names = new Set<string>();
  for (let index = 0; index < 6; index++) names.add(await client.ask());
  return [...names].sort().join();
}

const reaches = (client: EchoClient, wanted: string, boundMs = 10_000) =>
  poll(`answers of ${wanted}`, boundMs, async () => (await whoAnswers(client)) === wanted);

test('an instance that appears or goes is known to callers within two seconds', async (t) => {
  const { agent, client, addresses } = await start(t);
  agent.tell(addresses.slice(0, 1));
  await reaches(client, 'one');
  agent.tell(addresses);
  await reaches(client, 'one,three,two', propagatedWithinMs);
  agent.tell(addresses.slice(1, 2));
  await reaches(client, 'two', propagatedWithinMs);
  t.pass();
});

const moods: Mood[] = ['error 500', 'error 403', 'no JSON', 'no list', 'no addresses', 'cuts'];
for (const mood of moods) {
  test(`an agent that answers with "${mood}" changes nothing, is not hammered, and is believed again later`, async (t) => {
    const { agent, client, addresses } = await start(t);
    agent.tell(addresses.slice(0, 2));
    await reaches(client, 'one,two');
    agent.become(mood);
    const before = agent.queries;
    const since = performance.now();
    await poll('three more queries', 15_000, () => agent.queries >= before + 3);
    const perSecond = (agent.queries - before) / ((performance.now() - since) / 1_000);
    t.true(perSecond < 30, `${perSecond} queries per second`);
    t.is(await whoAnswers(client), 'one,two');
    agent.tell(addresses);
    agent.become('well');
    await reaches(client, 'one,three,two');
  });
}

test('an agent that hangs changes nothing', async (t) => {
  const { agent, client, addresses } = await start(t);
  agent.tell(addresses.slice(0, 2));
  await reaches(client, 'one,two');
  agent.become('hangs');
  agent.tell([]);
  t.is(await whoAnswers(client), 'one,two');
});

test('a query asked anew from the start follows an index that went backwards or is 0', async (t) => {
  const { agent, client, addresses } = await start(t);
  // A query that comes only after the index went backwards waits, at a real agent too, until its time is up.
  const asked = () => poll('the next query', 10_000, () => agent.waiting === 1);
  agent.tell(addresses.slice(0, 1), 900);
  await reaches(client, 'one');
  await asked();
  agent.tell(addresses.slice(0, 2), 3);
  await reaches(client, 'one,two');
  agent.tell(addresses.slice(2), 4);
  await reaches(client, 'three');
  await asked();
  agent.tell(addresses, 0);
  await reaches(client, 'one,three,two');
  const before = agent.queries;
  const since = performance.now();
  await poll('more queries', 15_000, () => agent.queries >= before + 3);
  t.true((agent.queries - before) / ((performance.now() - since) / 1_000) < 30, 'index 0 does not make a busy loop');
});

test('an empty answer between two others changes nothing; one that lasts is believed after the grace', async (t) => {
  const { agent, client, addresses } = await start(t, '--discovery.empty-grace=1500ms');
  agent.tell(addresses.slice(0, 2));
  await reaches(client, 'one,two');
  agent.tell([]);
  await poll('the query after it', 10_000, () => agent.waiting === 1);
  t.is(await whoAnswers(client), 'one,two');
  agent.tell(addresses.slice(0, 2));
  t.is(await whoAnswers(client), 'one,two');
  agent.tell([]);
  const error = await poll('a refusal', 15_000, () =>
    client.ask().then(
      () => null,
      (failure: Error) => failure,
    ),
  );
  t.regex(error.message, /consul at 127\.0\.0\.1:\d+ knows no healthy instance of serving/);
});

test('an instance that is told twice gets its share once', async (t) => {
  const { agent, client, addresses } = await start(t);
  const [one = '', two = ''] = addresses;
  agent.tell([one, one, two, one]);
  await reaches(client, 'one,two');
  const names: string[] = [];
  for (let index = 0; index < 12; index++) names.push(await client.ask());
  t.is(names.filter((name) => name === 'one').length, 6);
});

test('with no instance known, the error of a call names the agent and what it said', async (t) => {
  const { agent, client } = await start(t);
  agent.become('error 403');
  const error = await poll('the refusal', 15_000, () =>
    client.ask(2_000).then(
      () => null,
      (failure: Error) => (failure.message.includes('Deadline') ? null : failure),
    ),
  );
  t.regex(error.message, /consul at 127\.0\.0\.1:\d+: .*forbidden|Permission|403/i);
});
