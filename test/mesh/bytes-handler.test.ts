import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { datasetService } from '../../proto/contracts.js';
import { TenonError } from '../../services/mesh/errors.js';
import type { BytesHandler, EncodedAnswer } from '../../services/mesh/rpc/bytes-handler.js';
import { eventually } from '../harness/eventually.js';
import { startMeshService } from '../harness/mesh-service.js';
import { callRaw, connectRaw, cutRaw, framed, openRaw } from '../harness/raw-grpc.js';

const { path, requestSerialize, responseSerialize, responseDeserialize } = datasetService.GetDataset;
const request = requestSerialize({ name: 'datasets/penguins' });
const nameIn = (body: Buffer) => (body.length < 5 ? null : responseDeserialize(body.subarray(5)).name);

function answerNamed(name: string): EncodedAnswer {
  const bytes = responseSerialize({ name });
  return { byteLength: bytes.length, write: (target, at) => at + bytes.copy(target, at) };
}

/** A service with an early answer, and how often its handler ran; the handler answers `decoded`. */
async function serviceWith(t: ExecutionContext, onBytes: BytesHandler, argv: string[] = []) {
  const ran = { handler: 0, early: 0 };
  const service = await startMeshService({
    handlers: {
      getDataset: () => {
        ran.handler++;
        return { name: 'decoded' };
      },
    },
    onBytes(bytes, context) {
      ran.early++;
      return onBytes(bytes, context);
    },
    argv,
  });
  t.teardown(() => service.stop());
  const call = (message: Buffer, headers = {}) =>
    callRaw(service.address, path, { 'grpc-timeout': '20S', ...headers }, message);
  return { ran, call, address: service.address };
}

for (const [what, onBytes] of [
  ['at once', (bytes: Buffer) => (bytes.equals(request) ? answerNamed('early') : null)],
  ['later', async (bytes: Buffer) => (bytes.equals(request) ? answerNamed('early') : null)],
] as const) {
  test(`a message is answered from its bytes ${what}, and its handler does not run`, async (t) => {
    const { ran, call } = await serviceWith(t, onBytes);
    const { code, body } = await call(framed(request));
    t.is(code, 0);
    t.is(nameIn(body), 'early');
    t.deepEqual(ran, { handler: 0, early: 1 });
  });

  test(`what is not answered from bytes ${what} is decoded and goes to the handler`, async (t) => {
    const { ran, call } = await serviceWith(t, onBytes);
    const other = await call(framed(requestSerialize({ name: 'datasets/other' })));
    t.is(other.code, 0);
    t.is(nameIn(other.body), 'decoded');
    const wrong = await call(framed(request.subarray(0, -1)));
    t.is(wrong.reason, 'UNDECODABLE_REQUEST');
    t.deepEqual(ran, { handler: 1, early: 2 });
  });
}

test('a compressed message goes to the handler', async (t) => {
  const { ran, call } = await serviceWith(t, () => answerNamed('early'));
  const { code, body } = await call(framed(gzipSync(request), 1), { 'grpc-encoding': 'gzip' });
  t.is(code, 0);
  t.is(nameIn(body), 'decoded');
  t.deepEqual(ran, { handler: 1, early: 0 });
});

test('what is thrown instead of an answer from bytes is the status of the call', async (t) => {
  const notReady = () => new TenonError({ reason: 'RESOURCE_NOT_FOUND', message: 'gone' });
  for (const onBytes of [
    () => {
      throw notReady();
    },
    () => Promise.reject(notReady()),
  ]) {
    const { ran, call } = await serviceWith(t, onBytes);
    const { code, reason } = await call(framed(request));
    t.is(code, 5);
    t.is(reason, 'RESOURCE_NOT_FOUND');
    t.is(ran.handler, 0);
  }
  const { call } = await serviceWith(t, () => {
    throw new Error('a fault');
  });
  t.is((await call(framed(request))).reason, 'INTERNAL');
});

test('an answer from bytes that is larger than may be sent is refused before it is written', async (t) => {
  let written = 0;
  const large: EncodedAnswer = { byteLength: 2 ** 20 + 1, write: () => ++written };
  const { call } = await serviceWith(t, () => large, ['--rpc.max-message-bytes=1MiB']);
  const { code, reason, facts } = await call(framed(request));
  t.is(code, 8);
  t.is(reason, 'BYTE_BUDGET_EXCEEDED');
  t.is(Number(facts.bytes), 2 ** 20 + 1);
  t.is(written, 0);
});

test('an answer from bytes that comes after its call was cancelled is not written, and its place is free', async (t) => {
  let written = 0;
  let answerNow = () => {};
  let aborted = false;
  const { address, ran, call } = await serviceWith(
    t,
    (_bytes, { signal }) => {
      if (ran.early > 1) return answerNamed('next');
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise((resolve) => {
        answerNow = () => resolve({ byteLength: 0, write: () => ++written });
      });
    },
    ['--rpc.max-handlers=1'],
  );
  const session = await connectRaw(address);
  const stream = openRaw(session, path, { 'grpc-timeout': '20S' });
  stream.end(framed(request));
  await eventually(
    () => ran.early,
    (count) => count === 1,
  );
  stream.close(8);
  await eventually(
    () => aborted,
    (is) => is,
  );
  t.is((await call(framed(request))).reason, 'TOO_MANY_HANDLERS', 'it runs until its answer comes');
  answerNow();
  await eventually(
    async () => nameIn((await call(framed(request))).body),
    (name) => name === 'next',
  );
  t.is(written, 0);
  t.is(ran.handler, 0);
  cutRaw(session);
});
