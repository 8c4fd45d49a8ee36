import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../proto/root.js';

/** Where benchmarks keep their data; not part of the product. */
export const benchData: string = join(packageRoot, '.cache', 'bench-data');

/** A peer's library, waiting in its own process while we are measured. */
export interface Peer {
  /** Sends one line, resolves to the JSON it answers with. */
  ask<Answer>(command: string): Promise<Answer>;
  close(): Promise<void>;
}

/** Makes .cache/bench-venv with scikit-learn on first use; returns its Python. */
function python(): string {
  const folder = join(packageRoot, '.cache', 'bench-venv');
  const interpreter = join(folder, 'bin', 'python');
  if (!existsSync(interpreter)) {
    console.error('installing scikit-learn into .cache/bench-venv');
    mkdirSync(join(packageRoot, '.cache'), { recursive: true });
    for (const [command, ...given] of [
      ['python3', '-m', 'venv', folder],
      [interpreter, '-m', 'pip', 'install', '--quiet', 'scikit-learn==1.9.*', 'numpy'],
    ]) {
      const { status } = spawnSync(command ?? '', given, { stdio: 'inherit' });
      if (status !== 0) throw new Error(`${command} ${given.join(' ')} ended with ${status}`);
    }
  }
  return interpreter;
}

/** Starts bench/peers/SCRIPT with the data folder and the number of threads. */
export function startPeer(script: string, threads: number): Peer {
  mkdirSync(benchData, { recursive: true });
  const file = join(packageRoot, 'bench', 'peers', script);
  const child: ChildProcess = spawn(python(), [file, benchData, String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the peer has no pipes');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    async ask<Answer>(command: string) {
      stdin.write(`${command}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${script} ended instead of answering ${command}`);
      return JSON.parse(value) as Answer;
    },
    async close() {
      stdin.end();
      await ended;
    },
  };
}
