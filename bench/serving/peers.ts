import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { predictionService } from '../../proto/contracts.js';
import type { PredictRequest } from '../../proto/gen/tenon/serving/v1/index.js';
import { packageRoot } from '../../proto/root.js';
import { readFloats } from '../lib/arrays.js';
import { inFolder } from '../lib/folder.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';
import { type ServerProcess, startServer } from './child.js';
import { answerOf, framed, type LoadedCall, rateAndLatency } from './h2load.js';
import { installServers, startMlServer, startTriton } from './peer-servers.js';

const inference = loadSync(join(packageRoot, 'bench', 'serving', 'open-inference.proto'), { defaults: true })[
  'inference.GRPCInferenceService'
] as ServiceDefinition;
const { ModelInfer: infer, ServerMetadata: metadata } = inference as Record<string, ServiceDefinition[string]>;
if (infer === undefined || metadata === undefined) throw new Error('open-inference.proto lacks a method');

/** Sums of a hundred shares in single precision, in another order. */
const tolerance = 1e-5;

const workloads = [1, 100].flatMap((rows) => [
  { rows, connections: 1, callsPerConnection: 1 },
  { rows, connections: 4, callsPerConnection: 4 },
]);
type Workload = (typeof workloads)[number];
type Figures = Awaited<ReturnType<typeof rateAndLatency>>;

/** A server in one setting, and how it is asked. */
interface Contender {
  /** Those of one name are settings of one server, of which the fastest counts for each workload. */
  name: string;
  version: string;
  server: ServerProcess;
  path: string;
  requestOf(rows: number): Buffer;
  sharesOf(answer: Buffer): number[];
  figures: Map<Workload, Figures[]>;
}

/** What forest_onnx.py left. */
interface Rows {
  columns: string[];
  row(index: number): Float32Array;
  shares: Float32Array;
}

async function readRows(folder: string): Promise<Rows> {
  const columns = JSON.parse(await readFile(join(folder, 'columns.json'), 'utf8')) as string[];
  const rows = await readFloats(join(folder, 'rows.f32'));
  return {
    columns,
    row: (index) => rows.subarray(index * columns.length, (index + 1) * columns.length),
    shares: await readFloats(join(folder, 'shares.f32')),
  };
}

const bytesOf = (floats: Float32Array) => Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength);

function ours(name: string, server: ServerProcess, rowsOf: (count: number) => Partial<PredictRequest>): Contender {
  const { path, requestSerialize, responseDeserialize } = predictionService.Predict;
  return {
    name,
    version: '',
    server,
    path,
    requestOf: (count) => requestSerialize(rowsOf(count) as PredictRequest),
    sharesOf: (answer) => (responseDeserialize(answer).predictions ?? []).flatMap((each) => each.probabilities ?? []),
    figures: new Map(),
  };
}

async function peer(name: string, server: ServerProcess, { columns, row }: Rows): Promise<Contender> {
  const call = { address: server.address, path: metadata?.path ?? '', bodyFile: '' };
  const { message } = await answerOf(call, framed(metadata?.requestSerialize({}) ?? Buffer.alloc(0)));
  const { version } = metadata?.responseDeserialize(message) as { version: string };
  return {
    name,
    version,
    server,
    path: infer?.path ?? '',
    requestOf: (count) =>
      infer?.requestSerialize({
        modelName: 'forest',
        inputs: [{ name: 'X', datatype: 'FP32', shape: [count, columns.length] }],
        rawInputContents: [Buffer.concat(Array.from({ length: count }, (_, index) => bytesOf(row(index))))],
      }) ?? Buffer.alloc(0),
    sharesOf(answer) {
      const { rawOutputContents } = infer?.responseDeserialize(answer) as { rawOutputContents: Buffer[] };
      return [...new Float32Array(new Uint8Array(rawOutputContents[0] ?? []).buffer)];
    },
    figures: new Map(),
  };
}

/** Refuses a server that does not answer what ONNX Runtime does. */
async function expectShares(
  { name, path, server, requestOf, sharesOf }: Contender,
  wanted: Float32Array,
  rows: number,
) {
  const call = { address: server.address, path, bodyFile: '' };
  const { status, message } = await answerOf(call, framed(requestOf(rows)));
  if (status !== '0') throw new Error(`${name} answered grpc-status ${status}`);
  const seen = sharesOf(message);
  const expected = wanted.subarray(0, 2 * rows);
  const worst = expected.reduce((most, share, at) => Math.max(most, Math.abs(share - (seen[at] ?? 2))), 0);
  if (!(worst <= tolerance) || seen.length !== expected.length) {
    throw new Error(`${name}: ${seen.length} shares differ by ${worst} from those of ONNX Runtime`);
  }
}

