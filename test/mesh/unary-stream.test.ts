import { gzipSync } from 'node:zlib';
import test from 'ava';
import { datasetService } from '../../proto/contracts.js';
import { startMeshService } from '../harness/mesh-service.js';
import { answerOf, callRaw, connectRaw, cutRaw, framed, openRaw } from '../harness/raw-grpc.js';

const { path, requestSerialize, responseDeserialize } = datasetService.GetDataset;
const timeout = { 'grpc-timeout': '20S' };
const request = requestSerialize({ name: 'datasets/penguins' });
const echo = { getDataset: ({ name }: { name: string }) => ({ name: `got ${name}` }) };
const nameIn = (body: Buffer) => responseDeserialize(body.subarray(5)).name;

for (const [what, bytes, detail] of [
  ['a call without a message', Buffer.alloc(0), /no message came/],
  ['two messages in a unary call', Buffer.concat([framed(request), framed(request)]), /2 messages came instead of one/],
  ['a message cut within its prefix', framed(request).subarray(0, 3), /ends within its prefix/],
  ['a message that is cut short', framed(request).subarray(0, -4), /ends 4 bytes early/],
  ['a compressed message that no header announces', framed(gzipSync(request), 1), /compressed/],
] as const) {
  test(`${what} is UNDECODABLE_REQUEST and runs no handler`, async (t) => {
    let ran = 0;
    const service = await startMeshService({ handlers: { getDataset: () => ({ name: `${++ran}` }) } });
    const answer = await callRaw(service.address, path, timeout, bytes);
    t.is(answer.code, 3);
    t.is(answer.reason, 'UNDECODABLE_REQUEST');
    t.regex(answer.message, detail);
    t.is(ran, 0);
    await service.stop();
  });
}

test('a message that comes byte by byte is one message', async (t) => {
  const service = await startMeshService({ handlers: echo });
  const session = await connectRaw(service.address);
  const stream = openRaw(session, path, timeout);
  const answer = answerOf(stream);
  for (const byte of framed(request)) {
    stream.write(Buffer.of(byte));
    await new Promise((resume) => setImmediate(resume));
  }
  stream.end();
  const { code, body } = await answer;
  t.is(code, 0);
  t.is(nameIn(body), 'got datasets/penguins');
  cutRaw(session);
  await service.stop();
});

test('a compressed message is answered as the same message plain', async (t) => {
  const service = await startMeshService({ handlers: echo });
  const headers = { ...timeout, 'grpc-encoding': 'gzip' };
  const { code, body } = await callRaw(service.address, path, headers, framed(gzipSync(request), 1));
  t.is(code, 0);
  t.is(nameIn(body), 'got datasets/penguins');
  await service.stop();
});

test('a call that is under way keeps its connection from being idle', async (t) => {
  let answerNow = () => {};
  const service = await startMeshService({
    handlers: {
      getDataset: () =>
        new Promise((resolve) => {
          answerNow = () => resolve({ name: 'late' });
        }),
    },
    argv: ['--rpc.max-connection-idle=1s'],
  });
  const session = await connectRaw(service.address);
  let goneAway = false;
  session.once('goaway', () => {
    goneAway = true;
  });
  const stream = openRaw(session, path, timeout);
  const answer = answerOf(stream);
  stream.end(framed(request));
  await new Promise((resume) => setTimeout(resume, 2_500));
  t.false(goneAway);
  answerNow();
  t.is((await answer).code, 0);
  await new Promise<void>((resume) => {
    if (session.closed || session.destroyed) resume();
    else session.once('close', resume);
  });
  t.pass('and lets it go once the call is over');
  await service.stop();
});
