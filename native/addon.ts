import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../proto/root.js';

/** Raw results per column; all arrays as long as the columns. */
export interface RawColumnStatistics {
  count: Float64Array;
  mean: Float64Array;
  variance: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

/** One instruction set this build has kernels for, best first in `isas()`. */
export interface IsaDescription {
  name: string;
  description: string;
  /** Whether this processor can run it. */
  supported: boolean;
}

/** What a native task and its caller share. Good for one task. */
export interface RawTaskControl {
  /** Makes the task's promise reject with an Error of code CANCELLED, soon. */
  cancel(): void;
  /** The snapshot handed over last is kept; until then there is no other. */
  kept(): void;
}

/** How a native fit is kept; CheckpointOptions in native/src/runtime/checkpoint.h says what each means. */
export interface RawCheckpoint {
  estimator: string;
  parameters: string;
  seed: number;
  intervalMs: number;
  maxBytes: number;
  resume: Uint8Array | null;
  onSnapshot(bytes: ArrayBuffer, step: number, steps: number): void;
  /** `refusal` is null if the fit goes on from `step`. */
  onResume(step: number, refusal: string | null): void;
}

/** A matrix in native memory. Made by `NativeMatrix` in native/matrix.ts, which checks. */
export interface RawMatrix {
  rowCount(): number;
  columnCount(): number;
  copyTo(target: Float32Array): void;
  dispose(): void;
}

/**
 * The addon's exports, positional as C++ reads them. Use the faces in native/kernels instead: they
 * name arguments and check them first. Native code checks type, length and overlap again and throws
 * TypeError or RangeError.
 *
 * A part of the addon with its own face adds its exports here by module augmentation.
 */
export interface Addon {
  activeIsa(): string;
  isas(): IsaDescription[];
  kernelNames(): string[];
  threadCount(): number;
  setThreadCount(threads: number): number;

  TaskControl: new (
    onProgress: ((step: number, total: number) => void) | null,
    checkpoint?: RawCheckpoint | null,
  ) => RawTaskControl;
  NativeMatrix: new (data: Float32Array, rowCount: number, columnCount: number) => RawMatrix;

  dotF32(a: Float32Array, b: Float32Array): number;
  axpyF32(alpha: number, x: Float32Array, y: Float32Array): void;
  gemvF32(a: Float32Array, x: Float32Array, y: Float32Array, rows: number, columns: number): void;
  gemvTransposedF32(a: Float32Array, x: Float32Array, y: Float32Array, rows: number, columns: number): void;
  gemmF32(
    a: Float32Array,
    b: Float32Array,
    c: Float32Array,
    m: number,
    n: number,
    k: number,
    transposeA: boolean,
    transposeB: boolean,
    accumulate: boolean,
  ): void;
  columnStatistics(
    data: Float32Array,
    rows: number,
    columns: number,
    count: Float64Array,
    mean: Float64Array,
    variance: Float64Array,
    low: Float64Array,
    high: Float64Array,
  ): void;
  affineColumns(
    x: Float32Array,
    y: Float32Array,
    rows: number,
    columns: number,
    minus: Float32Array,
    times: Float32Array,
    plus: Float32Array,
  ): void;
  sigmoid(z: Float32Array, p: Float32Array): void;
  sigmoidLoss(z: Float32Array, target: Float32Array, gradient: Float32Array): number;
  softmax(z: Float32Array, p: Float32Array, rows: number, classes: number): void;
  softmaxLoss(z: Float32Array, label: Uint32Array, gradient: Float32Array, classes: number): number;
  sgdStep(weights: Float32Array, gradient: Float32Array, learningRate: number, weightDecay: number): void;
  momentumStep(
    weights: Float32Array,
    gradient: Float32Array,
    velocity: Float32Array,
    learningRate: number,
    weightDecay: number,
    momentum: number,
    dampening: number,
    nesterov: boolean,
  ): void;
  squareStep(
    weights: Float32Array,
    gradient: Float32Array,
    square: Float32Array,
    learningRate: number,
    weightDecay: number,
    beta: number,
    epsilon: number,
  ): void;
  adamStep(
    weights: Float32Array,
    gradient: Float32Array,
    mean: Float32Array,
    square: Float32Array,
    learningRate: number,
    weightDecay: number,
    decoupled: boolean,
    beta1: number,
    beta2: number,
    epsilon: number,
    stepSize: number,
    inverseRoot: number,
  ): void;
  quantizeInt8(x: Float32Array, q: Int8Array, scale: Float32Array, rows: number, columns: number): number;
  pruneF32(x: Float32Array, y: Float32Array, zeros: number): void;
  allFinite(x: Float32Array): boolean;
  /** 0 if a number is no class below `classCount`, or for 0 not finite; 1 if all are the same, otherwise 2. */
  lookAtTarget(target: Float64Array, classCount: number): number;
  /** Zeros in memory that fits may read in place. */
  sharedFloats(length: number): Float32Array;
  affineRows(
    x: Float32Array,
    order: Uint32Array,
    place: Uint32Array,
    rows: number,
    columns: number,
    minus: Float32Array,
    times: Float32Array,
    plus: Float32Array,
    y: Float32Array,
  ): void;
  rowBest(scores: Float32Array, rows: number, columns: number, best: Float32Array): Uint32Array;
  findAbove(
    x: Float32Array,
    plus: Float32Array,
    factor: number,
    minus: Float32Array,
    bound: number,
    from: number,
  ): number;
  addRows(
    x: Float32Array,
    rows: number,
    columns: number,
    label: Uint32Array,
    weight: Float64Array | null,
    sums: Float64Array,
  ): void;
  rowProducts(x: Float32Array, weights: Float64Array, sums: Float64Array): void;
  gramTile(a: Float64Array, b: Float64Array, rows: number, columns: number, sums: Float64Array): void;
  dotInt8(a: Int8Array, b: Int8Array): number;
  gemvInt8(
    a: Int8Array,
    x: Int8Array,
    rowScale: Float32Array,
    xScale: number,
    y: Float32Array,
    rows: number,
    columns: number,
  ): void;
  gemmInt8(a: Int8Array, b: Int8Array, c: Int32Array, m: number, n: number, k: number, transposeB: boolean): void;

  columnStatisticsAsync(matrix: RawMatrix, control: RawTaskControl | null): Promise<RawColumnStatistics>;
  affineColumnsAsync(
    matrix: RawMatrix,
    minus: Float32Array,
    times: Float32Array,
    plus: Float32Array,
    control: RawTaskControl | null,
  ): Promise<RawMatrix>;
  gemmF32Async(
    a: RawMatrix,
    b: RawMatrix,
    transposeA: boolean,
    transposeB: boolean,
    control: RawTaskControl | null,
  ): Promise<RawMatrix>;
}

function load(): Addon {
  // TENON_ADDON names another build of the same sources, such as the instrumented one.
  const file = process.env.TENON_ADDON ?? join(packageRoot, 'native', 'build', 'Release', 'tenon.node');
  if (!existsSync(file)) {
    throw new Error(`the native addon ${file} does not exist; build it with: node native/build.mjs`);
  }
  return createRequire(import.meta.url)(file) as Addon;
}

/** The loaded addon. Loading throws if TENON_FORCE_ISA or TENON_NATIVE_THREADS has a wrong value. */
export const addon: Addon = load();
