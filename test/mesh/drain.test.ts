import { status } from '@grpc/grpc-js';
import test from 'ava';
import { createClients } from '../../services/mesh/rpc/clients.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import { eventually } from '../harness/eventually.js';
import { gate } from '../harness/gate.js';
import { startMeshService } from '../harness/mesh-service.js';
import { answerOf, callRaw, connectRaw, framed, openRaw } from '../harness/raw-grpc.js';

const long = { deadlineMs: 60_000 };

test('a stuck stream and a slow unary call end with UNAVAILABLE within the grace, never CANCELLED', async (t) => {
  const started = { unary: gate(), stream: gate(), upload: gate() };
  const never = new Promise<never>(() => {});
  const service = await startMeshService({
    handlers: {
      // Not repeated by our clients, so that its own status is seen.
      updateDataset: async () => {
        started.unary.open();
        return never;
      },
      async *downloadDatasetVersion() {
        yield { chunk: Buffer.from('a') };
        started.stream.open();
        await never;
      },
      uploadDataset: async (requests) => {
        started.upload.open();
        for await (const _request of requests);
        return {};
      },
    },
    argv: ['--drain.grace=3s'],
  });
  // Clients of their own: those of the service close with it.
  const clients = createClients({ targets: { data: service.address } });
  async function* stuck() {
    yield { chunk: Buffer.from('a') };
    await never;
  }
  const calls = [
    clients.datasets.updateDataset({ dataset: { name: 'x' } }, long),
    (async () => {
      for await (const _message of clients.datasets.downloadDatasetVersion({ name: 'x' }, long));
    })(),
    clients.datasets.uploadDataset(stuck(), long),
  ].map((call) =>
    call.then(
      () => null,
      (error: unknown) => error,
    ),
  );
  await Promise.all([started.unary.opened, started.stream.opened, started.upload.opened]);
  const begin = Date.now();
  await service.stop();
  const took = Date.now() - begin;
  // The grace bounds the drain; what closes after it gets a margin for a busy machine.
  t.true(took < 3_000 + 2_000, `${took} ms`);
  for (const error of await Promise.all(calls)) {
    if (!(error instanceof RpcError)) throw error;
    t.is(error.code, status.UNAVAILABLE, `${error.method}: ${error.message}`);
    t.is(error.reason, 'SHUTTING_DOWN', `${error.method}: ${error.message}`);
    t.true((error.retryAfterMs ?? 0) > 0);
  }
  await clients.close();
});

test('a reader that never reads does not hold the drain beyond its grace', async (t) => {
  const service = await startMeshService({
    handlers: {
      async *downloadDatasetVersion() {
        for (;;) yield { chunk: Buffer.alloc(65_536) };
      },
    },
    argv: ['--drain.grace=1s'],
  });
  const session = await connectRaw(service.address);
  const stream = openRaw(session, '/tenon.data.v1.DatasetService/DownloadDatasetVersion', { 'grpc-timeout': '60S' });
  stream.end(framed(Buffer.alloc(0)));
  await new Promise((resolve) => stream.once('response', resolve));
  const begin = Date.now();
  await service.stop();
  t.true(Date.now() - begin < 4_000);
});

test('a long call survives the drain under the keepalive of our clients', async (t) => {
  const started = gate();
  const finish = gate();
  const service = await startMeshService({
    handlers: {
      getDataset: async () => {
        started.open();
        await finish.opened;
        return { name: 'answered' };
      },
    },
    argv: ['--drain.grace=20s'],
  });
  const clients = createClients({ targets: { data: service.address } });
  const call = clients.datasets.getDataset({ name: 'x' }, long);
  await started.opened;
  const stopped = service.stop();
  // Well beyond the goodbye: a client that probed now would cut the call.
  await new Promise((resume) => setTimeout(resume, 2_000));
  finish.open();
  t.is((await call).name, 'answered');
  await stopped;
  await clients.close();
});

test('the longest drain is shorter than the time after which our clients probe', async (t) => {
  const { commonOptions } = await import('../../services/mesh/config/common-options.js');
  t.true(commonOptions['drain.grace'].max < 60_000);
});

test('health says NOT_SERVING while calls are still taken, and watches end first', async (t) => {
  const finish = gate();
  const started = gate();
  const service = await startMeshService({
    handlers: {
      getDataset: async () => {
        started.open();
        await finish.opened;
        return {};
      },
    },
    argv: ['--drain.grace=20s'],
  });
  const session = await connectRaw(service.address);
  const watch = openRaw(session, '/grpc.health.v1.Health/Watch', {});
  const watched = answerOf(watch);
  watch.end(framed(Buffer.alloc(0)));
  const clients = createClients({ targets: { data: service.address } });
  const call = clients.datasets.getDataset({ name: 'x' }, long);
  await started.opened;
  const stopped = service.stop();
  const answer = await watched;
  t.is(answer.code, status.UNAVAILABLE);
  t.is(answer.reason, 'SHUTTING_DOWN');
  // HealthCheckResponse{status: SERVING}, then {status: NOT_SERVING}.
  t.deepEqual(answer.body, Buffer.concat([framed(Buffer.from([8, 1])), framed(Buffer.from([8, 2]))]));
  finish.open();
  await call;
  await stopped;
  await clients.close();
});

test('the kit’s signal aborts at the stop, and close comes after the last call', async (t) => {
  const order: string[] = [];
  const started = gate();
  const service = await startMeshService({
    handlers: {
      getDataset: async (_request, { signal }) => {
        started.open();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        order.push('handler');
        throw signal.reason;
      },
    },
    argv: ['--drain.grace=1s'],
    onKit: ({ signal }) => signal.addEventListener('abort', () => order.push('signal')),
  });
  const clients = createClients({ targets: { data: service.address } });
  const call = clients.datasets.getDataset({ name: 'x' }, long);
  await started.opened;
  await Promise.all([service.stop(), t.throwsAsync(call, { instanceOf: RpcError })]);
  t.deepEqual(order, ['signal', 'handler']);
  await t.throwsAsync(callRaw(service.address, '/grpc.health.v1.Health/Check', {}));
  await clients.close();
});

test('health answers for each service and for the whole', async (t) => {
  const service = await startMeshService({ handlers: {} });
  const name = Buffer.from('tenon.data.v1.DatasetService');
  const named = framed(Buffer.concat([Buffer.from([0x0a, name.length]), name]));
  for (const body of [framed(Buffer.alloc(0)), named]) {
    const answer = await eventually(
      () => callRaw(service.address, '/grpc.health.v1.Health/Check', {}, body),
      ({ body: bytes }) => bytes.equals(framed(Buffer.from([8, 1]))),
    );
    t.is(answer.code, 0);
  }
  t.is((await callRaw(service.address, '/grpc.health.v1.Health/List', {})).code, 0);
  await service.stop();
});
