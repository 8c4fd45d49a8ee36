import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '../../native/estimators/model.js';
import { quantizeNetwork } from '../../native/estimators/optimize-network.js';
import type { Matrix } from '../../native/table/matrix.js';
import { threadCount } from '../../native/threads.js';
import { fashionMnist, type Images } from '../lib/fashion-mnist.js';
import { inFolder } from '../lib/folder.js';
import { inTurn } from '../lib/in-turn.js';
import { accuracySlack, fitNetwork, networkAccuracy } from '../lib/network.js';
import { nodePeer } from '../lib/node-peers.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';

const nodeVersion = '1.30.0';
const batch = 1000;

type Precision = 'f32' | 'int8';
interface PeerScore {
  seconds: number;
  accuracy: number;
}
type PeerScores = { version: string } & Record<'f32' | 'int8-static' | 'int8-dynamic', PeerScore>;
const filesOf = { f32: ['f32'], int8: ['int8-static', 'int8-dynamic'] } as const;

interface Runtime {
  InferenceSession: { create(path: string, options: object): Promise<Session> };
  Tensor: new (type: 'float32', data: Float32Array, shape: number[]) => object;
}
interface Session {
  run(feeds: Record<string, object>): Promise<unknown>;
}

const firstRows = ({ data, columnCount }: Matrix, rowCount: number): Matrix => ({
  data: data.slice(0, rowCount * columnCount),
  rowCount,
  columnCount,
});

async function writeWeights(model: Model, folder: string): Promise<void> {
  const names = { 'layers.0.weights': 'w0', 'layers.0.bias': 'b0', 'layers.1.weights': 'w1', 'layers.1.bias': 'b1' };
  for (const { name, data } of model.toTensors().tensors) {
    await writeFile(join(folder, `${names[name as keyof typeof names]}.f32`), data);
  }
}

/** Seconds of one call, the median of `times` after a tenth as many to warm up. */
async function secondsOf(times: number, call: () => unknown): Promise<number> {
  const seconds: number[] = [];
  for (let time = -times / 10; time < times; time++) {
    const begin = performance.now();
    await call();
    if (time >= 0) seconds.push((performance.now() - begin) / 1000);
  }
  return median(seconds);
}

async function rowsOf(folder: string, smoke: boolean): Promise<BenchRow[]> {
  const train = await fashionMnist('train', smoke ? 5000 : 60_000);
  const held: Images = await fashionMnist('t10k');
  const { model } = await fitNetwork(train, smoke ? 1 : 5);
  const models = { f32: model, int8: await quantizeNetwork(model, firstRows(train.features, batch)) };
  await writeWeights(model, folder);
  await runPeer('network.py', ['make', folder], { group: 'onnx' });
  const runtime = await nodePeer<Runtime>('onnxruntime-node', nodeVersion);
  const [many, one] = [firstRows(held.features, batch), firstRows(held.features, 1)];
  const threads = threadCount();
  const rounds = smoke ? 1 : 5;
  const result: BenchRow[] = [];

  const scores = await inTurn(rounds, {
    // One thread may beat more: the better counts.
    theirs: async () => [
      await runPeer<PeerScores>('network.py', ['score', folder, 1], { group: 'onnx' }),
      await runPeer<PeerScores>('network.py', ['score', folder, threads], { group: 'onnx' }),
    ],
    ours: async () => ({
      f32: await secondsOf(100, () => models.f32.predict(many)),
      int8: await secondsOf(100, () => models.int8.predict(many)),
    }),
  });
  const sessions: Record<string, Session> = {};
  for (const name of [...filesOf.f32, ...filesOf.int8]) {
    const path = join(folder, `${name}.onnx`);
    sessions[name] = await runtime.InferenceSession.create(path, { intraOpNumThreads: 1 });
  }
  const single = await inTurn(rounds, {
    theirs: async () => {
      const times: Record<string, number> = {};
      for (const [name, session] of Object.entries(sessions)) {
        times[name] = await secondsOf(2000, () =>
          session.run({ x: new runtime.Tensor('float32', one.data, [1, one.columnCount]) }),
        );
      }
      return times;
    },
    ours: async () => {
      // Calls this short are timed in groups: the clock's own cost would count.
      const group = 50;
      const time = async (each: Model) =>
        (await secondsOf(100, () => {
          for (let call = 0; call < group; call++) each.predictSync(one);
        })) / group;
      return { f32: await time(models.f32), int8: await time(models.int8) };
    },
  });

  const goals = { f32: { many: 1.2, one: 2.5 }, int8: { many: 1.3, one: 4 } };
  for (const precision of ['f32', 'int8'] as Precision[]) {
    const files = filesOf[precision];
    const best = scores.theirs.map((ways) =>
      Math.min(...ways.flatMap((way) => files.map((file) => way[file].seconds))),
    );
    const accuracies = scores.theirs.flatMap((ways) => ways.flatMap((way) => files.map((file) => way[file].accuracy)));
    const quality = {
      ours: await networkAccuracy(models[precision], held),
      theirs: median(accuracies),
      slack: accuracySlack,
    };
    result.push(
      rowOf({
        work: `dense network 784-256-10 in ${precision}, ${batch} rows`,
        peer: 'ONNX Runtime',
        peerVersion: scores.theirs[0]?.[0]?.version ?? '',
        threads,
        ours: scores.ours.map((side) => batch / side[precision]),
        theirs: best.map((seconds) => batch / seconds),
        unit: 'rows/s',
        better: 'larger',
        goal: goals[precision].many,
        quality,
      }),
      rowOf({
        work: `dense network 784-256-10 in ${precision}, one row from JavaScript`,
        peer: 'onnxruntime-node',
        peerVersion: nodeVersion,
        threads: 1,
        ours: single.ours.map((side) => side[precision] * 1e6),
        theirs: single.theirs.map((times) => Math.min(...files.map((file) => times[file] ?? Number.NaN)) * 1e6),
        unit: 'us',
        better: 'smaller',
        goal: goals[precision].one,
        quality,
      }),
    );
  }
  const whole = await networkAccuracy(models.f32, held);
  const reduced = await networkAccuracy(models.int8, held);
  const [large, small] = [models.f32.sizeBytes / 1024, models.int8.sizeBytes / 1024];
  const ownWork = {
    peer: 'Tenon in f32',
    peerVersion: '',
    threads,
    quality: { ours: reduced, theirs: whole, slack: 0.005 },
  };
  result.push(
    rowOf({
      ...ownWork,
      work: 'int8 beside f32: memory',
      ours: [small],
      theirs: [large],
      unit: 'KiB',
      better: 'smaller',
      goal: 3.9,
    }),
    rowOf({
      ...ownWork,
      work: `int8 beside f32: ${batch} rows`,
      ours: scores.ours.map(({ int8 }) => batch / int8),
      theirs: scores.ours.map(({ f32 }) => batch / f32),
      unit: 'rows/s',
      better: 'larger',
      goal: 1.5,
    }),
  );
  return result;
}

/** Scoring with a dense network in single precision and in 8 bits, beside ONNX Runtime on the same weights. */
export const networkScoreBenchmark: Benchmark = {
  name: 'network-score',
  run: ({ smoke }) => inFolder((folder) => rowsOf(folder, smoke)),
};
