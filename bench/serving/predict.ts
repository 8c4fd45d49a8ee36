import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { predictionService } from '../../proto/contracts.js';
import type { PredictRequest } from '../../proto/gen/tenon/serving/v1/index.js';
import { machineName } from '../lib/machine.js';
import type { Benchmark, BenchRow } from '../lib/row.js';
import { median, spread } from '../lib/statistics.js';
import { startServer } from './child.js';
import { callsPerSecond, framed, grpcStatus, type LoadedCall } from './h2load.js';

const request: PredictRequest = {
  deployment: 'deployments/bench',
  records: [{ fields: { bill_length_mm: { numberValue: 39.1 }, island: { stringValue: 'Biscoe' } } }],
};

/** Predict of one row beside a bare grpc-js echo of the same message, 64 calls in flight, in turn. */
export const predictBenchmark: Benchmark = {
  name: 'serving-predict',
  async run({ smoke }) {
    const calls = smoke ? 500 : 10_000;
    const rounds = smoke ? 1 : 7;
    const dir = await mkdtemp(join(tmpdir(), 'tenon-bench-'));
    const body = framed(predictionService.Predict.requestSerialize(request));
    const bodyFile = join(dir, 'request');
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
          const rate = await callsPerSecond(target, round < 0 ? Math.ceil(calls / 4) : calls);
          const status = await grpcStatus(target, body);
          if (status !== '0') throw new Error(`${target.address} answered grpc-status ${status}`);
          // The first round warms up.
          if (round >= 0) rates[index]?.push(rate);
        }
      }
      const [ours = [], message = [], bytes = []] = rates;
      return [rowOf('grpc-js echo of the decoded message', ours, message), rowOf('grpc-js echo of bytes', ours, bytes)];
    } finally {
      for (const server of servers) await server.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

function rowOf(peer: string, ours: readonly number[], theirs: readonly number[]): BenchRow {
  return {
    work: 'Predict of one row, 64 in flight, plain model',
    peer,
    peer_version: '1.14.7',
    threads: 1,
    ours: median(ours),
    peer_value: median(theirs),
    unit: 'calls/s',
    ratio: median(ours) / median(theirs),
    goal: 0.8,
    ours_quality: null,
    peer_quality: null,
    spread: spread(ours),
    isa: 'none',
    machine: machineName(),
  };
}
