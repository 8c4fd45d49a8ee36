import { addon, type RawTaskControl } from './addon.js';

/** How a long task is kept, and what it goes on from. */
export interface TaskCheckpoint {
  /** What the task is: a snapshot of another is refused. */
  readonly identity: { readonly estimator: string; readonly parameters: string; readonly seed: number };
  readonly intervalMs: number;
  readonly maxBytes: number;
  /** A snapshot of any origin. */
  readonly resume: Uint8Array | null;
  /** Keeps a snapshot; there is no other before it resolves. If it fails, the task is cancelled and fails with it. */
  save(snapshot: Uint8Array, step: number, steps: number): void | Promise<void>;
  /** What became of `resume`: the step gone on from, or why the task began anew. */
  onResume(step: number, refusal: string | null): void;
}

/** How a caller follows and ends a long native call. */
export interface TaskOptions {
  /** Ends the call within 200 ms of aborting; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Hears of progress at most ten times a second, and of the last step. If it throws, the task is
   * cancelled and the promise rejects with what it threw.
   */
  onProgress?: ((step: number, total: number) => void) | undefined;
  /** Tasks that have steps to go on from are kept by it; others take no notice. */
  checkpoint?: TaskCheckpoint | undefined;
}

/**
 * Runs a native task under an AbortSignal. `start` gets the control to hand to native code and
 * returns that code's promise. A signal that is already aborted starts nothing.
 */
export async function runTask<Result>(
  { signal, onProgress, checkpoint }: TaskOptions,
  start: (control: RawTaskControl) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  let listenerFailure: { error: unknown } | null = null;
  const fail = (error: unknown) => {
    listenerFailure ??= { error };
    control.cancel();
  };
  const heard = (tell: () => void) => {
    if (listenerFailure !== null) return;
    try {
      tell();
    } catch (error) {
      fail(error);
    }
  };
  const report =
    onProgress === undefined ? null : (step: number, total: number) => heard(() => onProgress(step, total));
  let saving: Promise<void> = Promise.resolve();
  const raw = checkpoint && {
    ...checkpoint.identity,
    intervalMs: checkpoint.intervalMs,
    maxBytes: checkpoint.maxBytes,
    resume: checkpoint.resume,
    onSnapshot(bytes: ArrayBuffer, step: number, steps: number) {
      saving = Promise.resolve()
        .then(() => checkpoint.save(new Uint8Array(bytes), step, steps))
        .then(() => control.kept(), fail);
    },
    onResume: (step: number, refusal: string | null) => heard(() => checkpoint.onResume(step, refusal)),
  };
  const control = new addon.TaskControl(report, raw ?? null);
  const abort = () => control.cancel();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const result = await start(control);
    await saving;
    // A task that had no step left to be cancelled at has a result all the same.
    if (listenerFailure !== null) throw (listenerFailure as { error: unknown }).error;
    return result;
  } catch (error) {
    if (listenerFailure !== null) throw (listenerFailure as { error: unknown }).error;
    // An abort that came after the last check found nothing to stop; its caller still gets a result.
    if (signal?.aborted && (error as { code?: unknown }).code === 'CANCELLED') throw signal.reason;
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
