import { addon, type RawMatrix } from './addon.js';
import { ArgumentError, checkArray, checkShape } from './argument-error.js';

/**
 * A row-major matrix of floats in native memory, for long calls: JavaScript's own arrays can be
 * moved or freed while they run. Holds its memory until `dispose()` or garbage collection; a call
 * under way keeps its own share.
 */
export class NativeMatrix {
  private constructor(private raw: RawMatrix | null) {}

  /**
   * Copies `data` (rowCount x columnCount values). Throws ArgumentError if the lengths disagree, and
   * RangeError if it takes more than half of the machine's memory, before any is taken.
   */
  static from(data: Float32Array, rowCount: number, columnCount: number): NativeMatrix {
    checkArray('data', data, 'Float32Array', checkShape('rowCount', rowCount, 'columnCount', columnCount, 1));
    return new NativeMatrix(new addon.NativeMatrix(data, rowCount, columnCount));
  }

  /** Takes a matrix that native code made. */
  static adopt(raw: RawMatrix): NativeMatrix {
    return new NativeMatrix(raw);
  }

  get rowCount(): number {
    return this.handle('matrix').rowCount();
  }

  get columnCount(): number {
    return this.handle('matrix').columnCount();
  }

  /** The values, row-major; into `target` if given, which must have exactly their length. */
  toFloat32Array(target = new Float32Array(this.rowCount * this.columnCount)): Float32Array {
    checkArray('target', target, 'Float32Array', this.rowCount * this.columnCount);
    this.handle('matrix').copyTo(target);
    return target;
  }

  /** What native code takes. Throws ArgumentError naming `field` after `dispose()`. */
  handle(field: string): RawMatrix {
    if (this.raw === null) throw new ArgumentError(field, '(disposed of)', 'a live NativeMatrix');
    return this.raw;
  }

  /** Gives the memory back; a second call does nothing. */
  dispose(): void {
    this.raw?.dispose();
    this.raw = null;
  }
}
