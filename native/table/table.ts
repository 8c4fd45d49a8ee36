import type { TensorCell, TensorType } from './tensor-type.js';
import { elementCount } from './tensor-type.js';

/** The type of a column; the lower-case ends of `tenon.common.v1.ColumnType`. */
export type ColumnType = 'boolean' | 'integer' | 'double' | 'string' | 'timestamp' | 'tensor';

interface ColumnBase {
  readonly name: string;
  /** One byte per row, 1 where the value is present; null when every value is. Absent values hold zero. */
  readonly validity: Uint8Array | null;
}

/** 64-bit floating-point numbers, all finite. */
export interface DoubleColumn extends ColumnBase {
  readonly type: 'double';
  readonly values: Float64Array;
}

/** Signed 64-bit whole numbers, or microseconds since 1970-01-01T00:00:00Z. */
export interface IntegerColumn extends ColumnBase {
  readonly type: 'integer' | 'timestamp';
  readonly values: BigInt64Array;
}

/** Bytes of 0 and 1. */
export interface BooleanColumn extends ColumnBase {
  readonly type: 'boolean';
  readonly values: Uint8Array;
}

/** Text, as indices into a dictionary without repetitions (which may hold entries that no row uses). */
export interface StringColumn extends ColumnBase {
  readonly type: 'string';
  readonly codes: Uint32Array;
  readonly dictionary: readonly string[];
}

/** Dense arrays of one element type and shape, all elements finite. */
export interface TensorColumn extends ColumnBase, TensorType {
  readonly type: 'tensor';
  /** The elements of each row one after the other, row-major. */
  readonly values: TensorCell;
}

/** A column of one value per row that is no array. */
export type ScalarColumn = DoubleColumn | IntegerColumn | BooleanColumn | StringColumn;

/** One column of a table. */
export type TableColumn = ScalarColumn | TensorColumn;

/** Columns of equal length with unique names. */
export interface Table {
  readonly rowCount: number;
  readonly columns: readonly TableColumn[];
}

/** One cell: null, or a value of its column's type; integers beyond ±(2^53 - 1) and all timestamps are bigint. */
export type Cell = null | boolean | number | bigint | string | TensorCell;

/** The column of that name, or undefined. */
export function columnNamed(table: Table, name: string): TableColumn | undefined {
  return table.columns.find((column) => column.name === name);
}

/** The cell at `row`; throws RangeError outside the table. Whole numbers are numbers where they are safe; a tensor is a view. */
export function cellAt(column: TableColumn, row: number): Cell {
  if (column.validity !== null && column.validity[row] === 0) return null;
  if (column.type === 'string') {
    const text = column.dictionary[column.codes[row] ?? -1];
    if (text === undefined) throw new RangeError(`row ${row} is outside column ${column.name}`);
    return text;
  }
  if (column.type === 'tensor') {
    const elements = elementCount(column.shape);
    const cell = column.values.subarray(row * elements, (row + 1) * elements);
    if (cell.length !== elements) throw new RangeError(`row ${row} is outside column ${column.name}`);
    return cell;
  }
  const value = column.values[row];
  if (value === undefined) throw new RangeError(`row ${row} is outside column ${column.name}`);
  if (column.type === 'boolean') return value === 1;
  if (column.type === 'timestamp' || typeof value === 'number') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The rows named by index, in that order. Indices must lie within the table. */
export function takeRows(table: Table, rows: Uint32Array): Table {
  return { rowCount: rows.length, columns: table.columns.map((column) => takeFromColumn(column, rows)) };
}

function takeFromColumn(column: TableColumn, rows: Uint32Array): TableColumn {
  const validity = column.validity === null ? null : gather(column.validity, rows, new Uint8Array(rows.length));
  switch (column.type) {
    case 'string':
      return { ...column, validity, codes: gather(column.codes, rows, new Uint32Array(rows.length)) };
    case 'double':
      return { ...column, validity, values: gather(column.values, rows, new Float64Array(rows.length)) };
    case 'boolean':
      return { ...column, validity, values: gather(column.values, rows, new Uint8Array(rows.length)) };
    case 'tensor':
      return { ...column, validity, values: gatherTensors(column.values, elementCount(column.shape), rows) };
    default:
      return { ...column, validity, values: gatherLong(column.values, rows) };
  }
}

function gatherTensors(from: TensorCell, elements: number, rows: Uint32Array): TensorCell {
  const length = rows.length * elements;
  const to = from instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  for (let index = 0; index < rows.length; index++) {
    const start = (rows[index] as number) * elements;
    to.set(from.subarray(start, start + elements), index * elements);
  }
  return to;
}

function gather<Values extends Uint8Array | Uint32Array | Float64Array>(from: Values, rows: Uint32Array, to: Values) {
  for (let index = 0; index < rows.length; index++) to[index] = from[rows[index] as number] as number;
  return to;
}

function gatherLong(from: BigInt64Array, rows: Uint32Array): BigInt64Array {
  const to = new BigInt64Array(rows.length);
  for (let index = 0; index < rows.length; index++) to[index] = from[rows[index] as number] as bigint;
  return to;
}
