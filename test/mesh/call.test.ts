import test from 'ava';
import { TenonError } from '../../services/mesh/errors.js';
import type { CallContext } from '../../services/mesh/rpc/handler.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import { eventually } from '../harness/eventually.js';
import { gate } from '../harness/gate.js';
import { type MeshServiceParts, startMeshService } from '../harness/mesh-service.js';
import { answerOf, callRaw, connectRaw, cutRaw, framed, openRaw } from '../harness/raw-grpc.js';

const path = '/tenon.data.v1.DatasetService/GetDataset';
const soon = { deadlineMs: 20_000 };

async function failureOf(handlers: MeshServiceParts['handlers']): Promise<RpcError> {
  const service = await startMeshService({ handlers });
  try {
    await service.clients.datasets.getDataset({ name: 'datasets/a' }, soon);
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  } finally {
    await service.stop();
  }
  throw new Error('the call did not fail');
}

test('a unary call reaches its handler and brings the answer back', async (t) => {
  const service = await startMeshService({
    handlers: { getDataset: ({ name }) => ({ name, displayName: 'Penguins' }) },
  });
  const dataset = await service.clients.datasets.getDataset({ name: 'datasets/penguins' }, soon);
  t.is(dataset.name, 'datasets/penguins');
  t.is(dataset.displayName, 'Penguins');
  await service.stop();
});

test('a TenonError arrives with reason, facts, violations and retry time', async (t) => {
  const error = await failureOf({
    getDataset: async () => {
      throw new TenonError({
        reason: 'QUOTA_EXCEEDED',
        message: 'disk is full: ünïcode \ud800 and 3 % left',
        facts: { left_bytes: 12, ok: false },
        violations: [{ field: 'name', description: '"x" must be shorter' }],
        retryAfterMs: 1_500,
      });
    },
  });
  t.is(error.code, 8);
  t.is(error.reason, 'QUOTA_EXCEEDED');
  t.is(error.message, 'disk is full: ünïcode \ufffd and 3 % left');
  t.deepEqual(error.facts, { left_bytes: '12', ok: 'false' });
  t.deepEqual(error.violations, [{ field: 'name', description: '"x" must be shorter' }]);
  t.is(error.retryAfterMs, 1_500);
  t.is(error.method, path);
});

test('an error with a thousand long violations still arrives', async (t) => {
  const violations = Array.from({ length: 1_000 }, (_, index) => ({
    field: `recipe.steps[${index}].columns[0]`,
    description: 'é'.repeat(2_000),
  }));
  const error = await failureOf({
    getDataset: () => {
      throw new TenonError({ reason: 'INVALID_FIELD', message: 'é'.repeat(100_000), violations });
    },
  });
  t.is(error.reason, 'INVALID_FIELD');
  t.is(error.violations[0]?.field, 'recipe.steps[0].columns[0]');
});

for (const [what, thrown] of [
  ['an Error', new Error('SELECT * FROM secrets at /var/lib')],
  ['a text', 'secrets'],
  ['undefined', undefined],
  ['null', null],
  ['an object', { code: 5, details: 'secrets' }],
] as const) {
  test(`a handler that throws ${what} leaves as INTERNAL with an opaque id only`, async (t) => {
    for (const getDataset of [
      () => {
        throw thrown;
      },
      () => Promise.reject(thrown),
    ]) {
      const error = await failureOf({ getDataset });
      t.is(error.code, 13);
      t.is(error.reason, 'INTERNAL');
      t.is(error.message, `internal error ${error.facts.id}`);
      t.notRegex(error.message, /secrets|SELECT/);
    }
  });
}

test('an answer that cannot be encoded is INTERNAL and the server lives', async (t) => {
  const error = await failureOf({ getDataset: () => ({ name: { toString: null } }) as never });
  t.is(error.reason, 'INTERNAL');
});

