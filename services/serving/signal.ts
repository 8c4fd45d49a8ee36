/** Tells waiters that something has changed; carries no data, so a slow waiter costs nothing. */
export interface Signal {
  /** Wakes everyone who waits. */
  notify(): void;
  /** Resolves at the next `notify`; rejects with the reason of `signal` when it aborts. */
  next(signal: AbortSignal): Promise<void>;
}

/** A signal without waiters. */
export function createSignal(): Signal {
  const waiting = new Set<() => void>();
  return {
    notify() {
      const woken = [...waiting];
      waiting.clear();
      for (const wake of woken) wake();
    },
    next(signal) {
      return new Promise((resolve, reject) => {
        const wake = () => {
          signal.removeEventListener('abort', aborted);
          resolve();
        };
        const aborted = () => {
          waiting.delete(wake);
          reject(signal.reason);
        };
        if (signal.aborted) return reject(signal.reason);
        waiting.add(wake);
        signal.addEventListener('abort', aborted, { once: true });
      });
    },
  };
}
