import { addon } from './addon.js';
import { checkInteger } from './argument-error.js';

/** How many threads native code computes on: TENON_NATIVE_THREADS, or the processors there are. */
export function threadCount(): number {
  return addon.threadCount();
}

/**
 * Changes how many threads compute, for the whole process; 1 to 256. Results do not depend on it.
 * Throws ArgumentError.
 */
export function setThreads(threads: number): void {
  checkInteger('threads', threads, 1, 256);
  addon.setThreadCount(threads);
}
