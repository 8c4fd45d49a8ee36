import test, { type ExecutionContext } from 'ava';

import { freePorts } from '../../cli/supervisor/free-ports.js';
import { loadConfig } from '../../services/mesh/config/load-config.js';
import { createLog } from '../../services/mesh/log.js';
import { telemetryOptions } from '../../services/mesh/telemetry/options.js';
import { createTelemetry } from '../../services/mesh/telemetry/telemetry.js';
import { formatTraceparent, parseTraceparent } from '../../services/mesh/telemetry/trace-context.js';
import type { Telemetry } from '../../services/mesh/telemetry/types.js';
import { startOtlpReceiver } from '../harness/otlp-receiver.js';
import { poll } from './poll.js';

const method = '/tenon.data.v1.DatasetService/GetDataset';
const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const sampledParent = `00-${traceId}-${spanId}-01`;

async function start(t: ExecutionContext, ...argv: string[]): Promise<Telemetry> {
  const log = createLog('test', { 'log.level': 'silent', 'log.format': 'json' });
  const telemetry = await createTelemetry({ service: 'data', config: loadConfig(telemetryOptions, { argv }), log });
  t.teardown(() => telemetry.shutdown());
  return telemetry;
}

function traced(endpoint: string, ...more: string[]): string[] {
  return [
    '--telemetry.traces=otlp',
    `--telemetry.otlp-endpoint=${endpoint}`,
    '--telemetry.export-interval=10ms',
    '--telemetry.metrics=prometheus',
    ...more,
  ];
}

async function spansOf(telemetry: Telemetry, fate: string): Promise<number> {
  const line = new RegExp(`^tenon_telemetry_spans_total\\{fate="${fate}"\\} (\\d+)$`, 'm');
  return Number(line.exec(await telemetry.renderMetrics())?.[1]);
}

