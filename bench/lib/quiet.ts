import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const sampleMs = 2000;
const mostBusy = 0.15; // Of all processors: an idle system with a few services stays below.
const longestWaitMs = 300_000;

/** The share of all processors' time that was taken during a sample. */
async function busyShare(): Promise<number> {
  const totals = () => {
    const sum = { idle: 0, all: 0 };
    for (const { times } of cpus()) {
      sum.idle += times.idle;
      sum.all += times.idle + times.user + times.nice + times.sys + times.irq;
    }
    return sum;
  };
  const before = totals();
  await sleep(sampleMs);
  const after = totals();
  return 1 - (after.idle - before.idle) / Math.max(1, after.all - before.all);
}

/**
 * Waits, five minutes at most, until others leave the processors alone: on a busy machine a pool of
 * threads that spins is slowed down many times more than one that does not.
 * @throws Error if they do not
 */
export async function untilQuiet(): Promise<void> {
  const begin = performance.now();
  for (;;) {
    const share = await busyShare();
    if (share <= mostBusy) return;
    if (performance.now() - begin > longestWaitMs) {
      throw new Error(
        `other processes take ${Math.round(100 * share)} % of the processors: measure when they have ended`,
      );
    }
  }
}
