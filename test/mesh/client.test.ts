import { status } from '@grpc/grpc-js';
import test from 'ava';
import { packageDefinition } from '../../proto/contracts.js';
import type { TenonError } from '../../services/mesh/errors.js';
import { TenonError as Failure } from '../../services/mesh/errors.js';
import { type Reason, reasons } from '../../services/mesh/reasons.js';
import { createClients } from '../../services/mesh/rpc/clients.js';
import { retrySafety, serviceConfig } from '../../services/mesh/rpc/retry-safety.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import { decodeStatus, encodeStatus } from '../../services/mesh/rpc/status-details.js';
import { startMeshService } from '../harness/mesh-service.js';

const soon = { deadlineMs: 20_000 };

interface LoadedMethod {
  path: string;
  requestStream: boolean;
  responseStream: boolean;
  requestType: { type: { field: { name: string }[] } };
}

function contractMethods(): [string, string, LoadedMethod][] {
  return Object.entries(packageDefinition).flatMap(([service, definition]) =>
    'format' in definition
      ? []
      : Object.entries(definition).map(([name, method]): [string, string, LoadedMethod] => [
          service,
          name,
          method as unknown as LoadedMethod,
        ]),
  );
}

test('every method of the contracts says whether it may be repeated, and says it rightly', (t) => {
  const listed = Object.entries(retrySafety).flatMap(([service, methods]) =>
    Object.keys(methods).map((method) => `${service}/${method}`),
  );
  t.deepEqual(
    listed.sort(),
    contractMethods()
      .map(([service, name]) => `${service}/${name}`)
      .sort(),
  );
  for (const [service, name, method] of contractMethods()) {
    const safety = retrySafety[service]?.[name];
    if (method.requestStream || method.responseStream) t.is(safety, 'no', name);
    const hasRequestId = method.requestType.type.field.some((field) => field.name === 'requestId');
    if (!method.requestStream) t.is(safety === 'request-id', hasRequestId, name);
    if (safety === 'read') t.regex(name, /^(Get|List|Preview|Split|Predict|Explain)/);
  }
  t.notThrows(() => JSON.parse(serviceConfig()));
});

test('reasons, their codes and the contract’s enum agree', (t) => {
  const definition = packageDefinition['tenon.common.v1.ErrorReason'] as unknown as {
    type: { value: { name: string }[] };
  };
  const named = definition.type.value.map(({ name }) => name.replace('ERROR_REASON_', ''));
  t.deepEqual(named.filter((name) => name !== 'UNSPECIFIED').sort(), Object.keys(reasons).sort());
  for (const [reason, code] of Object.entries(reasons)) {
    t.is(typeof status[code], 'string');
    const error = new Failure({ reason: reason as Reason, message: 'm', facts: { a: 1 }, retryAfterMs: 250 });
    const wire = encodeStatus(error);
    t.is(wire.code, code);
    t.deepEqual(decodeStatus(wire.details), {
      reason: reason as Reason,
      facts: { a: '1' },
      violations: [],
      retryAfterMs: 250,
    });
  }
});

test('details that are broken leave code and message', (t) => {
  const empty = { reason: null, facts: {}, violations: [], retryAfterMs: null };
  t.deepEqual(decodeStatus(undefined), empty);
  t.deepEqual(decodeStatus(Buffer.from('ffffff', 'hex')), empty);
});

test('a call without deadline is refused before it leaves', async (t) => {
  const clients = createClients({ targets: { data: '127.0.0.1:1' } });
  const error = await t.throwsAsync<TenonError>(clients.datasets.getDataset({ name: 'x' }, {}));
  t.is(error?.reason, 'DEADLINE_REQUIRED');
  const iterator = clients.datasets.readDatasetVersion({ name: 'x' }, {})[Symbol.asyncIterator]();
  t.is((await t.throwsAsync<TenonError>(iterator.next()))?.reason, 'DEADLINE_REQUIRED');
  await clients.close();
});

test('a service that is not there is DEPENDENCY_UNAVAILABLE', async (t) => {
  const clients = createClients({ targets: { data: '127.0.0.1:1' } });
  const error = await t.throwsAsync(clients.datasets.getDataset({ name: 'x' }, soon), { instanceOf: RpcError });
  t.is(error?.code, status.UNAVAILABLE);
  t.is(error?.reason, 'DEPENDENCY_UNAVAILABLE');
  t.regex((await t.throwsAsync(clients.registry.getModel({ name: 'x' }, soon)))?.message ?? '', /registry/);
  await clients.close();
});

test('only what may be repeated is tried again', async (t) => {
  const tries: Record<string, number> = {};
  const unavailable = (name: string) => () => {
    tries[name] = (tries[name] ?? 0) + 1;
    throw new Failure({ reason: 'DEPENDENCY_UNAVAILABLE', message: 'not now' });
  };
  const service = await startMeshService({
    handlers: {
      getDataset: unavailable('getDataset'),
      updateDataset: unavailable('updateDataset'),
      deleteDataset: unavailable('deleteDataset'),
      async *readDatasetVersion() {
        unavailable('readDatasetVersion')();
        yield {};
      },
      listDatasets: () => {
        tries.listDatasets = (tries.listDatasets ?? 0) + 1;
        throw new Failure({ reason: 'WRONG_STATE', message: 'never' });
      },
    },
  });
  const { datasets } = service.clients;
  await t.throwsAsync(datasets.getDataset({ name: 'x' }, soon));
  await t.throwsAsync(datasets.updateDataset({}, soon));
  await t.throwsAsync(datasets.deleteDataset({ name: 'x' }, soon));
  await t.throwsAsync(datasets.listDatasets({}, soon));
  await t.throwsAsync(datasets.readDatasetVersion({ name: 'x' }, soon)[Symbol.asyncIterator]().next());
  t.deepEqual(tries, { getDataset: 4, updateDataset: 1, deleteDataset: 1, listDatasets: 1, readDatasetVersion: 1 });
  await service.stop();
});

test('a signal that has aborted already ends the call with its reason', async (t) => {
  const clients = createClients({ targets: { data: '127.0.0.1:1' } });
  const signal = AbortSignal.abort(new Error('stopped before'));
  await t.throwsAsync(clients.datasets.getDataset({ name: 'x' }, { ...soon, signal }), { message: 'stopped before' });
  await clients.close();
});

test('an error of the hop behind keeps its reason through the hop between', async (t) => {
  const behind = await startMeshService({
    handlers: {
      getDataset: ({ name }) => {
        throw new Failure({ reason: 'RESOURCE_NOT_FOUND', message: `${name} does not exist`, facts: { name } });
      },
    },
  });
  const front = await startMeshService({
    handlers: { getDataset: (request, parent) => behind.clients.datasets.getDataset(request, { parent }) },
  });
  const error = await t.throwsAsync(front.clients.datasets.getDataset({ name: 'datasets/a' }, soon), {
    instanceOf: RpcError,
  });
  t.is(error?.reason, 'RESOURCE_NOT_FOUND');
  t.deepEqual(error?.facts, { name: 'datasets/a' });
  await front.stop();
  await behind.stop();
});
