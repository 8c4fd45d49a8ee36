import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { type ServiceName, serviceNames } from '../../services/mesh/discovery/backend.js';
import { nodeFlags } from '../../services/mesh/server/node-flags.js';
import { optionEnvironment } from '../service-options.js';
import type { SupervisorEvent } from './events.js';
import { freePorts } from './free-ports.js';
import { type SupervisedProcess, superviseProcess } from './supervise-process.js';

/** What each service needs is started before it: data, training and serving call the registry. */
const startOrder = ['registry', 'data', 'training', 'serving'] as const satisfies readonly ServiceName[];

/** What a mesh on one machine is made of. */
export interface MeshOptions {
  /** Folder of all state. */
  dataDir: string;
  /** Ports of 127.0.0.1; 0 or none for a free one. */
  ports?: Partial<Record<ServiceName, number>>;
  /** More flags, for every service or by service; they win over those that the supervisor sets. */
  args?: readonly string[] | Partial<Record<ServiceName, readonly string[]>>;
  /** The environment that the services inherit. Default: this process's own. */
  inherit?: NodeJS.ProcessEnv;
  /** More environment variables. */
  env?: Readonly<Record<string, string>>;
  /** Where the services' logs go. Default stderr. */
  log?: Pick<Writable, 'write'>;
  onEvent?(event: SupervisorEvent): void;
  /** A start that does not listen after this time has failed. Default 60 s. */
  startTimeoutMs?: number;
  /** A service that has not stopped after this time is killed. Default 35 s, above the default of drain.grace. */
  graceMs?: number;
  /** The script of a service. Default: its `main.js` of the build that this module belongs to. */
  script?(service: ServiceName): string;
}

/** Four running services. */
export interface SupervisedMesh {
  /** Where each listens; the same for as long as the mesh runs. */
  readonly addresses: Record<ServiceName, string>;
  /** The processes that run now. */
  pids(): Partial<Record<ServiceName, number>>;
  /** Stops all, the last started first. Later calls wait for the same end. */
  stop(): Promise<void>;
}

function mainOf(service: ServiceName): string {
  return fileURLToPath(new URL(`../../services/${service}/main.js`, import.meta.url));
}

async function addressesOf(ports: MeshOptions['ports']): Promise<Record<ServiceName, string>> {
  const free = await freePorts(serviceNames.length);
  const pairs = serviceNames.map((service, index) => [service, `127.0.0.1:${ports?.[service] || free[index]}`]);
  return Object.fromEntries(pairs) as Record<ServiceName, string>;
}

/**
 * Starts the four services as processes of their own, in order, and keeps them running on the same ports.
 * @throws Error with a service's last words if one does not start; the others are stopped by then.
 */
export async function superviseMesh(options: MeshOptions): Promise<SupervisedMesh> {
  const { dataDir, args = [], startTimeoutMs = 60_000, graceMs = 35_000, script = mainOf } = options;
  const addresses = await addressesOf(options.ports);
  // A service refuses a TENON_ variable that it does not know.
  const env = { ...optionEnvironment(options.inherit ?? process.env), ...options.env, TENON_SUPERVISED: '1' };
  const running: { service: ServiceName; process: SupervisedProcess }[] = [];
  let stopped: Promise<void> | null = null;

  async function stopAll(): Promise<void> {
    for (const { process: supervised } of running.toReversed()) await supervised.stop();
  }

  function flagsOf(service: ServiceName): string[] {
    const extra = 'length' in args ? args : (args[service] ?? []);
    const own = [
      `--service.address=${addresses[service]}`,
      `--data-dir=${dataDir}`,
      '--discovery.kind=static',
      ...serviceNames.map((name) => `--discovery.static.${name}=${addresses[name]}`),
    ];
    const overridden = new Set(extra.map((flag) => flag.split('=')[0]));
    return [...own.filter((flag) => !overridden.has(flag.split('=')[0])), ...extra];
  }

  try {
    for (const service of startOrder) {
      const supervised = superviseProcess({
        service,
        command: [...(nodeFlags[service] ?? []), script(service), ...flagsOf(service)],
        env,
        output: options.log ?? process.stderr,
        onEvent: (event) => options.onEvent?.(event),
        startTimeoutMs,
        graceMs,
      });
      running.push({ service, process: supervised });
      await supervised.started;
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  return {
    addresses,
    pids() {
      const pids: Partial<Record<ServiceName, number>> = {};
      for (const { service, process: supervised } of running) {
        const pid = supervised.pid();
        if (pid !== undefined) pids[service] = pid;
      }
      return pids;
    },
    stop() {
      stopped ??= stopAll();
      return stopped;
    },
  };
}
