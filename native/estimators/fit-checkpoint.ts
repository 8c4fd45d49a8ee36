import type { TaskCheckpoint } from '../cancel.js';
import type { EstimatorDefinition } from './estimator-definition.js';
import { EstimatorError } from './estimator-error.js';
import type { Task } from './model.js';
import type { ParameterValue } from './parameters.js';

/** How a fit is kept while it runs. */
export interface FitCheckpoint {
  /** The least time between two snapshots, 0 to 10,000,000; 0 takes one after every step for which there is time. */
  readonly intervalSeconds: number;
  /** Of a snapshot, 0 to 2^32; larger ones are not taken. 2^30 by default. */
  readonly maxBytes?: number | undefined;
  /**
   * Keeps a snapshot of the fit after `step` of `steps` steps; it belongs to the caller. No other is taken before this
   * resolves, nor before fifty times the time that all of it took, unless the interval is 0. If it fails, so does the fit.
   */
  save(snapshot: Uint8Array, step: number, steps: number): void | Promise<void>;
}

/** What became of a snapshot that a fit was to go on from. */
export type Resumed =
  /** The fit goes on after this step. */
  | { readonly step: number; readonly refusal: null }
  /** The snapshot cannot be used, and why; the fit begins anew. */
  | { readonly step: 0; readonly refusal: string };

/** What of a fit's request says whether it is kept while it runs, and what it goes on from. */
export interface KeptOnItsWay {
  /**
   * Keeps the fit on its way, between two trees, rounds or steps of the solver, of estimators that are `resumable`; the
   * others take no notice. Whether and how often changes no bit of the model.
   */
  readonly checkpoint?: FitCheckpoint | undefined;
  /**
   * A snapshot to go on from, of any origin. One that is not whole, or is of another estimator, seed, parameters or data
   * than these, is refused, and the fit begins anew. The model is bit-equal to that of a fit without interruption, at any
   * number of threads.
   */
  readonly resume?: Uint8Array | undefined;
  /** Hears what became of `resume`, once. */
  readonly onResume?: ((resumed: Resumed) => void) | undefined;
}

const maxIntervalSeconds = 1e7;
const maxSnapshotBytes = 2 ** 32;
const defaultMaxBytes = 2 ** 30;

/**
 * What the native side is told of a request's checkpoint; undefined for none. Throws EstimatorError for an interval or
 * a size out of range, and a snapshot that is no bytes.
 */
export function taskCheckpoint(
  { checkpoint, resume, onResume }: KeptOnItsWay,
  { task, classCount, seed }: { task: Task; classCount: number; seed: number },
  { id, resumable }: EstimatorDefinition,
  parameters: Readonly<Record<string, ParameterValue>>,
): TaskCheckpoint | undefined {
  const { intervalSeconds = maxIntervalSeconds, maxBytes = defaultMaxBytes } = checkpoint ?? {};
  if (!(intervalSeconds >= 0 && intervalSeconds <= maxIntervalSeconds)) {
    const bound = `must be from 0 to ${maxIntervalSeconds}`;
    throw new EstimatorError('INVALID_FIELD', 'checkpoint.intervalSeconds', intervalSeconds, bound);
  }
  if (!(maxBytes >= 0 && maxBytes <= maxSnapshotBytes)) {
    const bound = `must be from 0 to ${maxSnapshotBytes}`;
    throw new EstimatorError('INVALID_FIELD', 'checkpoint.maxBytes', maxBytes, bound);
  }
  if (checkpoint === undefined && resume === undefined) return undefined;
  if (resume !== undefined && !((resume as unknown) instanceof Uint8Array)) {
    throw new EstimatorError('INVALID_FIELD', 'resume', resume, 'must be a Uint8Array');
  }
  if (!resumable) {
    if (resume !== undefined) onResume?.({ step: 0, refusal: `${id} has no steps to go on from` });
    return undefined;
  }
  const sorted = Object.entries(parameters).sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    identity: { estimator: id, parameters: JSON.stringify([task, classCount, sorted]), seed },
    intervalMs: Math.round(intervalSeconds * 1_000),
    maxBytes,
    resume: resume ?? null,
    save: (snapshot, step, steps) => checkpoint?.save(snapshot, step, steps),
    onResume: (step, refusal) => onResume?.(refusal === null ? { step, refusal } : { step: 0, refusal }),
  };
}
