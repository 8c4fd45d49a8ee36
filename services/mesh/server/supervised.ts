import type { Readable } from 'node:stream';

/** What is looked at; the process's own by default. */
export interface SupervisedParts {
  env?: NodeJS.ProcessEnv;
  stdin?: Readable;
}

/**
 * Calls back once when the supervisor that started this process is gone, however it went: it holds the other end of
 * our stdin, which the system closes with it. Does nothing unless TENON_SUPERVISED is 1. Does not keep the process
 * alive.
 */
export function onParentGone(
  callback: () => void,
  { env = process.env, stdin = process.stdin }: SupervisedParts = {},
): void {
  if (env.TENON_SUPERVISED !== '1') return;
  // The other ends of stdout and stderr go with it. A log line then must not end the drain.
  process.stdout.on('error', ignore);
  process.stderr.on('error', ignore);
  let told = false;
  const gone = () => {
    if (told) return;
    told = true;
    callback();
  };
  stdin.once('end', gone);
  stdin.once('close', gone);
  stdin.once('error', gone);
  stdin.resume();
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
}

function ignore(): void {}
