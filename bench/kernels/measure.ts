import { performance } from 'node:perf_hooks';
import { setThreads, threadCount } from '../../native/threads.js';

/** Seconds of each of `repetitions` calls, after `warmUps` that do not count. */
export function measure(repetitions: number, body: () => void, warmUps = 2): number[] {
  for (let i = 0; i < warmUps; i++) body();
  return Array.from({ length: repetitions }, () => {
    const start = performance.now();
    body();
    return (performance.now() - start) / 1000;
  });
}

/** Runs `body` with so many native threads, then sets back how many there were. */
export async function withThreads<Result>(threads: number, body: () => Promise<Result>): Promise<Result> {
  const before = threadCount();
  setThreads(threads);
  try {
    return await body();
  } finally {
    setThreads(before);
  }
}
