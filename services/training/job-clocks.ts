const longestTimerMs = 2 ** 31 - 1; // Node runs a longer one at once.

/** What a timer of a job is for. */
export type ClockKind =
  /** The wait for the first worker. */
  | 'start'
  /** The whole job. */
  | 'close'
  /** One attempt. */
  | 'attempt'
  /** The pause before the next attempt. */
  | 'rest';

/** Timers of jobs, on the process's monotonic clock: what the wall clock does meanwhile does not matter. */
export interface JobClocks {
  /** Whether the timer is set and has not run. */
  has(name: string, kind: ClockKind): boolean;
  /** Calls `run` after `ms`, at once if that is over; replaces an earlier timer of the kind. */
  set(name: string, kind: ClockKind, ms: number, run: () => void): void;
  clear(name: string, kind?: ClockKind): void;
  close(): void;
}

/** Timers keep the process alive until they have run or are closed. */
export function createJobClocks(): JobClocks {
  const timers = new Map<string, Map<ClockKind, NodeJS.Timeout>>();

  function set(name: string, kind: ClockKind, ms: number, run: () => void): void {
    clear(name, kind);
    const step = Math.min(Math.max(0, ms), longestTimerMs);
    const timer = setTimeout(() => {
      clear(name, kind);
      if (ms > step) set(name, kind, ms - step, run);
      else run();
    }, step);
    const own = timers.get(name) ?? new Map<ClockKind, NodeJS.Timeout>();
    own.set(kind, timer);
    timers.set(name, own);
  }

  function clear(name: string, kind?: ClockKind): void {
    const own = timers.get(name);
    if (own === undefined) return;
    for (const [each, timer] of own) {
      if (kind !== undefined && each !== kind) continue;
      clearTimeout(timer);
      own.delete(each);
    }
    if (own.size === 0) timers.delete(name);
  }

  return {
    set,
    clear,
    has: (name, kind) => timers.get(name)?.has(kind) ?? false,
    close() {
      for (const name of [...timers.keys()]) clear(name);
    },
  };
}
