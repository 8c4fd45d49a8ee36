import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import test from 'ava';
import { createClients } from '../../services/mesh/rpc/clients.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import { startMeshService } from '../harness/mesh-service.js';

const soon = { deadlineMs: 20_000 };

/** An authority, a certificate of the service data at 127.0.0.1, and a client's named `ci`, made by openssl. */
async function certificates() {
  const dir = await mkdtemp(join(tmpdir(), 'tenon-mesh-tls-'));
  const file = (name: string) => join(dir, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
    '-days',
    '2',
    '-subj',
    '/CN=ca',
  );
  writeFileSync(file('server.ext'), 'subjectAltName=IP:127.0.0.1,DNS:data');
  writeFileSync(file('client.ext'), 'extendedKeyUsage=clientAuth');
  for (const [name, subject] of [
    ['server', '/CN=server'],
    ['client', '/CN=ci'],
  ] as const) {
    const request = file(`${name}.csr`);
    openssl('req', ...newKey, '-keyout', file(`${name}.key`), '-out', request, '-subj', subject);
    const signing = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2'];
    openssl('x509', '-req', '-in', request, ...signing, '-extfile', file(`${name}.ext`), '-out', file(`${name}.pem`));
  }
  return { dir, file, pem: (name: string) => readFileSync(file(name)) };
}

test('client certificates are required where authorities are set, and name the caller', async (t) => {
  const { dir, file, pem } = await certificates();
  const service = await startMeshService({
    handlers: { getDataset: (_request, { identity }) => ({ name: identity.name }) },
    // Reachable from other machines: allowed, since both TLS and authentication are on.
    argv: [
      '--service.address=0.0.0.0:0',
      `--tls.cert=${file('server.pem')}`,
      `--tls.key=${file('server.key')}`,
      `--tls.ca=${file('ca.pem')}`,
    ],
  });
  const targets = { data: service.address.replace('0.0.0.0', '127.0.0.1') };
  const known = createClients({
    targets,
    credentials: credentials.createSsl(pem('ca.pem'), pem('client.key'), pem('client.pem')),
  });
  t.is((await known.datasets.getDataset({ name: 'x' }, soon)).name, 'ci');
  const strangers = [
    createClients({ targets, credentials: credentials.createSsl(pem('ca.pem')) }),
    createClients({ targets }),
  ];
  for (const stranger of strangers) {
    const error = await t.throwsAsync(stranger.datasets.getDataset({ name: 'x' }, soon), { instanceOf: RpcError });
    t.is(error?.reason, 'DEPENDENCY_UNAVAILABLE');
  }
  for (const clients of [known, ...strangers]) await clients.close();
  await service.stop();
  await rm(dir, { recursive: true });
});

test('a token over TLS names the caller, and services call each other with the configured token', async (t) => {
  const { dir, file, pem } = await certificates();
  writeFileSync(file('tokens'), `training ${createHash('sha256').update('secret').digest('hex')}\n`);
  writeFileSync(file('token'), 'secret\n');
  const tls = [
    `--tls.cert=${file('server.pem')}`,
    `--tls.key=${file('server.key')}`,
    '--auth.mode=token',
    `--auth.tokens-file=${file('tokens')}`,
  ];
  const behind = await startMeshService({
    handlers: { getDataset: (_request, { identity }) => ({ name: `behind sees ${identity.name}` }) },
    argv: tls,
  });
  const front = await startMeshService({
    handlers: { getDataset: (request, parent) => front.kit.clients.datasets.getDataset(request, { parent }) },
    argv: [
      ...tls,
      `--client.token-file=${file('token')}`,
      `--client.tls-ca=${file('ca.pem')}`,
      `--discovery.static.data=${behind.address}`,
    ],
    clients: { token: 'secret', credentials: credentials.createSsl(pem('ca.pem')) },
  });
  t.is((await front.clients.datasets.getDataset({ name: 'x' }, soon)).name, 'behind sees training');
  await front.stop();
  await behind.stop();
  await rm(dir, { recursive: true });
});
