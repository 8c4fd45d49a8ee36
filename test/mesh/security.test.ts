import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { ConfigError } from '../../services/mesh/config/config-error.js';
import { createClients } from '../../services/mesh/rpc/clients.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import { eventually } from '../harness/eventually.js';
import { startMeshService } from '../harness/mesh-service.js';
import { callRaw } from '../harness/raw-grpc.js';

const path = '/tenon.data.v1.DatasetService/GetDataset';
const soon = { deadlineMs: 20_000 };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function folder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'tenon-mesh-security-'));
}

for (const address of ['0.0.0.0:0', '[::]:0', '192.0.2.1:0', 'example.org:0']) {
  test(`${address} without TLS and authentication is refused at the start`, async (t) => {
    const error = await t.throwsAsync(startMeshService({ handlers: {}, argv: [`--service.address=${address}`] }), {
      instanceOf: ConfigError,
    });
    t.regex(error?.message ?? '', /TLS .* and authentication/);
    t.true(error?.message.includes(address));
  });
}

test('authentication alone does not open a public address', async (t) => {
  const dir = await folder();
  await writeFile(join(dir, 'tokens'), `ci ${sha256('secret')}\n`);
  const error = await t.throwsAsync(
    startMeshService({
      handlers: {},
      argv: ['--service.address=0.0.0.0:0', '--auth.mode=token', `--auth.tokens-file=${join(dir, 'tokens')}`],
    }),
    { instanceOf: ConfigError },
  );
  t.regex(error?.message ?? '', /needs TLS/);
  await rm(dir, { recursive: true });
});

for (const address of ['127.0.0.1', '127.0.0.1:99999', 'localhost:http', '::1:80', '[1.2.3.4]:80', '']) {
  test(`the address ${JSON.stringify(address)} is refused with the right form`, async (t) => {
    const argv = [`--service.address=${address}`];
    const error = await t.throwsAsync(startMeshService({ handlers: {}, argv }), { instanceOf: ConfigError });
    t.regex(error?.message ?? '', /host:port/);
  });
}

test('a fresh start listens on loopback only and has no admin port', async (t) => {
  const service = await startMeshService({ handlers: {} });
  t.regex(service.address, /^127\.0\.0\.1:\d+$/);
  t.is(service.adminAddress, null);
  await service.stop();
});

test('with tokens every method but health needs one that is known', async (t) => {
  const dir = await folder();
  const tokens = join(dir, 'tokens');
  await writeFile(tokens, `# people\nci ${sha256('secret')}\nops ${sha256('other')}\n`);
  const service = await startMeshService({
    handlers: { getDataset: (_request, { identity }) => ({ name: identity.name }) },
    argv: ['--auth.mode=token', `--auth.tokens-file=${tokens}`],
    clients: { token: 'secret' },
  });
  t.is((await service.clients.datasets.getDataset({ name: 'x' }, soon)).name, 'ci');
  const timeout = { 'grpc-timeout': '20S' };
  const strangers: Record<string, string>[] = [
    {},
    { authorization: 'Bearer wrong' },
    { authorization: 'Bearer' },
    { authorization: 'Basic secret' },
    { authorization: `Bearer ${'x'.repeat(10_000)}` },
    { authorization: `Bearer ${sha256('secret')}` },
  ];
  for (const headers of strangers) {
    for (const method of [
      path,
      '/tenon.data.v1.DatasetService/Nothing',
      '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    ]) {
      const answer = await callRaw(service.address, method, { ...timeout, ...headers });
      t.is(answer.code, 16, method);
      t.is(answer.reason, 'UNAUTHENTICATED');
    }
  }
  t.is((await callRaw(service.address, '/grpc.health.v1.Health/Check', {})).code, 0);

  // A revoked token stops working without a restart, a broken file changes nothing.
  await writeFile(`${tokens}.new`, `ops ${sha256('other')}\n`);
  await rename(`${tokens}.new`, tokens);
  await eventually(
    () => callRaw(service.address, path, { ...timeout, authorization: 'Bearer secret' }),
    ({ code }) => code === 16,
  );
  t.is((await callRaw(service.address, path, { ...timeout, authorization: 'bearer other' })).code, 0);
  await service.stop();
  await rm(dir, { recursive: true });
});

for (const [what, content] of [
  ['is missing', null],
  ['is empty', '\n'],
  ['holds a token instead of a hash', 'ci my-secret-token\n'],
  ['has a line too long', `ci ${sha256('a')} more\n`],
] as const) {
  test(`a tokens file that ${what} is refused at the start and not quoted`, async (t) => {
    const dir = await folder();
    const tokens = join(dir, 'tokens');
    if (content !== null) await writeFile(tokens, content);
    const argv = ['--auth.mode=token', `--auth.tokens-file=${tokens}`];
    const error = await t.throwsAsync(startMeshService({ handlers: {}, argv }), { instanceOf: ConfigError });
    t.false(error?.message.includes('my-secret-token'));
    await rm(dir, { recursive: true });
  });
}

test('contradicting settings are refused', async (t) => {
  for (const argv of [
    ['--tls.cert=/nowhere.pem'],
    ['--tls.cert=/nowhere.pem', '--tls.key=/nowhere.pem'],
    ['--tls.ca=/nowhere.pem'],
    ['--auth.mode=token'],
    ['--auth.tokens-file=/nowhere'],
    ['--client.tls-cert=/nowhere.pem'],
    ['--client.token-file=/nowhere'],
    ['--rpc.max-connection-age-grace=1s'],
    ['--drain.propagation=2s'],
    ['--discovery.kind=consul', '--drain.grace=1s', '--drain.propagation=2s'],
    ['--admin.address=0.0.0.0:0'],
    ['--discovery.consul.address=127.0.0.1:1'],
  ]) {
    await t.throwsAsync(startMeshService({ handlers: {}, argv }), { instanceOf: ConfigError }, argv.join(' '));
  }
});

test('the admin port has health and metrics, and follows the drain', async (t) => {
  const service = await startMeshService({ handlers: {}, argv: ['--admin.address=127.0.0.1:0'] });
  const base = `http://${service.adminAddress}`;
  await eventually(
    async () => (await fetch(`${base}/healthz`)).status,
    (code) => code === 200,
  );
  t.is((await fetch(`${base}/metrics`)).status, 200);
  t.is((await fetch(`${base}/other`)).status, 404);
  t.is((await fetch(`${base}/healthz`, { method: 'POST' })).status, 405);
  await service.stop();
  await t.throwsAsync(fetch(`${base}/healthz`));
});

test('a token that the server does not know is UNAUTHENTICATED to the typed client too', async (t) => {
  const dir = await folder();
  await writeFile(join(dir, 'tokens'), `ci ${sha256('secret')}\n`);
  const service = await startMeshService({
    handlers: {},
    argv: ['--auth.mode=token', `--auth.tokens-file=${join(dir, 'tokens')}`],
  });
  const clients = createClients({ targets: { data: service.address }, token: 'guess' });
  const error = await t.throwsAsync(clients.datasets.getDataset({ name: 'x' }, soon), { instanceOf: RpcError });
  t.is(error?.reason, 'UNAUTHENTICATED');
  await clients.close();
  await service.stop();
  await rm(dir, { recursive: true });
});
