import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MethodDefinition } from '@grpc/proto-loader';
import { loadSync } from '@grpc/proto-loader';
import { predictionService } from '../../proto/contracts.js';
import type { Row } from '../../proto/gen/tenon/common/v1/index.js';
import { packageRoot } from '../../proto/root.js';
import { readFloats, worstDifference } from '../lib/arrays.js';
import { inFolder } from '../lib/folder.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';
import { type ServerProcess, startServer } from './child.js';
import { answerOf, framed, type LoadedCall, rateAndLatency } from './h2load.js';
import { installServers, startMlServer, startTriton, type TritonSetting } from './peer-servers.js';

const inference = loadSync(join(packageRoot, 'bench', 'serving', 'open-inference.proto'), { defaults: true });
const { ModelInfer: infer, ServerMetadata: metadata } = inference['inference.GRPCInferenceService'] as {
  ModelInfer: MethodDefinition<object, { rawOutputContents: Buffer[] }>;
  ServerMetadata: MethodDefinition<object, { version: string }>;
};

/** Sums of a hundred shares in single precision, in another order. */
const tolerance = 1e-5;

const workloads = [1, 100].flatMap((rows) => [
  { rows, connections: 1, callsPerConnection: 1 },
  { rows, connections: 4, callsPerConnection: 4 },
]);
type Workload = (typeof workloads)[number];
type Figures = Awaited<ReturnType<typeof rateAndLatency>>;

/** How a server is asked. */
interface Dialect {
  name: string;
  path: string;
  requestOf(rows: number): Buffer;
  sharesOf(answer: Buffer): number[];
}

/** A server in one setting. */
interface Contender {
  start(): Promise<ServerProcess>;
  /** What the server says of itself; empty for ours. */
  version: string;
  dialects: readonly Dialect[];
}

