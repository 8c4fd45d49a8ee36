import { createServer } from 'node:http';
import type { Logger } from 'pino';
import { ConfigError } from '../config/config-error.js';
import { formatAddress, isLoopback, parseListenAddress } from './address.js';

/** What the admin port answers with. */
export interface AdminParts {
  /** `admin.address`; empty for none. */
  address: string;
  log: Logger;
  /** Whether the service takes calls. */
  healthy(): boolean;
  /** The metrics in Prometheus' text format. */
  metrics(): Promise<string>;
}

/** The admin port. */
export interface Admin {
  /** `host:port` */
  readonly address: string;
  close(): void;
}

/**
 * Serves `/healthz` and `/metrics` over HTTP on a loopback port of its own; null if no address is set.
 * @throws ConfigError if the address is not on loopback.
 */
export async function startAdmin({ address, log, healthy, metrics }: AdminParts): Promise<Admin | null> {
  if (address === '') return null;
  const { host, port } = parseListenAddress('admin.address', address);
  if (!isLoopback(host)) {
    const message = `admin.address: ${address} must be on loopback, since the admin port has no authentication`;
    throw new ConfigError([{ source: 'admin.address', option: 'admin.address', message }]);
  }
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    const send = (code: number, text: string) => {
      response.writeHead(code, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(text);
    };
    if (request.method !== 'GET') send(405, 'only GET is answered\n');
    else if (request.url === '/healthz') send(healthy() ? 200 : 503, healthy() ? 'SERVING\n' : 'NOT_SERVING\n');
    else if (request.url === '/metrics') {
      metrics().then(
        (text) => send(200, text),
        (error: unknown) => {
          log.error({ err: error }, 'metrics cannot be rendered');
          send(500, 'metrics cannot be rendered\n');
        },
      );
    } else send(404, 'there are /healthz and /metrics\n');
  });
  server.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  const bound = server.address();
  return {
    address: formatAddress({ host, port: typeof bound === 'object' && bound !== null ? bound.port : port }),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
