import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { type CommonOptions, commonOptions } from '../config/common-options.js';
import { ConfigError } from '../config/config-error.js';
import { renderConfigHelp } from '../config/help.js';
import { type ConfigSources, loadConfig } from '../config/load-config.js';
import { type Config, defineOptions, type Options } from '../config/option.js';
import { createDiscovery } from '../discovery/discovery.js';
import { discoveryOptions } from '../discovery/options.js';
import { TenonError } from '../errors.js';
import { createLog } from '../log.js';
import type { BoundService } from '../rpc/bind.js';
import { type Clients, clientSecurity, createClients, type ServiceName } from '../rpc/clients.js';
import { telemetryOptions } from '../telemetry/options.js';
import { createTelemetry } from '../telemetry/telemetry.js';
import type { Telemetry } from '../telemetry/types.js';
import { startAdmin } from './admin.js';
import { drain } from './drain.js';
import { startGrpcServer } from './grpc-server.js';
import { onParentGone } from './supervised.js';

export { bind } from '../rpc/bind.js';

/** The options of every service, of discovery and of telemetry. */
export type MeshOptions = CommonOptions & typeof discoveryOptions & typeof telemetryOptions;

/** What a service gets to stand on. */
export interface ServiceKit<Own extends Options> {
  readonly config: Config<MeshOptions & Own>;
  readonly log: Logger;
  /** Clients of the other services. */
  readonly clients: Clients;
  readonly telemetry: Telemetry;
  /** The service's own folder, `<data-dir>/<name>`; it exists. */
  readonly dataDir: string;
  /** Aborts when the service stops: background work ends. */
  readonly signal: AbortSignal;
}

/** What a service is made of. */
export interface CreatedService {
  services: BoundService[];
  /** Whether calls may come; asked until it is true. Default: at once. */
  ready?(): Promise<boolean> | boolean;
  /** Called after the last call has ended. */
  close?(): Promise<void>;
}

/** One service, as its main.ts describes it. */
export interface ServiceDescription<Own extends Options> {
  name: ServiceName;
  /** The service's own options. */
  options: Own;
  create(kit: ServiceKit<Own>): Promise<CreatedService> | CreatedService;
}

/** A service that runs in this process. */
export interface RunningService {
  /** `host:port` of gRPC. */
  readonly address: string;
  /** `host:port` of the admin port; null if there is none. */
  readonly adminAddress: string | null;
  /** Drains and closes; the same promise each time. */
  stop(): Promise<void>;
}

const defaultPorts: Readonly<Record<ServiceName, number>> = {
  data: 7401,
  training: 7402,
  registry: 7403,
  serving: 7404,
};
const readyEveryMs = 50;

/** Every option of a service, with its defaults. */
export function serviceOptions<Own extends Options>(name: ServiceName, own: Own): MeshOptions & Own {
  const address = { ...commonOptions['service.address'], default: `127.0.0.1:${defaultPorts[name]}` };
  return defineOptions({
    ...commonOptions,
    'service.address': address,
    ...discoveryOptions,
    ...telemetryOptions,
    ...own,
  }) as MeshOptions & Own;
}

/** @throws ConfigError for settings that contradict each other. */
function checkTogether(config: Config<MeshOptions>): void {
  const problem = (option: string, message: string) => new ConfigError([{ source: option, option, message }]);
  const grace = config['rpc.max-connection-age-grace'];
  const deadline = config['rpc.max-deadline'];
  if (grace < deadline) {
    const message = `rpc.max-connection-age-grace: ${grace} ms must be at least rpc.max-deadline, ${deadline} ms`;
    throw problem('rpc.max-connection-age-grace', message);
  }
  if (config['discovery.kind'] !== 'static' && config['drain.propagation'] >= config['drain.grace']) {
    const message = `drain.propagation: ${config['drain.propagation']} ms must be less than drain.grace, ${config['drain.grace']} ms`;
    throw problem('drain.propagation', message);
  }
}

/** Waits until the service says that it is ready, or the signal aborts. */
async function whenReady({ ready }: CreatedService, log: Logger, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    try {
      if (ready === undefined || (await ready())) return true;
    } catch (error) {
      log.warn({ err: error }, 'the service cannot say whether it is ready');
    }
    await new Promise((resume) => setTimeout(resume, readyEveryMs));
  }
  return false;
}