test('no promise is left unhandled when a handler rejects after its caller has gone', async (t) => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const started = gate();
  const finish = gate();
  let seen: CallContext | undefined;
  const service = await startMeshService({
    handlers: {
      getDataset: async (_request, context) => {
        seen = context;
        started.open();
        await finish.opened;
        throw new Error('too late');
      },
      listDatasets: () => ({}),
    },
  });
  const cancel = new AbortController();
  const call = service.clients.datasets.getDataset({ name: 'datasets/a' }, { ...soon, signal: cancel.signal });
  await started.opened;
  cancel.abort();
  const error = await t.throwsAsync(call, { instanceOf: RpcError });
  t.is(error?.reason, 'CANCELLED');
  await eventually(
    () => seen?.signal.aborted,
    (aborted) => aborted === true,
  );
  t.is((seen?.signal.reason as TenonError | undefined)?.reason, 'CANCELLED');
  finish.open();
  await service.clients.datasets.listDatasets({}, soon);
  process.off('unhandledRejection', note);
  t.deepEqual(unhandled, []);
  await service.stop();
});

const undecodable: [string, Buffer][] = [
  ['random bytes', Buffer.from('ffffffffffffffff', 'hex')],
  ['a truncated text', Buffer.from([0x0a, 0x10, 0x61])],
  ['text that is no UTF-8', Buffer.from([0x0a, 0x02, 0xc3, 0x28])],
  ['a field of another wire type', Buffer.from([0x08, 0x01])],
  ['a group', Buffer.from([0x0b, 0x0c])],
  ['field number 0', Buffer.from([0x02, 0x00])],
  ['an endless number', Buffer.alloc(12, 0x80)],
];
for (const [what, bytes] of undecodable) {
  test(`${what} is UNDECODABLE_REQUEST`, async (t) => {
    const service = await startMeshService({ handlers: { getDataset: () => ({}) } });
    const answer = await callRaw(service.address, path, { 'grpc-timeout': '20S' }, framed(bytes));
    t.is(answer.code, 3);
    t.is(answer.reason, 'UNDECODABLE_REQUEST');
    t.regex(answer.message, /byte \d+/);
    await service.stop();
  });
}

test('an unknown field is let through, an empty message is decoded', async (t) => {
  const service = await startMeshService({ handlers: { getDataset: ({ name }) => ({ name: `got ${name}` }) } });
  const unknown = Buffer.from([0x9a, 0x3f, 0x02, 0x00, 0x00, 0x0a, 0x01, 0x61]);
  for (const bytes of [unknown, Buffer.alloc(0)]) {
    t.is((await callRaw(service.address, path, { 'grpc-timeout': '20S' }, framed(bytes))).code, 0);
  }
  await service.stop();
});

test('a method that is not in the contract is METHOD_NOT_AVAILABLE', async (t) => {
  const service = await startMeshService({ handlers: {} });
  const answer = await callRaw(service.address, '/tenon.data.v1.DatasetService/Nothing', { 'grpc-timeout': '20S' });
  t.is(answer.code, 12);
  t.is(answer.reason, 'METHOD_NOT_AVAILABLE');
  await service.stop();
});

test('a request that is no gRPC is answered with 415', async (t) => {
  const service = await startMeshService({ handlers: {} });
  const answer = await callRaw(service.address, path, { 'content-type': 'text/plain' });
  t.is(answer.code, null);
  await service.stop();
});

test('a server stream waits for its reader', async (t) => {
  let produced = 0;
  const chunk = Buffer.alloc(65_536, 7);
  const service = await startMeshService({
    handlers: {
      async *downloadDatasetVersion() {
        for (; produced < 400; produced++) yield { chunk };
      },
    },
  });
  const session = await connectRaw(service.address);
  const stream = openRaw(session, '/tenon.data.v1.DatasetService/DownloadDatasetVersion', { 'grpc-timeout': '60S' });
  stream.end(framed(Buffer.alloc(0)));
  await eventually(
    () => produced,
    (count) => count > 2,
  );
  // What is produced without a reader settles far below the 25 MB that it could be.
  let before = -1;
  const stalled = await eventually(
    async () => {
      before = produced;
      await new Promise((resume) => setTimeout(resume, 300));
      return produced;
    },
    (count) => count === before,
  );
  t.true(stalled * chunk.length < 8_000_000, `${stalled} chunks`);
  const answer = await answerOf(stream);
  t.is(answer.code, 0);
  t.true(answer.body.length > 400 * chunk.length);
  cutRaw(session);
  await service.stop();
});

