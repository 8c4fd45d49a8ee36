import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { predictionService } from '../../proto/contracts.js';
import type { PredictRequest } from '../../proto/gen/tenon/serving/v1/index.js';
import { inFolder } from '../lib/folder.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { startServer } from './child.js';
import { answerOf, callsPerSecond, framed, type LoadedCall } from './h2load.js';

/** 64 in flight. */
const inFlight = { connections: 4, callsPerConnection: 16 };

const request: PredictRequest = {
  deployment: 'deployments/bench',
  records: [{ fields: { bill_length_mm: { numberValue: 39.1 }, island: { stringValue: 'Biscoe' } } }],
};

/** Reads what `@grpc/grpc-js` says its version is. */
async function grpcVersion(): Promise<string> {
  const path = createRequire(import.meta.url).resolve('@grpc/grpc-js/package.json');
  return (JSON.parse(await readFile(path, 'utf8')) as { version: string }).version;
}

async function rowsOf(folder: string, smoke: boolean): Promise<BenchRow[]> {
  const calls = smoke ? 500 : 10_000;
  const rounds = smoke ? 1 : 7;
  const body = framed(predictionService.Predict.requestSerialize(request));
  const bodyFile = join(folder, 'request');
  await writeFile(bodyFile, body);
  const servers = [
    await startServer('./serving-server.js'),
    await startServer('./echo-server.js', ['message']),
    await startServer('./echo-server.js', ['bytes']),
  ];
  try {
    const targets = servers.map(
      ({ address }): LoadedCall => ({ address, path: predictionService.Predict.path, bodyFile }),
    );
    const rates: number[][] = targets.map(() => []);
    for (let round = -1; round < rounds; round++) {
      for (const [index, target] of targets.entries()) {
        const rate = await callsPerSecond(target, { ...inFlight, calls: round < 0 ? Math.ceil(calls / 4) : calls });
        const { status } = await answerOf(target, body);
        if (status !== '0') throw new Error(`${target.address} answered grpc-status ${status}`);
        // The first round warms up.
        if (round >= 0) rates[index]?.push(rate);
      }
    }
    const [ours = [], message = [], bytes = []] = rates;
    const common = {
      work: 'Predict of one row, 64 in flight, plain model',
      peerVersion: await grpcVersion(),
      threads: 1,
      ours,
      unit: 'calls/s',
      better: 'larger',
      goal: 0.8,
    } as const;
    return [
      rowOf({ ...common, peer: 'grpc-js echo of the decoded message', theirs: message }),
      rowOf({ ...common, peer: 'grpc-js echo of bytes', theirs: bytes }),
    ];
  } finally {
    for (const server of servers) await server.stop();
  }
}

/** Predict of one row beside a bare grpc-js echo of the same message, 64 calls in flight, in turn. */
export const predictBenchmark: Benchmark = {
  name: 'serving-predict',
  run: ({ smoke }) => inFolder((folder) => rowsOf(folder, smoke)),
};
