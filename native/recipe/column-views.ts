import { addon } from '../addon.js';
import { elementCount } from '../table/tensor-type.js';
import type { NumberStatistics } from './statistics.js';
import { quantileBetween } from './statistics.js';
import type { ReducedColumn, Rows, WorkingColumn, WorkingScalar, WorkingTensor, Workspace } from './workspace.js';
import { columnsNamed } from './workspace.js';

/** The arrays that cells are read from. */
type CellArray = Float64Array | BigInt64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

/** Columns as native code reads them: their arrays, and the numbers that native/src/binding/column_views.h lists. */
interface PackedColumns {
  readonly arrays: readonly CellArray[];
  readonly layout: Float64Array;
}

declare module '../addon.js' {
  interface Addon {
    rowsWithoutMissing(arrays: readonly CellArray[], layout: Float64Array, rows: number, left: Uint32Array): number;
    distinctRows(arrays: readonly CellArray[], layout: Float64Array, rows: number, left: Uint32Array): number;
    viewStatistics(arrays: readonly CellArray[], layout: Float64Array, rows: number, out: Float64Array): void;
    viewQuantiles(
      arrays: readonly CellArray[],
      layout: Float64Array,
      rows: number,
      out: Float64Array,
      shares: Float64Array,
    ): void;
    viewNumbers(arrays: readonly CellArray[], layout: Float64Array, rows: number, out: Float64Array): void;
    viewFeatures(
      arrays: readonly CellArray[],
      layout: Float64Array,
      rows: number,
      features: Float32Array,
      columns: number,
    ): [column: number, row: number, element: number] | null;
  }
}

/** Where a column's features begin, and how many there are. */
interface FeaturePlace {
  readonly offset: number;
  readonly width: number;
}

class Packer {
  readonly arrays: CellArray[] = [];
  readonly layout: number[] = [];
  /** Most columns share their rows, which are looked at once. */
  private readonly placeOfRows = new Map<Rows, number>();

  add(column: WorkingColumn, { offset, width }: FeaturePlace = { offset: 0, width: 0 }): void {
    const { values, validity } = cellsOf(column);
    const scales = column.type === 'encoded' ? [] : column.scales;
    const absent = column.type === 'encoded' || column.type === 'tensor' ? null : column.absent;
    this.layout.push(
      this.place(values),
      validity === null ? -1 : this.place(validity),
      column.rows === null ? -1 : this.placeRows(column.rows),
      column.type === 'tensor' ? elementCount(column.source.shape) : 1,
      isNumber(column) ? 1 : 0,
      absent === null ? 0 : 1,
      absent ?? 0,
      offset,
      width,
      scales.length,
    );
    for (const { center, divisor, span, lower } of scales) this.layout.push(center, divisor, span, lower);
  }

  packed(): PackedColumns {
    return { arrays: this.arrays, layout: Float64Array.from(this.layout) };
  }

  private place(array: CellArray): number {
    return this.arrays.push(array) - 1;
  }

  private placeRows(rows: Uint32Array): number {
    let place = this.placeOfRows.get(rows);
    if (place === undefined) {
      place = this.place(rows);
      this.placeOfRows.set(rows, place);
    }
    return place;
  }
}

function cellsOf(column: WorkingColumn): { values: CellArray; validity: Uint8Array | null } {
  if (column.type === 'encoded') return { values: column.codes, validity: null };
  const { source } = column;
  return { values: source.type === 'string' ? source.codes : source.values, validity: source.validity };
}

/** Whether cells are to be compared as doubles, though the table may hold integers. */
function isNumber(column: WorkingColumn): boolean {
  if (column.type === 'encoded' || column.type === 'tensor') return false;
  return column.scales.length > 0 || column.absent !== null || column.type !== column.source.type;
}

function packed(columns: Iterable<WorkingColumn>): PackedColumns {
  const packer = new Packer();
  for (const column of columns) packer.add(column);
  return packer.packed();
}

/** Whether a cell of the column can be missing by now. */
export function mayMiss(column: WorkingColumn): boolean {
  if (column.type === 'encoded' || column.source.validity === null) return false;
  return column.type === 'tensor' || column.absent === null;
}

