import { randomBytes } from 'node:crypto';
import type { MethodDefinition } from '@grpc/proto-loader';
import test, { type ExecutionContext } from 'ava';
import { predictionService, trainingService } from '../../proto/contracts.js';
import type { PredictRequest } from '../../proto/gen/tenon/serving/v1/index.js';
import type { CreateJobRequest, Job__Output, JobSpec } from '../../proto/gen/tenon/training/v1/index.js';
import { formatTraceparent, newSpanId, newTraceId } from '../../services/mesh/telemetry/trace-context.js';
import { eventually } from '../harness/eventually.js';
import { type OtlpReceiver, startOtlpReceiver } from '../harness/otlp-receiver.js';
import { type ReceivedSpan, spansIn } from '../harness/otlp-spans.js';
import { callRaw, framed } from '../harness/raw-grpc.js';
import { type RunningMesh, startMeshWithPenguins } from '../harness/running-mesh.js';

const soon = { deadlineMs: 60_000 };
let collector: OtlpReceiver;
let mesh: RunningMesh;

test.before(async () => {
  collector = await startOtlpReceiver();
  mesh = await startMeshWithPenguins([
    '--telemetry.traces=otlp',
    `--telemetry.otlp-endpoint=${collector.endpoint}`,
    '--telemetry.export-interval=10ms',
    // Only what a test's own traceparent asks for is recorded.
    '--telemetry.sample-ratio=0',
    '--log.level=error',
  ]);
});

test.after.always(async () => {
  await mesh?.stop();
  collector?.close();
});

/** The place of a client in a trace of its own, with the header it sends. */
interface Client {
  traceId: string;
  spanId: string;
  traceparent: string;
}

function clientInTrace(): Client {
  const traceId = newTraceId();
  const spanId = newSpanId();
  return { traceId, spanId, traceparent: formatTraceparent({ traceId, spanId, sampled: true }) };
}

/** One unary call as a client in any language makes it, with exactly this header. */
async function callIn<Request, Answer>(
  t: ExecutionContext,
  address: string,
  method: Pick<MethodDefinition<Request, Answer, Request, Answer>, 'path' | 'requestSerialize' | 'responseDeserialize'>,
  request: Request,
  traceparent: string,
): Promise<Answer> {
  const headers = { 'grpc-timeout': '20S', traceparent };
  const { code, message, body } = await callRaw(
    address,
    method.path,
    headers,
    framed(method.requestSerialize(request)),
  );
  t.is(code, 0, message);
  return method.responseDeserialize(body.subarray(5));
}

function spansOf(traceId: string): ReceivedSpan[] {
  return spansIn(collector.batches).filter((span) => span.traceId === traceId);
}

/** What a trace lacks yet: calls answered, ends, parents, and the answered call below each call made. */
function missing(client: Client, methods: readonly string[]): string[] {
  const spans = spansOf(client.traceId);
  const ids = new Set([client.spanId, ...spans.map(({ spanId }) => spanId)]);
  const problems = methods
    .filter((method) => !spans.some(({ kind, name }) => kind === 'SPAN_KIND_SERVER' && name.endsWith(`/${method}`)))
    .map((method) => `${method} was not answered`);
  if (ids.size !== spans.length + 1) problems.push('span ids are not unique');
  for (const { service, name, kind, spanId, parentSpanId, start, end, attributes } of spans) {
    if (start <= 0n || end < start) problems.push(`${name} of ${service} did not end`);
    if (!ids.has(parentSpanId)) problems.push(`${name} of ${service} is below ${parentSpanId}, which is not there`);
    if (kind === 'SPAN_KIND_SERVER') continue;
    const called = `tenon-${attributes['server.address']}`;
    const below = spans.filter((span) => span.parentSpanId === spanId);
    const right = below.every(
      (span) => span.kind === 'SPAN_KIND_SERVER' && span.service === called && span.name === name,
    );
    if (below.length !== 1 || !right)
      problems.push(`${name} of ${service} has ${below.length} spans of ${called} below it`);
  }
  return problems;
}

/** The client's trace once nothing of it is missing at the collector and these methods were answered in it. */
async function wholeTrace(client: Client, ...methods: string[]): Promise<ReceivedSpan[]> {
  await eventually(
    () => missing(client, methods),
    (problems) => problems.length === 0,
  );
  return spansOf(client.traceId);
}

/** The one span of a method on one side of the call. */
function only(t: ExecutionContext, spans: ReceivedSpan[], kind: 'SERVER' | 'CLIENT', method: string): ReceivedSpan {
  const found = spans.filter((span) => span.kind === `SPAN_KIND_${kind}` && span.name.endsWith(`/${method}`));
  t.is(found.length, 1, `${kind} ${method}`);
  return found[0] as ReceivedSpan;
}

function jobSpec(model: string, folds: number): JobSpec {
  return {
    datasetVersion: 'datasets/penguins/versions/1',
    target: 'species',
    estimator: { estimator: 'estimators/random-forest' },
    validation: { kFold: { folds } },
    seed: 7,
    model,
    alias: 'production',
  };
}

function createJob(t: ExecutionContext, spec: JobSpec, traceparent: string): Promise<Job__Output> {
  const request: CreateJobRequest = { job: { spec } };
  return callIn<CreateJobRequest, Job__Output>(
    t,
    mesh.supervised.addresses.training,
    trainingService.CreateJob,
    request,
    traceparent,
  );
}

