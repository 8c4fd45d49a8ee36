import { type ChildProcess, spawn } from 'node:child_process';

import { freePorts } from '../../cli/supervisor/free-ports.js';
import { poll } from './poll.js';

/** A real Consul agent on ports of its own, which forgets everything when it ends. */
export interface ConsulAgent {
  /** `host:port` of its HTTP interface, the same after a restart. */
  readonly address: string;
  /** The ids of the instances that this agent has registered. */
  registered(): Promise<string[]>;
  start(): Promise<void>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
}

/** Starts an agent from the program at `path`. */
export async function startConsulAgent(path: string): Promise<ConsulAgent> {
  const [http = 0, server = 0, serf = 0] = await freePorts(3);
  const address = `127.0.0.1:${http}`;
  let running: ChildProcess | null = null;
  let ended: Promise<unknown> = Promise.resolve();

  async function ask(path_: string): Promise<Record<string, unknown> | null> {
    try {
      const response = await fetch(`http://${address}${path_}`, { signal: AbortSignal.timeout(2_000) });
      return response.ok ? ((await response.json()) as Record<string, unknown>) : null;
    } catch {
      return null;
    }
  }

  const agent: ConsulAgent = {
    address,
    registered: async () => Object.keys((await ask('/v1/agent/services')) ?? {}).sort(),
    async start() {
      const ports = [`-http-port=${http}`, `-server-port=${server}`, `-serf-lan-port=${serf}`, '-serf-wan-port=-1'];
      const args = ['agent', '-dev', '-bind=127.0.0.1', '-client=127.0.0.1', '-dns-port=-1', '-grpc-port=-1', ...ports];
      const child = spawn(path, [...args, '-disable-host-node-id', '-log-level=err'], { stdio: 'ignore' });
      running = child;
      ended = new Promise((resolve) => child.once('exit', resolve));
      await poll('the Consul agent', 20_000, () => ask('/v1/agent/self'));
    },
    async kill() {
      running?.kill('SIGKILL');
      running = null;
      await ended;
    },
  };
  await agent.start();
  return agent;
}
