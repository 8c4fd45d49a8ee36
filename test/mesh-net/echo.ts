import { Client, credentials, Metadata, Server, ServerCredentials, type ServiceError } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';

import { loadConfig } from '../../services/mesh/config/load-config.js';
import { createDiscovery, type Discovery } from '../../services/mesh/discovery/discovery.js';
import { discoveryOptions } from '../../services/mesh/discovery/options.js';
import { createLog } from '../../services/mesh/log.js';

const path = '/test.Echo/WhoAreYou';
const pass = (bytes: Buffer) => bytes;

/** A bare gRPC server that answers with its name and says that it is healthy. */
export interface EchoServer {
  readonly address: string;
  readonly name: string;
  /** Ends it and its connections at once. */
  kill(): void;
}

/** Starts one on a free port, or on `port`. */
export async function startEchoServer(name: string, port = 0): Promise<EchoServer> {
  const server = new Server();
  const method = {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  };
  server.addService(
    { whoAreYou: method },
    { whoAreYou: (_call: unknown, answer: (error: null, value: Buffer) => void) => answer(null, Buffer.from(name)) },
  );
  new HealthImplementation({ '': 'SERVING' }).addToServer(server);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, actual) =>
      error === null ? resolve(actual) : reject(error),
    );
  });
  return { address: `127.0.0.1:${bound}`, name, kill: () => server.forceShutdown() };
}

/** Calls echo servers. */
export interface EchoClient {
  /** The name of the server that answered. */
  ask(deadlineMs?: number): Promise<string>;
  close(): void;
}

/** A bare client of the service `serving`, as a discovery finds it. */
export function createEchoClient(discovery: Discovery): EchoClient {
  const client = new Client(discovery.targetFor('serving'), credentials.createInsecure(), discovery.channelOptions);
  return {
    ask(deadlineMs = 10_000) {
      return new Promise((resolve, reject) => {
        const done = (error: ServiceError | null, value?: Buffer) =>
          error === null ? resolve(String(value)) : reject(error);
        client.makeUnaryRequest(
          path,
          pass,
          pass,
          Buffer.alloc(0),
          new Metadata(),
          { deadline: Date.now() + deadlineMs },
          done,
        );
      });
    },
    close: () => client.close(),
  };
}

/** A discovery through the Consul agent at `address`. */
export function consulDiscovery(address: string, flags: string[] = []): Discovery {
  const argv = ['--discovery.kind=consul', `--discovery.consul.address=${address}`, ...flags];
  const log = createLog('test', { 'log.level': 'silent', 'log.format': 'json' });
  return createDiscovery({ config: loadConfig(discoveryOptions, { argv }), log });
}
