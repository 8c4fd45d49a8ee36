import test from 'ava';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import { parseTimeout } from '../../services/mesh/rpc/timeout.js';
import { gate } from '../harness/gate.js';
import { startMeshService } from '../harness/mesh-service.js';
import { answerOf, callRaw, connectRaw, cutRaw, framed, openRaw } from '../harness/raw-grpc.js';

const path = '/tenon.data.v1.DatasetService/GetDataset';
const hourMs = 3_600_000;

test('timeouts are read in every unit and capped', (t) => {
  const cases: [string, number][] = [
    ['0S', 0],
    ['1n', 1],
    ['1000000n', 1],
    ['1500u', 2],
    ['250m', 250],
    ['3S', 3_000],
    ['2M', 120_000],
    ['1H', hourMs],
    ['720H', hourMs],
    ['4294968S', hourMs],
    ['99999999H', hourMs],
  ];
  for (const [header, expected] of cases) t.is(parseTimeout(header, hourMs), expected, header);
});

for (const header of [undefined, '', '10', 'S', '10s', '-1S', '1.5S', '100000000S', '1S ', 'garbage', 'ünicode']) {
  test(`grpc-timeout ${JSON.stringify(header)} is DEADLINE_REQUIRED`, (t) => {
    t.throws(() => parseTimeout(header, hourMs), { message: /deadline|grpc-timeout/, name: 'TenonError' });
  });
}

test('a call with none or a garbled deadline is refused before its handler runs', async (t) => {
  let handled = 0;
  const service = await startMeshService({
    handlers: {
      getDataset: () => {
        handled++;
        return {};
      },
    },
  });
  for (const headers of [{}, { 'grpc-timeout': 'soon' }]) {
    const answer = await callRaw(service.address, path, headers as Record<string, string>);
    t.is(answer.code, 3);
    t.is(answer.reason, 'DEADLINE_REQUIRED');
  }
  t.is(handled, 0);
  await service.stop();
});

test('720H and 4294968S mean the longest deadline granted, not one that has passed', async (t) => {
  let left = 0;
  const service = await startMeshService({
    handlers: {
      getDataset: (_request, context) => {
        left = context.deadline - Date.now();
        return {};
      },
    },
    argv: ['--rpc.max-deadline=10m'],
  });
  for (const timeout of ['720H', '4294968S', '99999999H', '2147484S']) {
    t.is((await callRaw(service.address, path, { 'grpc-timeout': timeout })).code, 0, timeout);
    t.true(left > 500_000 && left <= 600_000, `${timeout}: ${left}`);
  }
  await service.stop();
});

test('the deadline ends the call with its reason, and aborts the handler', async (t) => {
  const aborted = gate();
  const service = await startMeshService({
    handlers: {
      getDataset: async (_request, { signal }) => {
        signal.addEventListener('abort', () => aborted.open());
        await aborted.opened;
        return {};
      },
    },
  });
  const answer = await callRaw(service.address, path, { 'grpc-timeout': '100m' });
  t.is(answer.code, 4);
  t.is(answer.reason, 'DEADLINE_EXCEEDED');
  t.is(answer.facts.timeout_ms, '100');
  await aborted.opened;
  await service.stop();
});

test('the deadline ends a call whose message never comes', async (t) => {
  const service = await startMeshService({ handlers: {} });
  const session = await connectRaw(service.address);
  const stream = openRaw(session, path, { 'grpc-timeout': '100m' });
  const answer = answerOf(stream);
  stream.write(framed(Buffer.alloc(100)).subarray(0, 50));
  t.is((await answer).reason, 'DEADLINE_EXCEEDED');
  cutRaw(session);
  await service.stop();
});

test('a deadline reaches the third hop minus what has passed', async (t) => {
  const seen: number[] = [];
  const traces: string[] = [];
  const third = await startMeshService({
    handlers: {
      getDataset: (_request, context) => {
        seen.push(context.deadline);
        traces.push(context.traceId);
        return { name: 'third' };
      },
    },
  });
  const second = await startMeshService({
    handlers: {
      getDataset: async (request, parent) => {
        seen.push(parent.deadline);
        traces.push(parent.traceId);
        await new Promise((resume) => setTimeout(resume, 50));
        return third.clients.datasets.getDataset(request, { parent });
      },
    },
  });
  const first = await startMeshService({
    handlers: {
      getDataset: async (request, parent) => {
        seen.push(parent.deadline);
        traces.push(parent.traceId);
        await new Promise((resume) => setTimeout(resume, 50));
        // A longer wish does not outlast the parent.
        return second.clients.datasets.getDataset(request, { parent, deadlineMs: hourMs });
      },
    },
  });
  const end = Date.now() + 20_000;
  t.is((await first.clients.datasets.getDataset({ name: 'x' }, { deadlineMs: 20_000 })).name, 'third');
  t.is(seen.length, 3);
  // Each hop rounds its remaining time up to a millisecond and starts to count when the call arrives.
  for (const deadline of seen) t.true(Math.abs(deadline - end) < 1_000, `${deadline - end}`);
  t.is(new Set(traces).size, 1);
  for (const service of [first, second, third]) await service.stop();
});

test('a caller that cancels also cancels the hop behind', async (t) => {
  const reached = gate();
  const cancelled = gate();
  const behind = await startMeshService({
    handlers: {
      getDataset: async (_request, { signal }) => {
        signal.addEventListener('abort', () => cancelled.open());
        reached.open();
        await cancelled.opened;
        return {};
      },
    },
  });
  const front = await startMeshService({
    handlers: { getDataset: (request, parent) => behind.clients.datasets.getDataset(request, { parent }) },
  });
  const cancel = new AbortController();
  const call = front.clients.datasets.getDataset({ name: 'x' }, { deadlineMs: 20_000, signal: cancel.signal });
  await reached.opened;
  cancel.abort();
  await t.throwsAsync(call, { instanceOf: RpcError });
  await cancelled.opened;
  await front.stop();
  await behind.stop();
});

test('an answer that was given in time leaves whole, though the event loop turns slowly', async (t) => {
  let held = 0;
  const hold = () => {
    for (const until = Date.now() + 100; Date.now() < until; );
    if (++held < 60) setImmediate(hold);
  };
  const service = await startMeshService({
    handlers: {
      async *readDatasetVersion() {
        setImmediate(hold);
        for (let index = 0; index < 40; index++) yield {};
      },
    },
  });
  const session = await connectRaw(service.address);
  const stream = openRaw(session, '/tenon.data.v1.DatasetService/ReadDatasetVersion', { 'grpc-timeout': '20m' });
  const answered = answerOf(stream);
  stream.end(framed(Buffer.alloc(0)));
  const { code, rstCode, body } = await answered;
  t.deepEqual({ code, rstCode, messages: body.length / 5 }, { code: 0, rstCode: 0, messages: 40 });
  cutRaw(session);
  await service.stop();
});
