import { addon, type RawTaskControl } from '../addon.js';
import { ArgumentError, checkInteger, checkNumber } from '../argument-error.js';
import { runTask, type TaskOptions } from '../cancel.js';

interface RawNumberColumns {
  append(column: number, numbers: Float64Array | BigInt64Array, validity: Uint8Array | null): void;
  profile(levels: Float64Array, control: RawTaskControl | null): Promise<RawNumberProfiles>;
  dispose(): void;
}

interface RawNumberProfiles {
  finite: Float64Array;
  nullCount: Float64Array;
  distinct: Float64Array;
  mean: Float64Array;
  stdDev: Float64Array;
  min: Float64Array;
  max: Float64Array;
  quantiles: Float64Array[];
}

declare module '../addon.js' {
  interface Addon {
    NumberColumns: new (kinds: Uint8Array, rowCount: number) => RawNumberColumns;
  }
}

/** What a column of numbers holds. Without a number all but `nullCount` is 0, and there are no quantiles. */
export interface NumberProfile {
  readonly nullCount: number;
  /** Exact; -0 is 0. */
  readonly distinctCount: number;
  readonly mean: number;
  /** Divided by the count - 1; 0 of one number. */
  readonly stdDev: number;
  readonly min: number;
  readonly max: number;
  /** One per level, interpolated linearly between neighbours. */
  readonly quantiles: readonly number[];
}

/** The kinds of numbers that a column may have. */
export type NumberKind = 'double' | 'integer';

/** The most columns side by side. */
const maxColumns = 10_000;

/**
 * Columns of numbers in native memory, 8 bytes a row, to be handed over part by part and profiled then. Holds its memory
 * until `profile()`, `dispose()` or garbage collection.
 */
export class NumberColumns {
  private raw: RawNumberColumns | null;

  /**
   * Columns of these kinds and at most `rowCount` rows. Throws ArgumentError, and RangeError if they take more than half of
   * the machine's memory, before any is taken.
   */
  constructor(
    private readonly kinds: readonly NumberKind[],
    rowCount: number,
  ) {
    checkInteger('kinds.length', kinds.length, 1, maxColumns);
    checkInteger('rowCount', rowCount, 0, Number.MAX_SAFE_INTEGER);
    this.raw = new addon.NumberColumns(
      Uint8Array.from(kinds, (kind) => (kind === 'integer' ? 1 : 0)),
      rowCount,
    );
  }

  /**
   * Copies the next rows of a column: doubles as a Float64Array, integers as a BigInt64Array. Bit r of byte b of `validity`
   * tells whether row 8 b + r is present; null if all are. Throws ArgumentError, and RangeError for more rows than there is
   * room for.
   */
  append(column: number, numbers: Float64Array | BigInt64Array, validity: Uint8Array | null): void {
    checkInteger('column', column, 0, this.kinds.length - 1);
    const kind = this.kinds[column] === 'integer' ? 'BigInt64Array' : 'Float64Array';
    const fits = kind === 'BigInt64Array' ? numbers instanceof BigInt64Array : numbers instanceof Float64Array;
    if (!fits) throw new ArgumentError('numbers', 'of another type', `a ${kind}, as the column's kind is`);
    this.handle().append(column, numbers, validity);
  }

  /**
   * Profiles the columns on native threads, with the quantiles at `levels` from 0 to 1, and gives their memory back; takes
   * as much again for each column at hand. The same bits at any number of threads. Rejects with ArgumentError for a number
   * that is NaN or infinite, naming its column; with the signal's reason when aborted.
   */
  async profile(levels: readonly number[], options: TaskOptions = {}): Promise<NumberProfile[]> {
    for (const [index, level] of levels.entries()) checkNumber(`levels[${index}]`, level, 0, 1);
    const raw = this.handle();
    this.raw = null;
    const found = await runTask(options, (control) => raw.profile(Float64Array.from(levels), control));
    const infinite = found.finite.indexOf(0);
    if (infinite >= 0) throw new ArgumentError(`column ${infinite}`, 'with a number that is NaN or infinite', 'finite');
    const at = (values: Float64Array, column: number) => values[column] ?? 0;
    return this.kinds.map((_, column) => ({
      nullCount: at(found.nullCount, column),
      distinctCount: at(found.distinct, column),
      mean: at(found.mean, column),
      stdDev: at(found.stdDev, column),
      min: at(found.min, column),
      max: at(found.max, column),
      quantiles: [...(found.quantiles[column] ?? [])],
    }));
  }

  /** Gives the memory back; a second call does nothing. */
  dispose(): void {
    this.raw?.dispose();
    this.raw = null;
  }

  private handle(): RawNumberColumns {
    if (this.raw === null) throw new ArgumentError('columns', '(profiled or disposed of)', 'live NumberColumns');
    return this.raw;
  }
}
