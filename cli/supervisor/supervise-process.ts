import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';

import type { ServiceName } from '../../services/mesh/discovery/backend.js';
import type { SupervisorEvent } from './events.js';

const firstBackoffMs = 100;
const maxBackoffMs = 5_000;
const healthyAfterMs = 10_000; // What was up for so long has not failed to start: it is restarted at once.
const tailBytes = 2_048; // Enough of the last words to tell why a start failed.
const lastWordsMs = 500;

/** What a supervised process is made of. */
export interface ProcessParts {
  service: ServiceName;
  /** Arguments of Node: the script and its flags. */
  command: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Where stderr goes, and what stdout says beside the line that announces the address. */
  output: Pick<Writable, 'write'>;
  onEvent(event: SupervisorEvent): void;
  /** A start that does not listen after this time is killed. */
  startTimeoutMs: number;
  /** A stop that takes longer ends with SIGKILL. */
  graceMs: number;
}

/** A process that is restarted when it dies. */
export interface SupervisedProcess {
  /** The address it listens on, from its first start; rejects if that fails, with the process's last words. */
  readonly started: Promise<string>;
  /** The running process; undefined between two. */
  pid(): number | undefined;
  /** Ends it for good: SIGTERM, and SIGKILL after the grace. */
  stop(): Promise<void>;
}

/** The address in the line `{"event":"listening","address":…}`; null for any other line. */
function announcedAddress(line: string): string | null {
  if (!line.startsWith('{')) return null;
  try {
    const said = JSON.parse(line) as { event?: unknown; address?: unknown };
    return said.event === 'listening' && typeof said.address === 'string' ? said.address : null;
  } catch {
    return null;
  }
}

/**
 * Keeps one process running. The first start must succeed; after it, what dies comes back, at once at first and then
 * after 100 ms, 200 ms, … 5 s, until it has been up for ten seconds.
 */
export function superviseProcess(parts: ProcessParts): SupervisedProcess {
  const { service, command, env, output, onEvent, startTimeoutMs, graceMs } = parts;
  let child: ChildProcess | null = null;
  let exited: Promise<void> = Promise.resolve();
  let restartTimer: NodeJS.Timeout | null = null;
  let stopping: Promise<void> | null = null;
  let everListened = false;
  let failures = 0;
  let settle: { resolve(address: string): void; reject(error: Error): void } = { resolve() {}, reject() {} };
  const started = new Promise<string>((resolve, reject) => {
    settle = { resolve, reject };
  });
  started.catch(() => {}); // Whoever starts awaits it; a stop before that is no unhandled rejection.

  function restart(upMs: number): void {
    if (upMs >= healthyAfterMs) failures = 0;
    const afterMs = failures === 0 ? 0 : Math.min(firstBackoffMs * 2 ** (failures - 1), maxBackoffMs);
    failures++;
    onEvent({ event: 'restarting', service, afterMs });
    restartTimer = setTimeout(launch, afterMs);
  }

  function launch(): void {
    restartTimer = null;
    // A process group of its own: Ctrl-C reaches the supervisor alone, which stops the services in order.
    const process_ = spawn(process.execPath, command, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    child = process_;
    const pid = process_.pid ?? 0;
    let listeningSince = 0;
    let tail = '';
    let died: (() => void) | null = null;
    exited = new Promise((resolve) => {
      died = resolve;
    });
    const startTimer = setTimeout(() => {
      onEvent({ event: 'killed', service, pid, why: `not listening after ${startTimeoutMs} ms` });
      process_.kill('SIGKILL');
    }, startTimeoutMs);
    process_.stdin.on('error', () => {});
    process_.stderr.on('data', (chunk: Buffer) => {
      output.write(chunk);
      tail = `${tail}${chunk.toString()}`.slice(-tailBytes);
    });
    createInterface({ input: process_.stdout }).on('line', (line) => {
      const address = announcedAddress(line);
      if (address === null) {
        output.write(`${line}\n`);
        return;
      }
      clearTimeout(startTimer);
      listeningSince = performance.now();
      everListened = true;
      onEvent({ event: 'listening', service, address, pid });
      settle.resolve(address);
    });
    const gone = (how: string) => {
      if (died === null) return;
      died();
      died = null;
      clearTimeout(startTimer);
      child = null;
      onEvent({ event: 'exited', service, pid, how });
      if (stopping !== null) return;
      if (everListened) {
        restart(listeningSince === 0 ? 0 : performance.now() - listeningSince);
        return;
      }
      // Its pipes may hold more than has been read, and may be held open by somebody else.
      const fail = () => settle.reject(new Error(`${service} did not start (${how})${tail && `:\n${tail.trimEnd()}`}`));
      const timer = setTimeout(fail, lastWordsMs);
      process_.once('close', () => {
        clearTimeout(timer);
        fail();
      });
    };
    process_.once('error', (error) => gone(error.message));
    process_.once('exit', (code, signal) => gone(signal === null ? `code ${code}` : `signal ${signal}`));
  }

  async function end(): Promise<void> {
    if (restartTimer !== null) clearTimeout(restartTimer);
    settle.reject(new Error(`${service} was stopped before it listened`));
    const running = child;
    if (running !== null) {
      running.kill('SIGTERM');
      const timer = setTimeout(() => {
        onEvent({ event: 'killed', service, pid: running.pid ?? 0, why: `not stopped after ${graceMs} ms` });
        running.kill('SIGKILL');
      }, graceMs);
      await exited;
      clearTimeout(timer);
    }
    onEvent({ event: 'stopped', service });
  }

  launch();
  return {
    started,
    pid: () => child?.pid,
    stop() {
      stopping ??= end();
      return stopping;
    },
  };
}