/** What was measured of a server in one setting and dialect. */
interface Measured {
  name: string;
  version: string;
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

/** Predict, with rows of one column that is an array and with rows of named columns. */
function ourDialects({ columns, row }: Rows): Dialect[] {
  const { path, requestSerialize, responseDeserialize } = predictionService.Predict;
  const dialect = (name: string, deployment: string, valuesOf: (row: Float32Array) => Row['values']): Dialect => ({
    name,
    path,
    requestOf: (count) => {
      const rows = Array.from({ length: count }, (_, index) => ({ values: valuesOf(row(index)) }));
      return requestSerialize({ deployment: `deployments/${deployment}`, rows });
    },
    sharesOf: (answer) => responseDeserialize(answer).predictions.flatMap(({ probabilities }) => probabilities),
  });
  const shape = [columns.length];
  return [
    dialect('as arrays', 'forest-array', (values) => ({
      x: { tensorValue: { dtype: 'DATA_TYPE_FP32', shape, data: bytesOf(values) } },
    })),
    dialect('in named columns', 'forest', (values) =>
      Object.fromEntries(columns.map((name, index) => [name, { doubleValue: values[index] ?? Number.NaN }])),
    ),
  ];
}

/** ModelInfer, with all rows in one array. */
function peerDialect(name: string, { columns, row }: Rows): Dialect {
  return {
    name,
    path: infer.path,
    requestOf: (count) =>
      infer.requestSerialize({
        modelName: 'forest',
        inputs: [{ name: 'X', datatype: 'FP32', shape: [count, columns.length] }],
        rawInputContents: [Buffer.concat(Array.from({ length: count }, (_, index) => bytesOf(row(index))))],
      }),
    sharesOf(answer) {
      const [bytes] = infer.responseDeserialize(answer).rawOutputContents;
      return [...new Float32Array(new Uint8Array(bytes ?? []).buffer)];
    },
  };
}

async function versionOf({ address }: ServerProcess): Promise<string> {
  const call = { address, path: metadata.path, bodyFile: '' };
  const { message } = await answerOf(call, framed(metadata.requestSerialize({})));
  return metadata.responseDeserialize(message).version;
}

/** Refuses an answer that is not what ONNX Runtime gives. */
async function expectShares({ name, requestOf, sharesOf }: Dialect, call: LoadedCall, wanted: Float32Array) {
  const { status, message } = await answerOf(call, framed(requestOf(wanted.length / 2)));
  if (status !== '0') throw new Error(`${name}: grpc-status ${status}`);
  const seen = sharesOf(message);
  const worst = worstDifference(wanted, seen);
  if (!(worst <= tolerance)) {
    throw new Error(`${name}: ${seen.length} shares differ by ${worst} from those of ONNX Runtime`);
  }
}

/** One server at a time, so that none waits for what others do meanwhile. */
async function measureTurn(folder: string, contender: Contender, shares: Float32Array, smoke: boolean) {
  const server = await contender.start();
  try {
    if (contender.dialects[0]?.path === infer.path) contender.version ||= await versionOf(server);
    const turns: { dialect: string; workload: Workload; figures: Figures }[] = [];
    for (const dialect of contender.dialects) {
      for (const workload of workloads) {
        const call = { address: server.address, path: dialect.path, bodyFile: join(folder, 'request') };
        await writeFile(call.bodyFile, framed(dialect.requestOf(workload.rows)));
        const calls = smoke ? 50 : workload.rows === 1 ? 8000 : 2000;
        await rateAndLatency(call, { ...workload, calls });
        const figures = await rateAndLatency(call, { ...workload, calls });
        await expectShares(dialect, call, shares.subarray(0, 2 * workload.rows));
        turns.push({ dialect: dialect.name, workload, figures });
      }
    }
    return turns;
  } finally {
    await server.stop();
  }
}

async function measureAll(folder: string, contenders: readonly Contender[], shares: Float32Array, smoke: boolean) {
  const measured = new Map<Contender, Map<string, Measured>>();
  for (let round = 0; round < (smoke ? 1 : 3); round++) {
    for (const contender of contenders) {
      const of = measured.get(contender) ?? new Map<string, Measured>();
      measured.set(contender, of);
      for (const { dialect, workload, figures } of await measureTurn(folder, contender, shares, smoke)) {
        const all = of.get(dialect) ?? { name: dialect, version: contender.version, figures: new Map() };
        of.set(dialect, all);
        all.figures.set(workload, [...(all.figures.get(workload) ?? []), figures]);
      }
    }
  }
  return [...measured.values()].flatMap((of) => [...of.values()]);
}

/** Calls per second, and of arrays the latencies; the best of a peer's settings counts for each. */
function rowsFor(workload: Workload, one: Measured, others: readonly Measured[]): BenchRow[] {
  const figuresOf = ({ figures }: Measured, of: keyof Figures) => (figures.get(workload) ?? []).map((each) => each[of]);
  const { rows, connections, callsPerConnection } = workload;
  const inFlight = connections * callsPerConnection;
  const calls = `forest of 100 trees served, ${rows} row${rows === 1 ? '' : 's'} a call ${one.name}, ${inFlight} in flight`;
  const measured = [
    { of: 'rate', work: calls, unit: 'calls/s', better: 'larger' },
    { of: 'middle', work: `${calls}: median latency`, unit: 'us', better: 'smaller' },
    { of: 'slow', work: `${calls}: 99th percentile`, unit: 'us', better: 'smaller' },
  ] as const;
  return measured.slice(0, one.name === 'as arrays' ? 3 : 1).map(({ of, work, unit, better }) => {
    const sign = better === 'larger' ? -1 : 1;
    const cost = (side: Measured) => sign * median(figuresOf(side, of));
    const best = others.reduce((a, b) => (cost(b) < cost(a) ? b : a));
    return rowOf({
      work,
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
  const [mlServer, triton] = [peerDialect('MLServer', rows), peerDialect('Triton (CPU)', rows)];
  const tritonIn = (setting: TritonSetting): Contender => ({
    start: () => startTriton(folder, setting),
    version: '',
    dialects: [triton],
  });
  const measured = await measureAll(
    folder,
    [
      { start: () => startServer('./forest-server.js', [folder]), version: '', dialects: ourDialects(rows) },
      { start: () => startMlServer(folder), version: '', dialects: [mlServer] },
      tritonIn({ instances: 1, batching: false }),
      tritonIn({ instances: 2, batching: false }),
      tritonIn({ instances: 1, batching: true }),
    ],
    rows.shares,
    smoke,
  );
  const ours = measured.filter(({ version }) => version === '');
  return [mlServer, triton].flatMap(({ name: peer }) => {
    const theirs = measured.filter(({ name }) => name === peer);
    return ours.flatMap((one) => workloads.flatMap((workload) => rowsFor(workload, one, theirs)));
  });
}

/** The same forest served by Tenon, MLServer and Triton, under the same load. */
export const servingPeersBenchmark: Benchmark = {
  name: 'serving-peers',
  needs: 'onnx-export',
  run: ({ smoke }) => inFolder((folder) => compare(folder, smoke)),
};
