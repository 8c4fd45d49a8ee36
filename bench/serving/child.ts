import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from '../../services/mesh/server/node-flags.js';

/** A server of these benchmarks in a process of its own. */
export interface ServerProcess {
  /** `host:port`. */
  address: string;
  stop(): Promise<void>;
}

/** Starts a script of this folder, as serving is started, and waits for the line that says where it listens. */
export async function startServer(script: string, args: readonly string[] = []): Promise<ServerProcess> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [...(nodeFlags.serving ?? []), path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    const end = text.indexOf('\n');
    if (end < 0) continue;
    const { address } = JSON.parse(text.slice(0, end)) as { address: string };
    return { address, stop };
  }
  await ended;
  throw new Error(`${script} ended before it listened`);
}