test('a server stream that fails half-way brings its messages, then its error', async (t) => {
  const service = await startMeshService({
    handlers: {
      async *downloadDatasetVersion() {
        yield { chunk: Buffer.from('a') };
        throw new TenonError({ reason: 'DIGEST_MISMATCH', message: 'bytes differ' });
      },
    },
  });
  const received: string[] = [];
  const error = await t.throwsAsync(
    async () => {
      for await (const { chunk } of service.clients.datasets.downloadDatasetVersion({ name: 'x' }, soon)) {
        received.push(chunk.toString());
      }
    },
    { instanceOf: RpcError },
  );
  t.is(error?.reason, 'DIGEST_MISMATCH');
  t.deepEqual(received, ['a']);
  await service.stop();
});

test('a reader that stops early ends the handler of its stream', async (t) => {
  let ended = false;
  const service = await startMeshService({
    handlers: {
      async *downloadDatasetVersion(_request, context) {
        try {
          for (let index = 0; !context.signal.aborted; index++) {
            yield { chunk: Buffer.from([index % 256]) };
            await new Promise(setImmediate);
          }
        } finally {
          ended = true;
        }
      },
    },
  });
  for await (const _message of service.clients.datasets.downloadDatasetVersion({ name: 'x' }, soon)) break;
  await eventually(
    () => ended,
    (value) => value,
  );
  t.pass();
  await service.stop();
});

test('a client stream reaches its handler message by message and gives its bytes back', async (t) => {
  const service = await startMeshService({
    handlers: {
      uploadDataset: async (requests) => {
        let bytes = 0;
        for await (const { chunk } of requests) bytes += chunk?.length ?? 0;
        return { name: `${bytes}` };
      },
    },
    argv: ['--rpc.max-bytes-in-flight=4MiB'],
  });
  async function* upload() {
    for (let index = 0; index < 40; index++) yield { chunk: Buffer.alloc(1_048_576, index) };
  }
  const version = await service.clients.datasets.uploadDataset(upload(), soon);
  t.is(version.name, `${40 * 1_048_576}`);
  await service.stop();
});

test('a handler that answers before the upload ends stops the upload', async (t) => {
  const service = await startMeshService({
    handlers: {
      uploadDataset: async (requests) => {
        for await (const _first of requests) break;
        throw new TenonError({ reason: 'UNPARSABLE_FILE', message: 'line 1' });
      },
    },
  });
  let closed = false;
  async function* endless() {
    try {
      for (;;) yield { chunk: Buffer.alloc(100_000) };
    } finally {
      closed = true;
    }
  }
  const error = await t.throwsAsync(service.clients.datasets.uploadDataset(endless(), soon), { instanceOf: RpcError });
  t.is(error?.reason, 'UNPARSABLE_FILE');
  await eventually(
    () => closed,
    (value) => value,
  );
  await service.stop();
});

test('an upload whose source fails is cancelled and fails with the source’s error', async (t) => {
  let outcome = '';
  const arrived = gate();
  const service = await startMeshService({
    handlers: {
      uploadDataset: async (requests) => {
        try {
          for await (const _request of requests) arrived.open();
        } catch (error) {
          outcome = error instanceof TenonError ? error.reason : String(error);
          throw error;
        }
        outcome = 'ended';
        return {};
      },
    },
  });
  async function* broken() {
    yield { chunk: Buffer.from('a') };
    await arrived.opened;
    throw new Error('the disk is gone');
  }
  await t.throwsAsync(service.clients.datasets.uploadDataset(broken(), soon), { message: 'the disk is gone' });
  await eventually(
    () => outcome,
    (value) => value !== '',
  );
  t.is(outcome, 'CANCELLED');
  await service.stop();
});

test('an undecodable message in an upload is UNDECODABLE_REQUEST', async (t) => {
  const service = await startMeshService({
    handlers: {
      uploadDataset: async (requests) => {
        for await (const _request of requests);
        return {};
      },
    },
  });
  const upload = '/tenon.data.v1.DatasetService/UploadDataset';
  const answer = await callRaw(service.address, upload, { 'grpc-timeout': '20S' }, framed(Buffer.from([0x0a, 0x7f])));
  t.is(answer.reason, 'UNDECODABLE_REQUEST');
  await service.stop();
});
