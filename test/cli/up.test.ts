import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { freePorts } from '../../cli/supervisor/free-ports.js';
import { type ServiceName, serviceNames } from '../../services/mesh/discovery/backend.js';
import { documentOf, errorOf, type Running, startTenon, temporaryFolder, tenon } from './tenon.js';

/** The first of four free ports in a row. */
async function fourPorts(): Promise<number> {
  for (;;) {
    const [first = 0] = await freePorts(1);
    const free = await Promise.all([1, 2, 3].map((more) => listens(first + more)));
    if (free.every((taken) => !taken) && first <= 65_532) return first;
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(true));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });
}

function up(t: ExecutionContext, args: string[]): Running {
  const running = startTenon(['up', ...args]);
  t.teardown(async () => {
    running.child.kill('SIGTERM');
    await running.ended;
  });
  return running;
}

test.serial('up says where the services listen, and Ctrl-C stops them in reverse order with exit code 0', async (t) => {
  const dataDir = await temporaryFolder(t);
  const first = await fourPorts();
  const mesh = up(t, ['--port', String(first), '--data-dir', dataDir, '--log.level=warn']);
  await mesh.said(/Ctrl-C stops/);
  const lines = mesh.stdout().trim().split('\n');
  t.deepEqual(lines, [
    `data      127.0.0.1:${first}`,
    `training  127.0.0.1:${first + 1}`,
    `registry  127.0.0.1:${first + 2}`,
    `serving   127.0.0.1:${first + 3}`,
    `state in ${dataDir}; Ctrl-C stops`,
  ]);
  const written = JSON.parse(await readFile(join(dataDir, 'mesh.json'), 'utf8')) as Record<ServiceName, string>;
  t.deepEqual(Object.keys(written), [...serviceNames]);

  const list = await tenon(['dataset', 'list', '--data-dir', dataDir]);
  t.like(list, { code: 0, stdout: 'no datasets yet; tenon dataset upload makes one\n' });
  const findings = documentOf<{ what: string; state: string }[]>(
    t,
    await tenon(['doctor', '--json', '--data-dir', dataDir]),
  );
  t.true(
    findings.every(({ state }) => state === 'ok'),
    JSON.stringify(findings),
  );

  const other = await temporaryFolder(t);
  const [sameFolder, samePorts, confused] = await Promise.all([
    tenon(['up', '--port', '0', '--data-dir', dataDir]),
    tenon(['up', '--port', String(first), '--data-dir', other]),
    tenon(['dataset', 'list', '--json'], { env: { TENON_ADDRESS_DATA: written.registry } }),
  ]);
  t.is(sameFolder.code, 1);
  t.regex(sameFolder.stderr, /a mesh on .* seems to run: data listens on 127\.0\.0\.1:\d+, held by/);
  t.is(samePorts.code, 1);
  for (const name of serviceNames) {
    t.regex(samePorts.stderr, new RegExp(`port ${written[name].split(':')[1]}, for ${name}, is taken by`));
  }
  t.regex(samePorts.stderr, /or choose others: --port/);
  if (process.platform === 'linux')
    t.regex(samePorts.stderr, /taken by process \d+ \(.*services\/registry\/main\.js\)/);
  t.is(confused.code, 1);
  t.regex(errorOf(t, confused).message, /is not the service data/);

  mesh.child.kill('SIGINT');
  const { code, stderr } = await mesh.ended;
  t.is(code, 0, stderr);
  t.deepEqual(
    stderr.match(/^\w+ stopped$/gm),
    ['serving', 'training', 'data', 'registry'].map((name) => `${name} stopped`),
  );
  t.false(existsSync(join(dataDir, 'mesh.json')));
});

test.serial(
  'up --json prints each event as a line, with options of the services given to those that have them',
  async (t) => {
    const dataDir = await temporaryFolder(t);
    const mesh = up(t, [
      '--json',
      '--port',
      '0',
      '--data-dir',
      dataDir,
      '--log.level=warn',
      '--training.max-workers=2',
    ]);
    await mesh.said(/"event":"ready"/);
    mesh.child.kill('SIGTERM');
    const { code, stdout, stderr } = await mesh.ended;
    t.is(code, 0, stderr);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; service?: string; pid?: number; addresses?: object });
    t.deepEqual(
      events.filter(({ event }) => event === 'listening').map(({ service }) => service),
      ['registry', 'data', 'training', 'serving'],
    );
    t.deepEqual(
      events.filter(({ event }) => event === 'stopped').map(({ service }) => service),
      ['serving', 'training', 'data', 'registry'],
    );
    t.is(typeof events[0]?.pid, 'number');
    t.deepEqual(Object.keys(events.find(({ event }) => event === 'ready')?.addresses ?? {}), [...serviceNames]);
  },
);

