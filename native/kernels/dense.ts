import { addon } from '../addon.js';
import { ArgumentError, checkArray, checkInteger, checkShape } from '../argument-error.js';

declare const rawDense: unique symbol;
/** A dense layer in native memory. */
export interface RawDense {
  readonly [rawDense]: true;
}

declare module '../addon.js' {
  interface Addon {
    denseCreate(weights: Float32Array, bias: Float32Array, inputs: number, units: number, rectify: boolean): RawDense;
    denseApply(layer: RawDense, rows: Float32Array, rowCount: number, out: Float32Array): void;
    denseDispose(layer: RawDense): void;
  }
}

/** What a dense layer is made of. */
export interface DenseWeights {
  /** inputs x units, row-major. */
  weights: Float32Array;
  /** One per unit. */
  bias: Float32Array;
  inputs: number;
  units: number;
  /** What is done to each sum: `relu` makes negative ones zero. Default `identity`. */
  activation?: 'identity' | 'relu';
}

/**
 * A dense layer in single precision as one operation: a product, a bias and an activation. Its
 * weights are put into the order in which this processor reads them once, when it is made. Holds native
 * memory, two to three times that of the weights, until `dispose()` or garbage collection.
 *
 * A row gives the same bits in any company and at any number of threads; and on every instruction
 * set but `amx`, which rounds finite sums in another way, closer to the exact ones.
 */
export class DenseLayer {
  readonly inputs: number;
  readonly units: number;
  private raw: RawDense | null;

  /** Copies the weights. Throws ArgumentError, and RangeError if there is no memory for them. */
  constructor({ weights, bias, inputs, units, activation = 'identity' }: DenseWeights) {
    if (activation !== 'identity' && activation !== 'relu') {
      throw new ArgumentError('activation', String(activation), 'identity or relu');
    }
    checkInteger('inputs', inputs, 1, 2 ** 31);
    checkInteger('units', units, 1, 2 ** 31);
    checkArray('weights', weights, 'Float32Array', checkShape('inputs', inputs, 'units', units));
    checkArray('bias', bias, 'Float32Array', units);
    this.inputs = inputs;
    this.units = units;
    this.raw = addon.denseCreate(weights, bias, inputs, units, activation === 'relu');
  }

  /**
   * The layer's results for `rows`, rowCount x inputs: rowCount x units, in `out` if given. Blocks until
   * done, on all threads when the work is large. Throws ArgumentError.
   */
  apply(
    rows: Float32Array,
    rowCount: number,
    out = new Float32Array(checkShape('rowCount', rowCount, 'units', this.units)),
  ): Float32Array {
    if (this.raw === null) throw new ArgumentError('layer', '(disposed of)', 'a live DenseLayer');
    checkArray('rows', rows, 'Float32Array', checkShape('rowCount', rowCount, 'inputs', this.inputs));
    checkArray('out', out, 'Float32Array', checkShape('rowCount', rowCount, 'units', this.units));
    addon.denseApply(this.raw, rows, rowCount, out);
    return out;
  }

  /** Gives the memory back; a second call does nothing. */
  dispose(): void {
    if (this.raw !== null) addon.denseDispose(this.raw);
    this.raw = null;
  }
}
