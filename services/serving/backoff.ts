import { setTimeout as pause } from 'node:timers/promises';
import { firstPauseMs, longestPauseMs } from './limits.js';

/** Pauses that grow from 100 ms to 10 s, each between half and all of it, so that many do not return at once. */
export interface Backoff {
  /** Waits the next pause; rejects when the signal aborts. */
  wait(signal: AbortSignal): Promise<void>;
  /** Begins again with the shortest pause. */
  reset(): void;
}

/** A backoff at its shortest pause; `random` gives 0 to 1. */
export function createBackoff(random: () => number = Math.random): Backoff {
  let nextMs = firstPauseMs;
  return {
    async wait(signal) {
      const ms = nextMs * (0.5 + random() / 2);
      nextMs = Math.min(longestPauseMs, nextMs * 2);
      await pause(ms, undefined, { signal });
    },
    reset() {
      nextMs = firstPauseMs;
    },
  };
}