/** Waits for the job's end, without a part in its trace; the service may go away meanwhile. Returns the attempts. */
async function attemptsUntilSuccess(t: ExecutionContext, name: string): Promise<number | undefined> {
  const job = await eventually(
    () => mesh.clients.training.getJob({ name }, soon).catch(() => null),
    (seen) => seen?.state === 'STATE_SUCCEEDED' || seen?.state === 'STATE_FAILED',
    60_000,
  );
  t.is(job?.state, 'STATE_SUCCEEDED', job?.error?.message);
  return job?.attempt;
}

const predictRequest: PredictRequest = {
  deployment: 'deployments/penguins',
  records: [
    {
      fields: {
        island: { stringValue: 'Biscoe' },
        bill_length_mm: { numberValue: 46.1 },
        bill_depth_mm: { numberValue: 13.2 },
        flipper_length_mm: { numberValue: 211 },
        body_mass_g: { numberValue: 4500 },
        sex: { nullValue: 'NULL_VALUE' },
      },
    },
  ],
};

test.serial('a prediction is a span of the caller’s trace, below the caller’s span', async (t) => {
  const client = clientInTrace();
  await callIn(t, mesh.supervised.addresses.serving, predictionService.Predict, predictRequest, client.traceparent);
  const [span, ...more] = await wholeTrace(client, 'Predict');
  t.deepEqual(more, []);
  t.like(span, {
    service: 'tenon-serving',
    pid: mesh.supervised.pids().serving,
    kind: 'SPAN_KIND_SERVER',
    name: 'tenon.serving.v1.PredictionService/Predict',
    parentSpanId: client.spanId,
    attributes: { 'rpc.system': 'grpc', 'rpc.method': 'Predict', 'rpc.grpc.status_code': '0' },
  });
});

test.serial('a job is one trace: client, training, its worker, data and registry', async (t) => {
  const client = clientInTrace();
  const created = await createJob(t, jobSpec('models/traced', 3), client.traceparent);
  t.is(await attemptsUntilSuccess(t, created.name), 1);
  const spans = await wholeTrace(client, 'CreateJob', 'ReadDatasetVersion', 'UploadArtifact', 'SetAlias');

  const root = only(t, spans, 'SERVER', 'CreateJob');
  t.is(root.service, 'tenon-training');
  t.is(root.parentSpanId, client.spanId);
  const services = new Set(spans.map(({ service }) => service));
  t.deepEqual([...services].sort(), ['tenon-data', 'tenon-registry', 'tenon-training']);

  const { training: servicePid } = mesh.supervised.pids();
  const reads = only(t, spans, 'CLIENT', 'ReadDatasetVersion');
  t.is(reads.parentSpanId, root.spanId);
  t.not(reads.pid, servicePid, 'the worker, a process of its own, reads the table');
  t.is(only(t, spans, 'SERVER', 'ReadDatasetVersion').parentSpanId, reads.spanId);

  const uploads = spans.filter(({ kind, name }) => kind === 'SPAN_KIND_CLIENT' && name.endsWith('/UploadArtifact'));
  const version = await mesh.clients.registry.getModelVersion({ name: 'models/traced/versions/1' }, soon);
  t.is(uploads.length, version.files.length);
  for (const upload of uploads) t.like(upload, { pid: reads.pid, parentSpanId: root.spanId });
  for (const method of ['CreateModel', 'CreateModelVersion', 'SetAlias']) {
    const call = only(t, spans, 'CLIENT', method);
    t.like(call, { service: 'tenon-training', pid: servicePid, parentSpanId: root.spanId });
    t.is(only(t, spans, 'SERVER', method).service, 'tenon-registry');
  }
});

test.serial('a job that is run again after a kill -9 of its service goes on in the same trace', async (t) => {
  const client = clientInTrace();
  const created = await createJob(t, jobSpec('models/retried', 100), client.traceparent);
  for await (const { event } of mesh.clients.training.watchJob({ name: created.name }, soon)) {
    if (event === 'foldFinished') break;
  }
  await wholeTrace(client, 'CreateJob', 'ReadDatasetVersion');
  process.kill(Number(mesh.supervised.pids().training), 'SIGKILL');
  t.is(await attemptsUntilSuccess(t, created.name), 2);
  const spans = await wholeTrace(client, 'CreateJob', 'ReadDatasetVersion', 'UploadArtifact', 'SetAlias');
  const root = only(t, spans, 'SERVER', 'CreateJob');
  const reads = spans.filter(({ kind, name }) => kind === 'SPAN_KIND_CLIENT' && name.endsWith('/ReadDatasetVersion'));
  t.is(new Set(reads.map(({ pid }) => pid)).size, 2, 'two workers read the table');
  t.true(reads.every(({ parentSpanId }) => parentSpanId === root.spanId));
});

test.serial('with the collector gone, predictions and jobs are answered all the same', async (t) => {
  const port = collector.port;
  collector.close();
  const client = clientInTrace();
  for (let call = 0; call < 50; call++) {
    await callIn(t, mesh.supervised.addresses.serving, predictionService.Predict, predictRequest, client.traceparent);
  }
  const created = await createJob(t, jobSpec(`models/m-${randomBytes(4).toString('hex')}`, 2), client.traceparent);
  t.is(await attemptsUntilSuccess(t, created.name), 1);
  collector = await startOtlpReceiver({ port });
});
