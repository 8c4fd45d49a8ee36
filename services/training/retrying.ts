import { setTimeout as pause } from 'node:timers/promises';
import { isPassing } from './errors.js';

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Runs `body` until it succeeds, fails for good, or has failed for `timeoutMs` with errors
 * that may pass. `now` is monotonic, in milliseconds. Rejects when the signal aborts.
 */
export async function retrying<T>(
  body: () => Promise<T>,
  { timeoutMs, now, signal }: { timeoutMs: number; now: () => number; signal: AbortSignal },
): Promise<T> {
  const end = now() + timeoutMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    try {
      return await body();
    } catch (error) {
      if (signal.aborted || !isPassing(error) || now() >= end) throw error;
    }
    await pause(Math.min(pauseMs, Math.max(0, end - now())), undefined, { signal });
  }
}