async function measureAll(folder: string, contenders: readonly Contender[], wanted: Float32Array, smoke: boolean) {
  for (let round = -1; round < (smoke ? 0 : 5); round++) {
    for (const workload of workloads) {
      for (const [index, contender] of contenders.entries()) {
        const { path, server, requestOf, figures } = contender;
        const bodyFile = join(folder, `request-${index}-${workload.rows}`);
        if (round < 0) await writeFile(bodyFile, framed(requestOf(workload.rows)));
        const call: LoadedCall = { address: server.address, path, bodyFile };
        const calls = smoke ? 50 : workload.rows === 1 ? 2000 : 500;
        const seen = await rateAndLatency(call, { ...workload, calls });
        await expectShares(contender, wanted, workload.rows);
        // The first round warms up.
        if (round >= 0 || smoke) figures.set(workload, [...(figures.get(workload) ?? []), seen]);
      }
    }
  }
}

function rowsFor(workload: Workload, one: Contender, others: readonly Contender[], latencies: boolean): BenchRow[] {
  const figuresOf = ({ figures }: Contender, of: keyof Figures) =>
    (figures.get(workload) ?? []).map((each) => each[of]);
  const { rows, connections, callsPerConnection } = workload;
  const calls = `calls of ${rows} row${rows === 1 ? '' : 's'} ${one.name}, ${connections * callsPerConnection} in flight`;
  const measured = [
    { of: 'rate', what: calls, unit: 'calls/s', better: 'larger' },
    { of: 'middle', what: `${calls}: median latency`, unit: 'us', better: 'smaller' },
    { of: 'slow', what: `${calls}: 99th percentile`, unit: 'us', better: 'smaller' },
  ] as const;
  return measured.slice(0, latencies ? 3 : 1).map(({ of, what, unit, better }) => {
    // A server that is set up for many calls at once may be slower at one: of each figure the best counts.
    const sign = better === 'larger' ? -1 : 1;
    const best = others.reduce((a, b) => (sign * (median(figuresOf(b, of)) - median(figuresOf(a, of))) < 0 ? b : a));
    return rowOf({
      work: `a forest of 100 trees, ${what}`,
      peer: best.name,
      peerVersion: best.version,
      threads: 2,
      ours: figuresOf(one, of),
      theirs: figuresOf(best, of),
      unit,
      better,
      goal: 1,
    });
  });
}

async function compare(folder: string, smoke: boolean): Promise<BenchRow[]> {
  await installServers();
  await runPeer('forest_onnx.py', [folder, 100], { group: 'onnx-export' });
  const rows = await readRows(folder);
  const each = <Row>(count: number, make: (row: Float32Array) => Row) =>
    Array.from({ length: count }, (_, index) => make(rows.row(index)));
  const servers: ServerProcess[] = [];
  const keep = (server: ServerProcess) => {
    servers.push(server);
    return server;
  };
  try {
    const server = keep(await startServer('./forest-server.js', [folder]));
    const shape = [rows.columns.length];
    const array = ours('as arrays', server, (count) => ({
      deployment: 'deployments/forest-array',
      rows: each(count, (row) => ({
        values: { x: { tensorValue: { dtype: 'DATA_TYPE_FP32', shape, data: bytesOf(row) } } },
      })),
    }));
    const named = ours('in named columns', server, (count) => ({
      deployment: 'deployments/forest',
      rows: each(count, (row) => ({
        values: Object.fromEntries(rows.columns.map((name, index) => [name, { doubleValue: row[index] ?? 0 }])),
      })),
    }));
    const mlServer = await peer('MLServer', keep(await startMlServer(folder)), rows);
    const tritons: Contender[] = [];
    for (const setting of [
      { instances: 1, batching: false },
      { instances: 2, batching: false },
      { instances: 1, batching: true },
    ]) {
      tritons.push(await peer('Triton (CPU)', keep(await startTriton(folder, setting)), rows));
    }
    await measureAll(folder, [array, named, mlServer, ...tritons], rows.shares, smoke);
    return [[mlServer], tritons].flatMap((others) =>
      workloads.flatMap((workload) => [
        ...rowsFor(workload, array, others, true),
        ...rowsFor(workload, named, others, false),
      ]),
    );
  } finally {
    for (const server of servers.reverse()) await server.stop();
  }
}

/** The same forest served by Tenon, MLServer and Triton, under the same load. */
export const servingPeersBenchmark: Benchmark = {
  name: 'serving-peers',
  needs: 'onnx-export',
  run: ({ smoke }) => inFolder((folder) => compare(folder, smoke)),
};