test('a traceparent is read as W3C Trace Context says, and one that must be ignored is', (t) => {
  t.deepEqual(parseTraceparent(sampledParent), { traceId, spanId, sampled: true });
  t.deepEqual(parseTraceparent(`00-${traceId}-${spanId}-00`), { traceId, spanId, sampled: false });
  t.deepEqual(parseTraceparent(`cc-${traceId}-${spanId}-01-what-the-future-brings`), {
    traceId,
    spanId,
    sampled: true,
  });
  t.is(formatTraceparent({ traceId, spanId, sampled: true }), sampledParent);
  const ignored = [
    undefined,
    '',
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-1`,
    `00-${traceId}-${spanId}`,
    `cc-${traceId}-${spanId}-01-${'x'.repeat(100_000)}`,
    '\u0000'.repeat(55),
  ];
  for (const header of ignored) t.is(parseTraceparent(header), null);
});

test('with everything off, trace ids still travel and a call keeps the one it looked at', async (t) => {
  const telemetry = await start(t);
  const span = telemetry.serverCall(method, sampledParent);
  t.is(span.trace.traceId, traceId);
  t.not(span.trace.spanId, spanId);
  t.is(span.trace, span.trace);
  const client = telemetry.clientCall(method, 'registry', span.trace);
  t.like(parseTraceparent(client.traceparent), { traceId, sampled: true });
  client.end(0);
  span.end(0, 0.1);
  const fresh = new Set(Array.from({ length: 1_000 }, () => telemetry.serverCall(method, 'nonsense').trace.traceId));
  t.is(fresh.size, 1_000);
  t.is(await telemetry.renderMetrics(), '');
});

test('metrics count calls and errors by method and sort durations into buckets', async (t) => {
  const telemetry = await start(t, '--telemetry.metrics=prometheus');
  telemetry.serverCall(method, undefined).end(0, 0.00005);
  telemetry.serverCall(method, undefined).end(0, 0.003);
  telemetry.serverCall(method, undefined).end(5, 60);
  telemetry.clientCall(method, 'registry').end(14);
  const lines = (await telemetry.renderMetrics()).split('\n');
  const labels = `method="${method}"`;
  t.true(lines.includes(`tenon_rpc_server_requests_total{${labels}} 3`));
  t.true(lines.includes(`tenon_rpc_server_errors_total{${labels},code="5"} 1`));
  t.true(lines.includes(`tenon_rpc_server_duration_seconds_bucket{${labels},le="0.0001"} 1`));
  t.true(lines.includes(`tenon_rpc_server_duration_seconds_bucket{${labels},le="0.0025"} 1`));
  t.true(lines.includes(`tenon_rpc_server_duration_seconds_bucket{${labels},le="0.005"} 2`));
  t.true(lines.includes(`tenon_rpc_server_duration_seconds_bucket{${labels},le="10"} 2`));
  t.true(lines.includes(`tenon_rpc_server_duration_seconds_bucket{${labels},le="+Inf"} 3`));
  t.true(lines.includes(`tenon_rpc_server_duration_seconds_count{${labels}} 3`));
  t.true(lines.includes(`tenon_rpc_client_requests_total{${labels},target="registry"} 1`));
  t.true(lines.includes(`tenon_rpc_client_errors_total{${labels},target="registry",code="14"} 1`));
});

test('callers cannot make the metrics grow without bound', async (t) => {
  const telemetry = await start(t, '--telemetry.metrics=prometheus');
  for (let index = 0; index < 5_000; index++) telemetry.serverCall(`/strange/${index}`, undefined).end(12, 0.001);
  const lines = (await telemetry.renderMetrics()).split('\n');
  const counted = lines.filter((line) => line.startsWith('tenon_rpc_server_requests_total'));
  t.true(counted.length <= 513, `${counted.length} series`);
  t.is(
    counted.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0),
    5_000,
  );
});

test('sampled calls reach the collector with their place in the trace, others do not', async (t) => {
  const collector = await startOtlpReceiver();
  t.teardown(() => collector.close());
  const telemetry = await start(t, ...traced(collector.endpoint, '--telemetry.sample-ratio=0'));
  const unsampled = telemetry.serverCall('/not/sampled', undefined);
  t.false(unsampled.trace.sampled);
  unsampled.end(0, 0.001);
  const server = telemetry.serverCall(method, sampledParent);
  const client = telemetry.clientCall('/tenon.registry.v1.RegistryService/GetModel', 'registry', server.trace);
  const sent = parseTraceparent(client.traceparent);
  t.like(sent, { traceId, sampled: true });
  client.end(14);
  server.end(0, 0.001);
  await telemetry.shutdown();
  const all = Buffer.concat(collector.batches);
  t.true(all.includes('tenon-data'));
  t.true(all.includes(method.slice(1)));
  t.true(all.includes('tenon.registry.v1.RegistryService/GetModel'));
  t.false(all.includes('not/sampled'));
  for (const id of [traceId, spanId, server.trace.spanId, sent?.spanId ?? ''])
    t.true(all.includes(Buffer.from(id, 'hex')));
  t.is(await spansOf(telemetry, 'exported'), 2);
});

test('services with the same ratio record the same traces, whoever begins them', async (t) => {
  const collector = await startOtlpReceiver();
  t.teardown(() => collector.close());
  const first = await start(t, ...traced(collector.endpoint, '--telemetry.sample-ratio=0.5'));
  const second = await start(t, ...traced(collector.endpoint, '--telemetry.sample-ratio=0.5'));
  const unrecording = await start(t);
  let recorded = 0;
  for (let index = 0; index < 200; index++) {
    const { traceparent } = unrecording.clientCall(method, 'data');
    const at = [first, second].map((telemetry) => telemetry.serverCall(method, traceparent).trace);
    t.is(at[0]?.sampled, at[1]?.sampled);
    t.is(at[0]?.traceId, at[1]?.traceId);
    if (at[0]?.sampled) recorded++;
    const begun = first.serverCall(method, undefined).trace;
    const next = second.serverCall(method, formatTraceparent(begun)).trace;
    t.is(next.sampled, begun.sampled);
    t.is(next.traceId, begun.traceId);
  }
  t.true(recorded > 40 && recorded < 160, `${recorded} of 200`);
});

test('a collector that hangs costs only spans: the queue is bounded, drops are counted, a stop is soon', async (t) => {
  const collector = await startOtlpReceiver({ hangs: true });
  t.teardown(() => collector.close());
  const flags = traced(collector.endpoint, '--telemetry.queue-size=300', '--telemetry.export-timeout=60s');
  const telemetry = await start(t, ...flags);
  for (let index = 0; index < 2_000; index++) telemetry.serverCall(method, sampledParent).end(0, 0.001);
  await poll('the first batch', 10_000, () => collector.batches.length > 0);
  for (let index = 0; index < 2_000; index++) telemetry.serverCall(method, sampledParent).end(0, 0.001);
  t.is(collector.batches.length, 1);
  // 128 are under way and 300 wait.
  t.is(await spansOf(telemetry, 'dropped'), 4_000 - 428);
  const stopped = telemetry.shutdown().then(() => true);
  t.true(await poll('the end', 10_000, () => stopped));
});

test('a collector that is down loses its batches after the timeout and gets the later ones when it is back', async (t) => {
  const [port = 0] = await freePorts(1);
  const endpoint = `http://127.0.0.1:${port}`;
  const telemetry = await start(t, ...traced(endpoint, '--telemetry.export-timeout=200ms'));
  telemetry.serverCall(method, sampledParent).end(0, 0.001);
  await poll('the failure', 10_000, async () => (await spansOf(telemetry, 'failed')) === 1);
  const collector = await startOtlpReceiver({ port });
  t.teardown(() => collector.close());
  await poll('a span at the collector', 30_000, async () => {
    telemetry.serverCall(method, sampledParent).end(0, 0.001);
    return (await spansOf(telemetry, 'exported')) > 0;
  });
  t.true(collector.batches.length > 0);
});

test('an endpoint that is no http address is refused by name', async (t) => {
  const error = await t.throwsAsync(start(t, '--telemetry.traces=otlp', '--telemetry.otlp-endpoint=localhost:4317'));
  t.regex(error.message, /telemetry\.otlp-endpoint "localhost:4317" must be http\(s\):\/\/host:port/);
});
