import { Client, credentials } from '@grpc/grpc-js';
import type { ServiceName } from '../services/mesh/discovery/backend.js';
import { connection } from './connect.js';
import type { Endpoints } from './endpoints.js';

const deadlineMs = 2_000;

/** A gRPC service that each service alone has. */
const contracts: Readonly<Record<ServiceName, string>> = {
  data: 'tenon.data.v1.DatasetService',
  training: 'tenon.training.v1.TrainingService',
  registry: 'tenon.registry.v1.RegistryService',
  serving: 'tenon.serving.v1.PredictionService',
};

/** What `grpc.health.v1.Health/Check` answers, or `WRONG_SERVICE`, or null if nobody answers. */
export type Health = 'SERVING' | 'NOT_SERVING' | 'WRONG_SERVICE' | null;

const grpcNotFound = 5;

/** A HealthCheckRequest: field 1, length-delimited, the contract's name. */
function requestFor(contract: string): Buffer {
  return Buffer.concat([Buffer.from([0x0a, contract.length]), Buffer.from(contract)]);
}

/** Asks the health of one service. */
export async function healthOf(service: ServiceName, endpoints: Endpoints): Promise<Health> {
  const { parts, discovery } = connection(endpoints);
  const client = new Client(
    parts.targets[service] ?? '',
    parts.credentials ?? credentials.createInsecure(),
    parts.channelOptions,
  );
  try {
    return await new Promise<Health>((resolve) => {
      client.makeUnaryRequest(
        '/grpc.health.v1.Health/Check',
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
        requestFor(contracts[service]),
        { deadline: Date.now() + deadlineMs },
        (error, answer) => {
          if (error !== null) resolve(error.code === grpcNotFound ? 'WRONG_SERVICE' : null);
          // Field 1, a varint: SERVING is 1.
          else resolve(answer?.[0] === 0x08 && answer[1] === 1 ? 'SERVING' : 'NOT_SERVING');
        },
      );
    });
  } finally {
    client.close();
    await discovery.close();
  }
}