/** The first row whose cell is missing; -1 for none. */
export function firstMissing(column: WorkingColumn, rowCount: number): number {
  if (column.type === 'encoded' || !mayMiss(column)) return -1;
  const { rows } = column;
  const validity = column.source.validity as Uint8Array;
  if (rows === null) return validity.indexOf(0);
  for (let row = 0; row < rowCount; row++) if (validity[rows[row] as number] === 0) return row;
  return -1;
}

/** The same column where all of its nulls have been left out: nobody needs to look for them again. */
export function withoutNulls(column: WorkingColumn): WorkingColumn {
  if (column.type === 'encoded') return column;
  return { ...column, source: { ...column.source, validity: null } } as WorkingColumn;
}

/** The indices, ascending, of the rows in which none of these columns is missing. */
export function rowsWithoutMissing(columns: readonly WorkingColumn[], rowCount: number): Uint32Array {
  const { arrays, layout } = packed(columns);
  const left = new Uint32Array(rowCount);
  return left.slice(0, addon.rowsWithoutMissing(arrays, layout, rowCount, left));
}

/**
 * The indices, ascending, of the rows that equal no earlier one in these columns; two nulls are equal, and so are 0 and
 * -0. The elements of tensors are compared as they are in the table.
 */
export function distinctRows(workspace: Workspace, names: readonly string[]): Uint32Array {
  const columns = columnsNamed(workspace, names).map((column) =>
    column.type === 'tensor' ? { ...column, scales: [] } : column,
  );
  const { arrays, layout } = packed(columns);
  const left = new Uint32Array(workspace.rowCount);
  return left.slice(0, addon.distinctRows(arrays, layout, workspace.rowCount, left));
}

/** What scaling needs of the present numbers of each column, all elements of a tensor counting. */
export function statisticsOf(columns: readonly WorkingColumn[], rowCount: number): NumberStatistics[] {
  const { arrays, layout } = packed(columns);
  const out = new Float64Array(5 * columns.length);
  addon.viewStatistics(arrays, layout, rowCount, out);
  return columns.map((_, index) => {
    const [count = 0, mean = 0, stdDev = 0, min = 0, max = 0] = out.subarray(5 * index);
    return { count, mean, stdDev, min, max };
  });
}

/** The quantiles of the present numbers of each column, one for each share from 0 to 1; null where there is no number. */
export function quantilesOf(
  columns: readonly WorkingScalar[],
  rowCount: number,
  shares: readonly number[],
): (readonly number[] | null)[] {
  const { arrays, layout } = packed(columns);
  const each = 1 + 2 * shares.length;
  const out = new Float64Array(each * columns.length);
  addon.viewQuantiles(arrays, layout, rowCount, out, Float64Array.from(shares));
  return columns.map((_, index) => {
    const [count = 0, ...neighbours] = out.subarray(index * each, (index + 1) * each);
    if (count === 0) return null;
    return shares.map((share, at) =>
      quantileBetween(neighbours[2 * at] as number, neighbours[2 * at + 1] as number, share, count),
    );
  });
}

/** The numbers of a column of them, scaled, one per row; those of missing cells mean nothing. */
export function numbersOf(column: WorkingScalar | ReducedColumn, rowCount: number): Float64Array {
  const { source, rows, scales, absent } = column;
  if (source.type === 'double' && rows === null && scales.length === 0 && absent === null) return source.values;
  const { arrays, layout } = packed([column]);
  const out = new Float64Array(rowCount);
  addon.viewNumbers(arrays, layout, rowCount, out);
  return out;
}

/** A column and where its features go. */
export interface FeatureColumn extends FeaturePlace {
  readonly column: WorkingColumn;
}

/** A feature that is not finite, though its cell is there: the first of the first column that has one. */
export interface BadFeature {
  readonly column: WorkingScalar | WorkingTensor;
  readonly row: number;
  readonly element: number;
}

/** Writes the columns' features into zeros, `columnCount` to a row, NaN where a cell is missing; null if all are fine. */
export function writeFeatures(
  columns: readonly FeatureColumn[],
  { rowCount, columnCount, features }: { rowCount: number; columnCount: number; features: Float32Array },
): BadFeature | null {
  const packer = new Packer();
  for (const { column, offset, width } of columns) packer.add(column, { offset, width });
  const { arrays, layout } = packer.packed();
  const bad = addon.viewFeatures(arrays, layout, rowCount, features, columnCount);
  if (bad === null) return null;
  const [index, row, element] = bad;
  return { column: columns[index]?.column as WorkingScalar | WorkingTensor, row, element };
}
