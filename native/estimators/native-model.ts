import { setImmediate as turn } from 'node:timers/promises';
import type { RawTaskControl } from '../addon.js';
import { runTask, type TaskOptions } from '../cancel.js';
import type { Matrix } from '../table/matrix.js';
import { checkFeatures, refuseNotFinite } from './checks.js';
import { EstimatorError } from './estimator-error.js';
import type { Model, ModelFile, Task } from './model.js';

/** What is told of a model whose numbers are in native memory. */
export interface NativeModelParts<Handle> {
  readonly estimator: string;
  readonly task: Task;
  readonly classCount: number;
  readonly featureCount: number;
  readonly acceptsMissing: boolean;
  /** Whether `predict` and `predictSync` refuse missing and infinite features themselves. */
  readonly checksRows?: boolean;
  /** So many rows are scored within `predict` itself, as handing them to another thread would take as long. */
  readonly quickRows?: number;
  /**
   * Scores rows from `begin` into their place in `out` and writes all of it, or returns false. More rows than
   * `quickRows` are then scored so many at a time, the event loop having its turn between: where a row is scored about
   * as fast as it is copied for another thread.
   */
  readonly predictPart?: (
    handle: Handle,
    data: Float32Array,
    rows: { begin: number; count: number },
    out: Float32Array,
  ) => boolean;
  /** Whether `predictSync` writes all of `out` or throws: then `out` need not be cleared before. */
  readonly fillsOutput?: boolean;
  readonly importances: Float64Array | null;
  readonly sizeBytes: number;
  readonly operationsPerRow?: number;
  readonly handle: Handle;
  predict(handle: Handle, data: Float32Array, rowCount: number, control: RawTaskControl | null): Promise<Float32Array>;
  predictSync(handle: Handle, data: Float32Array, rowCount: number, out: Float32Array): void;
  file(handle: Handle): ModelFile;
  dispose(handle: Handle): void;
}

/** Below this an array that is cleared is made as fast. */
const fewNumbers = 1024;

/** An array that holds anything. */
function unclearedFloats(length: number): Float32Array {
  return new Float32Array(Buffer.allocUnsafeSlow(length * Float32Array.BYTES_PER_ELEMENT).buffer);
}

/** A Model over a native handle; checks every matrix before it crosses. */
export function nativeModel<Handle>(parts: NativeModelParts<Handle>): Model {
  const { featureCount, classCount, acceptsMissing, checksRows = false, quickRows = 0, fillsOutput = false } = parts;
  const { predictPart } = parts;
  const width = Math.max(1, classCount);
  let handle: Handle | null = parts.handle;
  // Predictions between two of their parts.
  let underWay = 0;
  const live = (): Handle => {
    if (handle === null)
      throw new EstimatorError('INVALID_FIELD', 'model', '(disposed of)', 'must not be used any more');
    return handle;
  };
  const check = (matrix: Matrix) => {
    checkFeatures(matrix, featureCount);
    // Trees only compare: an infinite value is merely large. Sums of products would be NaN.
    if (!acceptsMissing && !checksRows) refuseNotFinite(matrix, null);
  };
  const scored = (model: Handle, { data, rowCount }: Matrix) => {
    const count = rowCount * width;
    const out = fillsOutput && count >= fewNumbers ? unclearedFloats(count) : new Float32Array(count);
    parts.predictSync(model, data, rowCount, out);
    return out;
  };
  const freeUnused = () => {
    if (handle === null && underWay === 0) parts.dispose(parts.handle);
  };
  /** The predictions, or null where a row cannot be scored. */
  const scoredInParts = async (model: Handle, { data, rowCount }: Matrix, signal: AbortSignal | undefined) => {
    if (predictPart === undefined || quickRows === 0) return null;
    const out = unclearedFloats(rowCount * width);
    // As even as they can be: few rows may be rounded in another way than many.
    const most = Math.ceil(rowCount / Math.ceil(rowCount / quickRows));
    for (let begin = 0; begin < rowCount; begin += most) {
      if (begin > 0) await turn();
      signal?.throwIfAborted();
      if (!predictPart(model, data, { begin, count: Math.min(most, rowCount - begin) }, out)) return null;
    }
    return out;
  };
  return {
    estimator: parts.estimator,
    task: parts.task,
    classCount,
    featureCount,
    importances: parts.importances,
    sizeBytes: parts.sizeBytes,
    operationsPerRow: parts.operationsPerRow,
    async predict(matrix: Matrix, options: Pick<TaskOptions, 'signal'> = {}) {
      check(matrix);
      const model = live();
      if (matrix.rowCount <= quickRows) {
        options.signal?.throwIfAborted();
        return scored(model, matrix);
      }
      underWay++;
      try {
        return (
          (await scoredInParts(model, matrix, options.signal)) ??
          (await runTask(options, (control) => parts.predict(model, matrix.data, matrix.rowCount, control)))
        );
      } finally {
        underWay--;
        freeUnused();
      }
    },
    predictSync(matrix: Matrix) {
      check(matrix);
      return scored(live(), matrix);
    },
    toTensors: () => parts.file(live()),
    dispose() {
      if (handle === null) return;
      handle = null;
      freeUnused();
    },
  };
}
