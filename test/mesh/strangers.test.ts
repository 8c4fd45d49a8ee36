import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { eventually } from '../harness/eventually.js';
import { answerOf, callRaw, connectRaw, cutRaw, framed, openRaw } from '../harness/raw-grpc.js';

const path = '/tenon.data.v1.DatasetService/GetDataset';

function next<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

async function rssOf(child: ChildProcess): Promise<number> {
  const answer = next<{ rss: number }>(child);
  child.send('rss');
  return (await answer).rss;
}

test('200 stalled messages of 3.9 MB without a token do not hold 16 MB', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'tenon-mesh-strangers-'));
  await writeFile(join(dir, 'tokens'), `ci ${createHash('sha256').update('secret').digest('hex')}\n`);
  const argv = ['--auth.mode=token', `--auth.tokens-file=${join(dir, 'tokens')}`];
  const script = fileURLToPath(new URL('strangers-server.js', import.meta.url));
  const child = fork(script, argv, { execArgv: ['--expose-gc'] });
  const { address } = await next<{ address: string }>(child);
  // The first calls load and compile what every later one uses.
  for (let index = 0; index < 50; index++) await callRaw(address, path, { 'grpc-timeout': '60S' });
  const before = await rssOf(child);

  const session = await connectRaw(address);
  const stalled = framed(Buffer.alloc(3_900_001)).subarray(0, 3_900_000);
  const streams = Array.from({ length: 200 }, () => openRaw(session, path, { 'grpc-timeout': '60S' }));
  const answers = streams.map(answerOf);
  for (const stream of streams) stream.write(stalled);
  const reasons = (await Promise.all(answers)).map(({ reason }) => reason);
  t.deepEqual([...new Set(reasons)], ['UNAUTHENTICATED']);
  const grown = (await rssOf(child)) - before;
  t.log(`grew by ${(grown / 1e6).toFixed(1)} MB`);
  t.true(grown < 16_000_000, `${grown} bytes`);
  cutRaw(session);
  await eventually(
    () => callRaw(address, '/grpc.health.v1.Health/Check', {}),
    ({ code }) => code === 0,
  );
  child.disconnect();
  await new Promise((resolve) => child.once('exit', resolve));
  await rm(dir, { recursive: true });
});
