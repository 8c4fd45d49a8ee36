import { type ChannelOptions, Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Logger } from 'pino';
import { createAuthenticate } from '../auth/authenticate.js';
import { openTokenFile } from '../auth/token-file.js';
import type { CommonOptions } from '../config/common-options.js';
import { ConfigError } from '../config/config-error.js';
import type { Config } from '../config/option.js';
import type { TenonError } from '../errors.js';
import type { BoundService } from '../rpc/bind.js';
import { createCodec } from '../rpc/codec.js';
import { ByteGauge, HandlerGauge } from '../rpc/gauges.js';
import type { CallTelemetry } from '../rpc/plain-telemetry.js';
import { type ServeUnary, serveUnary } from '../rpc/unary-stream.js';
import { wrapHandler } from '../rpc/wrap.js';
import { parseListenAddress } from './address.js';
import { installDoor } from './door.js';
import { listen } from './listener.js';
import { createReflection } from './reflection.js';
import { checkExposure, serverCredentials } from './security.js';

/** What a server is made of. */
export interface GrpcServerParts {
  config: Config<CommonOptions>;
  services: readonly BoundService[];
  telemetry: CallTelemetry;
  log: Logger;
}

/** A listening server. */
export interface GrpcServer {
  /** `host:port` */
  readonly address: string;
  readonly handlers: HandlerGauge;
  readonly bytes: ByteGauge;
  readonly connections: number;
  /** What the health service says of this server and each of its services. */
  setServing(serving: boolean): void;
  /** Takes no new connection and no new call; resolves when the open calls have ended. */
  finish(): Promise<void>;
  /** Ends open calls with an error; all, or only those whose method says so. */
  abort(error: TenonError, which?: (method: string) => boolean): void;
  /** Cuts what is left. Callers see UNAVAILABLE, never CANCELLED. */
  cut(): void;
}

const identity = (bytes: Buffer): Buffer => bytes;

function serverOptions(config: Config<CommonOptions>): ChannelOptions {
  return {
    // Channelz keeps a record of each connection that ever was, and nobody reads it.
    'grpc.enable_channelz': 0,
    'grpc.max_concurrent_streams': config['rpc.max-concurrent-streams'],
    // The door refuses what is too large, with a reason; this only bounds what decompression may yield.
    'grpc.max_receive_message_length': config['rpc.max-message-bytes'],
    'grpc.max_send_message_length': -1,
    'grpc.max_connection_idle_ms': config['rpc.max-connection-idle'],
    'grpc.max_connection_age_ms': config['rpc.max-connection-age'],
    'grpc.max_connection_age_grace_ms': config['rpc.max-connection-age-grace'],
    'grpc.keepalive_time_ms': config['rpc.keepalive-time'],
    'grpc.keepalive_timeout_ms': config['rpc.keepalive-timeout'],
  };
}

function openTokens(config: Config<CommonOptions>, log: Logger) {
  if (config['auth.mode'] === 'none') return null;
  try {
    return openTokenFile(config['auth.tokens-file'], log);
  } catch (error) {
    const message = `auth.tokens-file: ${error instanceof Error ? error.message : String(error)}`;
    throw new ConfigError([{ source: 'auth.tokens-file', option: 'auth.tokens-file', message }]);
  }
}

/**
 * Serves bound services, health and reflection on `service.address`.
 * @throws ConfigError if strangers could call, or a file of tls.* or auth.* cannot be used.
 */
export async function startGrpcServer({ config, services, telemetry, log }: GrpcServerParts): Promise<GrpcServer> {
  const address = parseListenAddress('service.address', config['service.address']);
  checkExposure(config, address);
  const credentials = serverCredentials(config);
  const tokens = openTokens(config, log);
  const server = new Server(serverOptions(config));
  const handlers = new HandlerGauge(config['rpc.max-handlers']);
  const bytes = new ByteGauge(config['rpc.max-bytes-in-flight']);
  const paths = new Set<string>();
  const unary = new Map<string, ServeUnary>();

  const injector = server.createConnectionInjector(credentials);
  const door = installDoor(server, {
    authenticate: createAuthenticate(tokens),
    telemetry,
    log,
    bytes,
    maxMessageBytes: config['rpc.max-message-bytes'],
    maxDeadlineMs: config['rpc.max-deadline'],
    unary,
    knows: (path) => paths.has(path) || path.startsWith('/grpc.'),
  });
  for (const { methods } of services) {
    for (const { method, handler, onBytes } of methods) {
      const { path, requestStream, responseStream } = method;
      const codec = createCodec(method, config['rpc.max-message-bytes']);
      const wrapped = wrapHandler(method, handler, { callOf: door.callOf, handlers, codec });
      if (!requestStream && !responseStream) unary.set(path, serveUnary({ codec, handler, onBytes, handlers }));
      const type = requestStream
        ? responseStream
          ? 'bidi'
          : 'clientStream'
        : responseStream
          ? 'serverStream'
          : 'unary';
      server.register(path, wrapped, identity, identity, type);
      paths.add(path);
    }
  }
  const healthNames = ['', ...services.map(({ name }) => name)];
  const health = new HealthImplementation(Object.fromEntries(healthNames.map((name) => [name, 'NOT_SERVING'])));
  health.addToServer(server);
  createReflection(services.map(({ name }) => name)).addToServer(server);

  const listener = await listen({
    address,
    maxConnections: config['rpc.max-connections'],
    maxConnectionsPerIp: config['rpc.max-connections-per-ip'],
    log,
    accept: (socket) => injector.injectConnection(socket),
  });
  return {
    address: listener.address,
    handlers,
    bytes,
    get connections() {
      return listener.connections;
    },
    setServing(serving) {
      for (const name of healthNames) health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
    },
    finish() {
      listener.stop();
      return new Promise((resolve) => server.tryShutdown(() => resolve()));
    },
    abort(error, which = () => true) {
      for (const call of door.open()) {
        if (which(call.method)) call.fail(error);
      }
    },
    cut() {
      tokens?.close();
      listener.stop();
      listener.cut();
      server.forceShutdown();
    },
  };
}