/**
 * Starts a service in this process.
 * @throws ConfigError if the configuration cannot be used, or what `create` throws; nothing is left running then.
 */
export async function startService<Own extends Options>(
  description: ServiceDescription<Own> & ConfigSources,
): Promise<RunningService> {
  const { name, options, create, argv, env } = description;
  const config: Config<MeshOptions & Own> = loadConfig(serviceOptions(name, options), {
    ...(argv === undefined ? {} : { argv }),
    ...(env === undefined ? {} : { env }),
  });
  // TypeScript does not see through the mapped type of an open Own.
  const mesh = config as unknown as Config<MeshOptions>;
  checkTogether(mesh);
  const closers: (() => unknown)[] = [];
  const closeAll = async (log: Logger) => {
    for (const close of closers.reverse().splice(0)) {
      try {
        await close();
      } catch (error) {
        log.warn({ err: error }, 'something did not close');
      }
    }
  };
  const log = createLog(name, mesh);
  try {
    const work = new AbortController();
    const telemetry = await createTelemetry({ service: name, config: mesh, log });
    closers.push(() => telemetry.shutdown());
    const discovery = createDiscovery({ config: mesh, log, secure: mesh['tls.cert'] !== '' });
    closers.push(() => discovery.close());
    const names: ServiceName[] = ['data', 'training', 'registry', 'serving'];
    const clients = createClients({
      ...clientSecurity(mesh),
      targets: Object.fromEntries(names.map((each) => [each, discovery.targetFor(each)])),
      channelOptions: discovery.channelOptions,
      telemetry,
    });
    closers.push(() => clients.close());
    const dataDir = join(resolve(mesh['data-dir']), name);
    await mkdir(dataDir, { recursive: true });
    closers.push(() => work.abort());
    const created = await create({ config, log, clients, telemetry, dataDir, signal: work.signal });
    closers.push(() => created.close?.());
    const server = await startGrpcServer({ config: mesh, services: created.services, telemetry, log });
    closers.push(() => server.cut());
    let serving = false;
    const admin = await startAdmin({
      address: mesh['admin.address'],
      log,
      healthy: () => serving,
      metrics: () => telemetry.renderMetrics(),
    });
    closers.push(() => admin?.close());

    const stopping = new AbortController();
    const announced = whenReady(created, log, stopping.signal).then(async (ready) => {
      if (!ready) return;
      serving = true;
      server.setServing(true);
      await discovery.register(name, server.address);
    });
    announced.catch((error: unknown) => log.error({ err: error }, 'the service cannot be announced'));
    const shutDown = async () => {
      stopping.abort();
      serving = false;
      await drain({
        server,
        deregister: () => discovery.deregister(),
        propagationMs: mesh['discovery.kind'] === 'static' ? 0 : mesh['drain.propagation'],
        graceMs: mesh['drain.grace'],
        log,
        stopWork: (error) => work.abort(error),
      });
      await closeAll(log);
    };
    let stopped: Promise<void> | undefined;
    return {
      address: server.address,
      adminAddress: admin?.address ?? null,
      stop() {
        stopped ??= shutDown();
        return stopped;
      },
    };
  } catch (error) {
    await closeAll(log);
    throw error;
  }
}

/**
 * Runs a service as a process: one line of JSON on stdout when it listens, logs on stderr, drains at SIGTERM and SIGINT.
 * Exit codes: 0 after a stop, 2 for a configuration that cannot be used, 1 for any other failure.
 */
export async function runService<Own extends Options>(description: ServiceDescription<Own>): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    process.stdout.write(renderConfigHelp(serviceOptions(description.name, description.options)));
    return;
  }
  let running: RunningService;
  try {
    running = await startService({ ...description, argv, env: process.env });
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? error.message : errorText(error)}\n`);
    process.exitCode = error instanceof ConfigError ? 2 : 1;
    // Whatever was half opened must not keep a process that never served.
    setTimeout(() => process.exit(), 1_000).unref();
    return;
  }
  const stop = () => {
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${errorText(error)}\n`);
        process.exit(1);
      },
    );
  };
  // Before the line that says where it listens: whoever reads that may stop us at once.
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  onParentGone(stop);
  const { address, adminAddress } = running;
  const line = {
    event: 'listening',
    service: description.name,
    address,
    ...(adminAddress === null ? {} : { admin_address: adminAddress }),
    pid: process.pid,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function errorText(error: unknown): string {
  if (error instanceof TenonError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
