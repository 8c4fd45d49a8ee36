import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '../../native/estimators/model.js';
import { quantizeNetwork } from '../../native/estimators/optimize-network.js';
import type { Matrix } from '../../native/table/matrix.js';
import { threadCount } from '../../native/threads.js';
import { fashionMnist, type Images } from '../lib/fashion-mnist.js';
import { inFolder } from '../lib/folder.js';
import { accuracySlack, fitNetwork, networkAccuracy } from '../lib/network.js';
import { onnxRuntimeNode, openOnnx } from '../lib/onnx-runtime.js';
import { PeerSession, withSessions } from '../lib/peer-session.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';
import { medianSeconds, medianSecondsOf, rowsInTurns, turnSeconds } from '../lib/turns.js';

const batch = 1000;

const precisions = ['f32', 'int8'] as const;
/** The peer's files of each precision, of which the fastest counts. */
const filesOf = { f32: ['f32'], int8: ['int8-static', 'int8-dynamic'] } as const;
const goals = { f32: { many: 1.2, one: 2.5 }, int8: { many: 1.3, one: 4 } } as const;

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

async function rowsOf(folder: string, smoke: boolean): Promise<BenchRow[]> {
  const train = await fashionMnist('train', smoke ? 5000 : 60_000);
  const held: Images = await fashionMnist('t10k');
  const { model } = await fitNetwork(train, smoke ? 1 : 5);
  const models = { f32: model, int8: await quantizeNetwork(model, firstRows(train.features, batch)) };
  const accuracies = {
    f32: await networkAccuracy(models.f32, held),
    int8: await networkAccuracy(models.int8, held),
  };
  await writeWeights(model, folder);
  await runPeer('network.py', ['make', folder], { group: 'onnx' });
  const [many, one] = [firstRows(held.features, batch), firstRows(held.features, 1)];
  const rounds = smoke ? 1 : 31;
  const seconds = smoke ? 0 : turnSeconds;
  const batches = (precision: 'f32' | 'int8') => medianSecondsOf(() => models[precision].predict(many), seconds);
  const rowsPerSecond = { figure: (each: number) => batch / each, unit: 'rows/s', better: 'larger' as const };

  // One thread may beat more: the better counts.
  const peers = [...new Set([1, threadCount()])].map((threads) =>
    PeerSession.open('network.py', ['score', folder, threads], { group: 'onnx' }),
  );
  return await withSessions(peers, async (...peerSessions) => {
    const result: BenchRow[] = [];
    for (const precision of precisions) {
      const ways = peerSessions.flatMap((session) => filesOf[precision].map((file) => ({ session, file })));
      const theirs: number[] = [];
      for (const { session, file } of ways) theirs.push(await session.check(file));
      const quality = { ours: accuracies[precision], theirs: median(theirs), slack: accuracySlack };
      const manyRows = await rowsInTurns({
        work: `dense network 784-256-10 in ${precision}, ${batch} rows`,
        rounds,
        rivals: ways.map(({ session, file }) => ({
          kind: 'ONNX Runtime',
          peer: 'ONNX Runtime',
          version: session.about.version,
          turn: () => session.turn(file, seconds),
        })),
        ours: () => batches(precision),
        ...rowsPerSecond,
        goal: goals[precision].many,
        quality,
      });
      const scorers = await Promise.all(
        filesOf[precision].map((file) => openOnnx(join(folder, `${file}.onnx`), { input: 'x', output: 'p' })),
      );
      // Calls this short are timed in groups: the clock's own cost would count.
      const group = 50;
      const oneRow = await rowsInTurns({
        work: `dense network 784-256-10 in ${precision}, one row from JavaScript`,
        threads: 1,
        rounds,
        rivals: scorers.map((score) => ({
          kind: onnxRuntimeNode.name,
          peer: onnxRuntimeNode.name,
          version: onnxRuntimeNode.version,
          turn: async () => {
            const calls = async () => {
              for (let call = 0; call < group; call++) await score(one);
            };
            return (await medianSecondsOf(calls, seconds)) / group;
          },
        })),
        ours: () => {
          const calls = () => {
            for (let call = 0; call < group; call++) models[precision].predictSync(one);
          };
          return medianSeconds(calls, seconds) / group;
        },
        figure: (each) => each * 1e6,
        unit: 'us',
        better: 'smaller',
        goal: goals[precision].one,
        quality,
      });
      result.push(...manyRows, ...oneRow);
    }
    const quality = { ours: accuracies.int8, theirs: accuracies.f32, slack: 0.005 };
    const [large, small] = [models.f32.sizeBytes / 1024, models.int8.sizeBytes / 1024];
    result.push(
      rowOf({
        work: 'int8 beside f32: memory',
        peer: 'Tenon in f32',
        peerVersion: '',
        threads: threadCount(),
        ours: [small],
        theirs: [large],
        unit: 'KiB',
        better: 'smaller',
        goal: 3.9,
        quality,
      }),
    );
    const beside = await rowsInTurns({
      work: `int8 beside f32: ${batch} rows`,
      rounds,
      rivals: [{ kind: 'f32', peer: 'Tenon in f32', version: '', turn: () => batches('f32') }],
      ours: () => batches('int8'),
      ...rowsPerSecond,
      goal: 1.5,
      quality,
    });
    return [...result, ...beside];
  });
}

/** Scoring with a dense network in single precision and in 8 bits, beside ONNX Runtime on the same weights. */
export const networkScoreBenchmark: Benchmark = {
  name: 'network-score',
  run: ({ smoke }) => inFolder((folder) => rowsOf(folder, smoke)),
};