test.serial('a mesh that asks for tokens answers whoever names a token file, and says so to others', async (t) => {
  const dataDir = await temporaryFolder(t);
  const token = 'correct-horse-battery-staple';
  await writeFile(join(dataDir, 'token'), `${token}\n`);
  await writeFile(join(dataDir, 'tokens'), `tests ${createHash('sha256').update(token).digest('hex')}\n`);
  const flags = ['--auth.mode=token', `--auth.tokens-file=${join(dataDir, 'tokens')}`];
  const client = [`--client.token-file=${join(dataDir, 'token')}`, '--log.level=error'];
  const mesh = up(t, ['--port', '0', '--data-dir', dataDir, ...flags, ...client]);
  await mesh.said(/Ctrl-C stops/);
  const list = ['dataset', 'list', '--data-dir', dataDir];
  const [refused, answered] = await Promise.all([
    tenon(list),
    tenon(list, { env: { TENON_CLIENT_TOKEN_FILE: join(dataDir, 'token') } }),
  ]);
  t.is(refused.code, 1);
  t.regex(refused.stderr, /name it in TENON_CLIENT_TOKEN_FILE\n +UNAUTHENTICATED, UNAUTHENTICATED/);
  t.is(answered.code, 0, answered.stderr);
});

test.serial('a service that cannot start ends up with its reason, told once, and nothing left running', async (t) => {
  const dataDir = await temporaryFolder(t);
  const { code, stdout, stderr } = await tenon(['up', '--port', '0', '--data-dir', dataDir, '--tls.cert=/no/such.pem']);
  t.is(code, 1);
  t.is(stdout, '');
  t.regex(stderr, /error: registry did not start \(code 2\); what it said is above/);
  t.is(stderr.match(/tls\.(cert|key)/g)?.length, stderr.split('\n')[0]?.match(/tls\.(cert|key)/g)?.length, stderr);
  t.false(existsSync(join(dataDir, 'mesh.json')));
});

test('a service started on its own on a taken port says so in one line and exits with 2', async (t) => {
  const dataDir = await temporaryFolder(t);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const script = fileURLToPath(new URL('../../services/registry/main.js', import.meta.url));
  const args = [script, `--service.address=${address}`, `--data-dir=${dataDir}`, '--log.level=error'];
  const error = await t.throwsAsync(promisify(execFile)(process.execPath, args));
  t.like(error, { code: 2, stderr: `service.address: ${address} is in use by another process\n` });
});

test('up refuses options that do not exist, that it sets itself, or that are out of range', async (t) => {
  const dataDir = await temporaryFolder(t);
  const [unknown, own, bound] = await Promise.all([
    tenon(['up', '--data-dir', dataDir, '--training.max-wokers=2']),
    tenon(['up', '--data-dir', dataDir, '--service.address=127.0.0.1:9000']),
    tenon(['up', '--data-dir', dataDir, '--json', '--rpc.max-handlers=0']),
  ]);
  t.is(unknown.code, 2);
  t.regex(unknown.stderr, /--training\.max-wokers: unknown option; did you mean --training\.max-workers\?/);
  t.is(own.code, 2);
  t.regex(own.stderr, /service\.address cannot be set for tenon up: use --port/);
  t.is(bound.code, 2);
  t.regex(errorOf(t, bound).message, /1 to 100000/);
});

test('a port that somebody else holds is named with who holds it', async (t) => {
  const dataDir = await temporaryFolder(t);
  const first = await fourPorts();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(first + 2, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { code, stderr } = await tenon(['up', '--port', String(first), '--data-dir', dataDir]);
  t.is(code, 1);
  t.regex(stderr, new RegExp(`port ${first + 2}, for registry, is taken by`));
  if (process.platform === 'linux') t.true(stderr.includes(`process ${process.pid} (`), stderr);
});
