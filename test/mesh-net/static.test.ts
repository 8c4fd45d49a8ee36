import test, { type ExecutionContext } from 'ava';

import { loadConfig } from '../../services/mesh/config/load-config.js';
import { createDiscovery } from '../../services/mesh/discovery/discovery.js';
import { discoveryOptions } from '../../services/mesh/discovery/options.js';
import { createLog } from '../../services/mesh/log.js';
import { createEchoClient, startEchoServer } from './echo.js';
import { poll } from './poll.js';

function start(t: ExecutionContext, ...argv: string[]) {
  const log = createLog('test', { 'log.level': 'silent', 'log.format': 'json' });
  const discovery = createDiscovery({ config: loadConfig(discoveryOptions, { argv }), log });
  const client = createEchoClient(discovery);
  t.teardown(async () => {
    client.close();
    await discovery.close();
  });
  return client;
}

test('calls take turns between the listed instances, and a dead one is found again at its address', async (t) => {
  const one = await startEchoServer('one');
  const two = await startEchoServer('two');
  t.teardown(() => one.kill());
  const client = start(t, `--discovery.static.serving=${one.address},${two.address}`);
  const names = async (count: number) => {
    const all: string[] = [];
    for (let index = 0; index < count; index++) all.push(await client.ask());
    return all;
  };
  await poll('both', 10_000, async () => new Set(await names(4)).size === 2);
  t.is((await names(10)).filter((name) => name === 'two').length, 5);
  two.kill();
  await poll('the survivor alone', 10_000, async () => new Set(await names(4).catch(() => ['', 'x'])).size === 1);
  const again = await startEchoServer('two again', Number(two.address.split(':')[1]));
  t.teardown(() => again.kill());
  await poll('the returned one', 20_000, async () => (await names(4)).includes('two again'));
});

test('an address that cannot be one is refused with the option, its place and the value', (t) => {
  for (const address of ['127.0.0.1', 'host:0', 'host:65536', 'http://host:1', ':7404', '[::1:7404', 'user@host:1']) {
    t.throws(() => start(t, `--discovery.static.serving=127.0.0.1:1,${address}`), {
      message: new RegExp(
        `^discovery\\.static\\.serving\\[1\\]: address ${JSON.stringify(address).replace(/[[\]]/g, '\\$&')}`,
      ),
    });
  }
});

test('a discovery target without the channel options of its discovery is refused', (t) => {
  t.throws(() => createEchoClient({ ...fakeDiscovery, targetFor: () => 'tenon:///serving' }), {
    message: /needs the channelOptions of the discovery/,
  });
});

const fakeDiscovery = {
  register: async () => {},
  deregister: async () => {},
  channelOptions: {},
  close: async () => {},
};
