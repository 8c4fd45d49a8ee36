import { fork } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import test, { type ExecutionContext } from 'ava';

import { type MeshOptions, type SupervisorEvent, superviseMesh } from '../../cli/supervisor/index.js';
import { packageRoot } from '../../proto/root.js';
import { serviceNames } from '../../services/mesh/discovery/backend.js';
import { onParentGone } from '../../services/mesh/server/supervised.js';
import { poll } from './poll.js';

const fake = join(packageRoot, 'test', 'fixtures', 'fake-service.mjs');
const args = Object.fromEntries(serviceNames.map((name) => [name, [`--fake.name=${name}`]]));

async function folder(t: ExecutionContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tenon-supervisor-'));
  t.teardown(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function start(t: ExecutionContext, mode: string, more: Partial<MeshOptions> = {}) {
  const dataDir = await folder(t);
  const events: SupervisorEvent[] = [];
  const said: string[] = [];
  const starting = superviseMesh({
    dataDir,
    args,
    env: { FAKE_MODE: mode },
    script: () => fake,
    log: { write: (chunk: unknown) => said.push(String(chunk)) > 0 },
    onEvent: (event) => events.push(event),
    ...more,
  });
  t.teardown(async () => (await starting.catch(() => null))?.stop());
  const journal = async () => (await readFile(join(dataDir, 'journal'), 'utf8')).trim().split('\n');
  return { starting, events, said, journal, dataDir };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('the services start in the order of their needs on distinct ports and stop in the reverse order', async (t) => {
  const { starting, events, said, journal } = await start(t, 'well');
  const mesh = await starting;
  t.is(new Set(Object.values(mesh.addresses)).size, 4);
  for (const name of serviceNames) t.regex(mesh.addresses[name], /^127\.0\.0\.1:\d+$/);
  t.is(Object.keys(mesh.pids()).length, 4);
  t.true(said.join('').includes('a line that is no event'));
  await Promise.all([mesh.stop(), mesh.stop()]);
  t.deepEqual(mesh.pids(), {});
  t.deepEqual(await journal(), [
    ...['registry', 'data', 'training'].map((name) => `${name} begins fake-service.mjs`),
    'serving begins fake-service.mjs --max-semi-space-size=2 --heap-growing-percent=200',
    ...['serving', 'training', 'data', 'registry'].map((name) => `${name} ends SIGTERM`),
  ]);
  const kinds = events.filter(({ event }) => event === 'restarting' || event === 'killed');
  t.deepEqual(kinds, []);
});

test('a service that is killed comes back at once on the same port, and later after growing pauses', async (t) => {
  const { starting, events } = await start(t, 'well');
  const mesh = await starting;
  const listening = () => events.filter(({ event, service }) => event === 'listening' && service === 'data');
  for (let round = 1; round <= 4; round++) {
    const pid = Number(mesh.pids().data);
    process.kill(pid, round === 2 ? 'SIGUSR2' : 'SIGKILL');
    await poll('the restart', 20_000, () => listening().length === round + 1);
    t.not(mesh.pids().data, pid);
  }
  const addresses = listening().map((event) => 'address' in event && event.address);
  t.deepEqual([...new Set(addresses)], [mesh.addresses.data]);
  const pauses = events.flatMap((event) => (event.event === 'restarting' ? [event.afterMs] : []));
  t.deepEqual(pauses, [0, 100, 200, 400]);
  const ends = events.flatMap((event) => (event.event === 'exited' ? [event.how] : []));
  t.deepEqual(ends, ['signal SIGKILL', 'code 3', 'signal SIGKILL', 'signal SIGKILL']);
});

test('a service that does not start ends the whole start with its last words, and leaves nothing running', async (t) => {
  const { starting, events, journal } = await start(t, 'fails');
  const error = await t.throwsAsync(starting);
  t.regex(error.message, /^training did not start \(code 1\):\nthe port is taken$/);
  const pids = events.flatMap((event) => (event.event === 'listening' ? [event.pid] : []));
  t.is(pids.length, 2);
  t.deepEqual(pids.filter(alive), []);
  t.deepEqual((await journal()).slice(-2), ['data ends SIGTERM', 'registry ends SIGTERM']);
});

test('a service that never listens is killed after the start timeout', async (t) => {
  const { starting, events } = await start(t, 'mute', { startTimeoutMs: 1_000 });
  const error = await t.throwsAsync(starting);
  t.regex(error.message, /registry did not start \(signal SIGKILL\)/);
  t.true(events.some((event) => event.event === 'killed' && event.why === 'not listening after 1000 ms'));
});

test('a service that ignores SIGTERM is killed after the grace', async (t) => {
  const { starting, events } = await start(t, 'stubborn', { graceMs: 100 });
  const mesh = await starting;
  const pids = Object.values(mesh.pids());
  await mesh.stop();
  t.deepEqual(pids.filter(alive), []);
  t.is(events.filter(({ event }) => event === 'killed').length, 4);
});

test('services end by themselves when their supervisor is killed', async (t) => {
  const dataDir = await folder(t);
  const module = new URL('../../cli/supervisor/index.js', import.meta.url);
  const script = join(dataDir, 'supervisor.mjs');
  const options = JSON.stringify({ dataDir, args });
  const source = [
    `import { superviseMesh } from ${JSON.stringify(module.href)};`,
    `const mesh = await superviseMesh({ ...${options}, script: () => ${JSON.stringify(fake)} });`,
    'process.send(mesh.pids());',
  ];
  await writeFile(script, source.join('\n'));
  const supervisor = fork(script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const pids = await new Promise<Record<string, number>>((resolve, reject) => {
    supervisor.once('message', (message) => resolve(message as Record<string, number>));
    supervisor.once('exit', () => reject(new Error('the supervisor ended')));
  });
  t.is(Object.keys(pids).length, 4);
  supervisor.kill('SIGKILL');
  await poll('the end of the services', 20_000, () => !Object.values(pids).some(alive));
  const journal = await readFile(join(dataDir, 'journal'), 'utf8');
  t.is(journal.match(/ends supervised=1/g)?.length, 4);
});

test('a parent that goes is told once, and only to supervised processes', async (t) => {
  const told: string[] = [];
  const supervised = new PassThrough();
  const alone = new PassThrough();
  onParentGone(() => told.push('supervised'), { env: { TENON_SUPERVISED: '1' }, stdin: supervised });
  onParentGone(() => told.push('alone'), { env: {}, stdin: alone });
  supervised.end();
  alone.end();
  supervised.destroy();
  alone.destroy();
  await poll('the callback', 5_000, () => told.length > 0);
  t.deepEqual(told, ['supervised']);
});
