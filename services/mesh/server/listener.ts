import { createServer, type Socket } from 'node:net';
import type { Logger } from 'pino';
import { ConfigError } from '../config/config-error.js';
import { formatAddress, type ListenAddress } from './address.js';

/** What a listener is made of. */
export interface ListenerParts {
  address: ListenAddress;
  maxConnections: number;
  maxConnectionsPerIp: number;
  log: Logger;
  /** Takes an accepted connection. */
  accept(socket: Socket): void;
}

/** The listening socket and its connections. */
export interface Listener {
  /** `host:port` with the port that was given. */
  readonly address: string;
  readonly connections: number;
  /** Accepts nothing more. */
  stop(): void;
  /** Cuts every connection. */
  cut(): void;
}

const warnEveryMs = 10_000;

const causes: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use by another process',
  EADDRNOTAVAIL: 'is no address of this machine',
  EACCES: 'is a port that this user may not take',
};

function bindError(address: ListenAddress, error: NodeJS.ErrnoException): Error {
  const cause = causes[error.code ?? ''];
  if (cause === undefined) return error;
  const message = `service.address: ${formatAddress(address)} ${cause}`;
  return new ConfigError([{ source: 'service.address', option: 'service.address', message }]);
}

/**
 * Listens, and closes connections beyond the caps at once: HTTP/2 limits streams per connection but not connections.
 * @throws ConfigError if the address is in use, not ours or not allowed.
 */
export async function listen(parts: ListenerParts): Promise<Listener> {
  const { address, maxConnections, maxConnectionsPerIp, log, accept } = parts;
  const sockets = new Set<Socket>();
  const perIp = new Map<string, number>();
  let refused = 0;
  let lastWarning = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    const ip = socket.remoteAddress ?? 'unknown';
    const fromHere = perIp.get(ip) ?? 0;
    if (sockets.size >= maxConnections || fromHere >= maxConnectionsPerIp) {
      socket.destroy();
      refused++;
      if (Date.now() - lastWarning >= warnEveryMs) {
        lastWarning = Date.now();
        log.warn({ ip, connections: sockets.size, from_ip: fromHere, refused }, 'connections are refused');
        refused = 0;
      }
      return;
    }
    sockets.add(socket);
    perIp.set(ip, fromHere + 1);
    socket.once('close', () => {
      sockets.delete(socket);
      const left = (perIp.get(ip) ?? 1) - 1;
      if (left === 0) perIp.delete(ip);
      else perIp.set(ip, left);
    });
    // HTTP/2 and TLS put their own listeners on; an error before them must not end the process.
    socket.on('error', () => {});
    accept(socket);
  });
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(bindError(address, error));
    server.once('error', refuse);
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  server.on('error', (error) => log.error({ err: error }, 'the listening socket failed'));
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  return {
    address: formatAddress({ host: address.host, port }),
    get connections() {
      return sockets.size;
    },
    stop: () => server.close(),
    cut() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
