import { constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import test from 'ava';
import type { CallContext } from '../../services/mesh/rpc/handler.js';
import { eventually } from '../harness/eventually.js';
import { gate } from '../harness/gate.js';
import { startMeshService } from '../harness/mesh-service.js';
import { answerOf, callRaw, connectRaw, cutRaw, framed, openRaw } from '../harness/raw-grpc.js';

const path = '/tenon.data.v1.DatasetService/GetDataset';
const upload = '/tenon.data.v1.DatasetService/UploadDataset';
const timeout = { 'grpc-timeout': '20S' };

function connectTcp(address: string): Promise<Socket> {
  const [host, port] = address.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host);
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

function closed(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  socket.resume();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

test('calls beyond rpc.max-handlers are TOO_MANY_HANDLERS with a time to retry', async (t) => {
  const finish = gate();
  let running = 0;
  const service = await startMeshService({
    handlers: {
      getDataset: async () => {
        running++;
        await finish.opened;
        return {};
      },
    },
    argv: ['--rpc.max-handlers=3'],
  });
  const admitted = [1, 2, 3].map(() => callRaw(service.address, path, timeout));
  await eventually(
    () => running,
    (count) => count === 3,
  );
  const refused = await callRaw(service.address, path, timeout);
  t.is(refused.code, 8);
  t.is(refused.reason, 'TOO_MANY_HANDLERS');
  t.deepEqual(refused.facts, { running: '3', max: '3' });
  t.true((refused.retryAfterMs ?? 0) > 0);
  const health = await callRaw(service.address, '/grpc.health.v1.Health/Check', {});
  t.is(health.code, 0);
  finish.open();
  for (const answer of await Promise.all(admitted)) t.is(answer.code, 0);
  t.is((await callRaw(service.address, path, timeout)).code, 0);
  await service.stop();
});

test('a rapid reset runs no more handlers than allowed, and other connections are served', async (t) => {
  const limit = 20;
  let running = 0;
  let most = 0;
  const finish = gate();
  const contexts: CallContext[] = [];
  const service = await startMeshService({
    handlers: {
      // Deaf to its signal, as the worst handler is.
      getDataset: async (_request, context) => {
        running++;
        most = Math.max(most, running);
        contexts.push(context);
        await finish.opened;
        running--;
        return {};
      },
      listDatasets: () => ({}),
    },
    argv: [`--rpc.max-handlers=${limit}`],
  });
  const attacker = await connectRaw(service.address);
  const body = framed(Buffer.alloc(0));
  for (let index = 0; index < 900 && !attacker.destroyed; index++) {
    const stream = openRaw(attacker, path, timeout);
    stream.end(body);
    stream.close(constants.NGHTTP2_CANCEL);
    if (index % 50 === 0) await new Promise(setImmediate);
  }
  await eventually(
    () => callRaw(service.address, '/grpc.health.v1.Health/Check', {}),
    ({ code }) => code === 0,
  );
  t.true(most <= limit, `${most} handlers ran`);
  finish.open();
  await eventually(
    () => callRaw(service.address, '/tenon.data.v1.DatasetService/ListDatasets', timeout),
    ({ code }) => code === 0,
  );
  cutRaw(attacker);
  await eventually(
    () => running,
    (count) => count === 0,
  );
  await service.stop();
});

test('a message that announces more than rpc.max-message-bytes is refused before it comes', async (t) => {
  const uploadDataset = async (requests: AsyncIterable<object>) => {
    for await (const _request of requests);
    return {};
  };
  const service = await startMeshService({ handlers: { uploadDataset }, argv: ['--rpc.max-message-bytes=64KiB'] });
  for (const method of [path, upload]) {
    const session = await connectRaw(service.address);
    const stream = openRaw(session, method, timeout);
    const answer = answerOf(stream);
    stream.write(framed(Buffer.alloc(100_000)).subarray(0, 5));
    const { reason, code, facts } = await answer;
    t.is(reason, 'BYTE_BUDGET_EXCEEDED');
    t.is(code, 8);
    t.is(facts.bytes, '100000');
    cutRaw(session);
  }
  await service.stop();
});

test('a response beyond rpc.max-message-bytes is BYTE_BUDGET_EXCEEDED', async (t) => {
  const service = await startMeshService({
    handlers: { getDataset: () => ({ displayName: 'x'.repeat(100_000) }) },
    argv: ['--rpc.max-message-bytes=64KiB'],
  });
  t.is((await callRaw(service.address, path, timeout)).reason, 'BYTE_BUDGET_EXCEEDED');
  await service.stop();
});

test('a compressed bomb is refused', async (t) => {
  const { gzipSync } = await import('node:zlib');
  const service = await startMeshService({ handlers: {}, argv: ['--rpc.max-message-bytes=64KiB'] });
  const bomb = framed(gzipSync(Buffer.alloc(10_000_000)), 1);
  const answer = await callRaw(service.address, path, { ...timeout, 'grpc-encoding': 'gzip' }, bomb);
  t.is(answer.code, 8);
  await service.stop();
});

test('half-sent messages share rpc.max-bytes-in-flight and give it back', async (t) => {
  const service = await startMeshService({
    handlers: { getDataset: () => ({}) },
    argv: ['--rpc.max-bytes-in-flight=256KiB', '--rpc.max-message-bytes=200KiB'],
  });
  const session = await connectRaw(service.address);
  const half = framed(Buffer.alloc(150_000)).subarray(0, 60_000);
  const streams = Array.from({ length: 5 }, () => openRaw(session, path, timeout));
  const answers = streams.map(answerOf);
  for (const stream of streams) stream.write(half);
  const refused = await Promise.race(answers);
  t.is(refused.reason, 'BYTE_BUDGET_EXCEEDED');
  cutRaw(session);
  // An undecodable answer means that the whole message was taken in.
  const whole = await eventually(
    () => callRaw(service.address, path, timeout, framed(Buffer.alloc(200_000))),
    ({ reason }) => reason !== 'BYTE_BUDGET_EXCEEDED',
  );
  t.is(whole.reason, 'UNDECODABLE_REQUEST');
  await service.stop();
});

test('connections beyond the caps are closed, those before stay', async (t) => {
  const service = await startMeshService({
    handlers: {},
    argv: ['--rpc.max-connections=100', '--rpc.max-connections-per-ip=4'],
  });
  const sockets = await Promise.all([1, 2, 3, 4].map(() => connectTcp(service.address)));
  const more = await connectTcp(service.address);
  await closed(more);
  for (const socket of sockets) {
    t.false(socket.destroyed);
    socket.destroy();
  }
  await eventually(
    () => callRaw(service.address, '/grpc.health.v1.Health/Check', {}).catch(() => ({ code: null })),
    ({ code }) => code === 0,
  );
  await service.stop();
});

test('idle and half-open connections are closed, also those that hold streams', async (t) => {
  const service = await startMeshService({
    handlers: {},
    argv: [
      '--rpc.max-connection-idle=300ms',
      '--rpc.max-connection-age=500ms',
      '--rpc.max-deadline=1s',
      '--rpc.max-connection-age-grace=1s',
      '--rpc.keepalive-time=200ms',
      '--rpc.keepalive-timeout=200ms',
    ],
  });
  // One that says nothing, one that stops within the preface, one with an idle stream, one that is only idle.
  const silent = await connectTcp(service.address);
  const halfOpen = await connectTcp(service.address);
  halfOpen.write('PRI * HTTP/2.0\r\n');
  const holding = await connectRaw(service.address);
  const watch = openRaw(holding, '/grpc.health.v1.Health/Watch', {});
  watch.write(framed(Buffer.alloc(0)));
  watch.resume();
  const idle = await connectRaw(service.address);
  const sessionsClosed = [holding, idle].map((session) => new Promise((resolve) => session.once('close', resolve)));
  await Promise.all([closed(silent), closed(halfOpen), ...sessionsClosed]);
  t.pass();
  await service.stop();
});
