import { addon, type RawTaskControl } from './addon.js';

/** How a caller follows and ends a long native call. */
export interface TaskOptions {
  /** Ends the call within 200 ms of aborting; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Hears of progress at most ten times a second, and of the last step. If it throws, the task is
   * cancelled and the promise rejects with what it threw.
   */
  onProgress?: ((step: number, total: number) => void) | undefined;
}

/**
 * Runs a native task under an AbortSignal. `start` gets the control to hand to native code and
 * returns that code's promise. A signal that is already aborted starts nothing.
 */
export async function runTask<Result>(
  { signal, onProgress }: TaskOptions,
  start: (control: RawTaskControl) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  let listenerFailure: { error: unknown } | null = null;
  const report =
    onProgress === undefined
      ? null
      : (step: number, total: number) => {
          if (listenerFailure !== null) return;
          try {
            onProgress(step, total);
          } catch (error) {
            listenerFailure = { error };
            control.cancel();
          }
        };
  const control = new addon.TaskControl(report);
  const abort = () => control.cancel();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await start(control);
  } catch (error) {
    if (listenerFailure !== null) throw (listenerFailure as { error: unknown }).error;
    // An abort that came after the last check found nothing to stop; its caller still gets a result.
    if (signal?.aborted && (error as { code?: unknown }).code === 'CANCELLED') throw signal.reason;
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
