import type { ScalarColumn, StringColumn } from '../table/table.js';
import { entryPath } from '../table/table-error.js';
import { distinctRows, firstMissing, mayMiss, rowsWithoutMissing, withoutNulls } from './column-views.js';
import type { EncodeOp, FillOp, FittedOp, PcaOp, ScaleOp } from './fitted-op.js';
import { scaled } from './fitted-op.js';
import { RecipeError } from './recipe-error.js';
import { settledColumn } from './settled-column.js';
import type { EncodedColumn, WorkingColumn, WorkingScalar, Workspace } from './workspace.js';
import { columnsNamed, leaveRows, originalRow, workingScalar } from './workspace.js';

/** What happens to rows that a prediction would refuse. */
export interface RunMode {
  /** Drops apply, as when a model is fitted. */
  readonly training: boolean;
  /** Outside training: leave such rows out instead of throwing. */
  readonly leaveOut: boolean;
}

/** Applies one operation to all rows. Throws RecipeError UNKNOWN_CATEGORY or NOT_FINITE naming row and column. */
export function runOp(workspace: Workspace, op: FittedOp, mode: RunMode): void {
  switch (op.kind) {
    case 'dropMissing':
      dropMissing(workspace, op.columns, mode);
      return;
    case 'dropDuplicates':
      if (mode.training) leaveRows(workspace, distinctRows(workspace, op.columns));
      return;
    case 'fill':
      workspace.columns.set(op.column, filled(tableColumn(workspace, op.column), op, workspace.rowCount));
      return;
    case 'scale':
      scale(workspace, op);
      return;
    case 'pca':
      reduce(workspace, op, mode);
      return;
    default:
      encode(workspace, op, mode);
  }
}

/** The column before encoding and reducing, when it leaves the table; a tensor column is none of single values. */
export function tableColumn(workspace: Workspace, name: string): WorkingScalar {
  const column: WorkingColumn | undefined = workspace.columns.get(name);
  if (column?.type === 'tensor') {
    const bound = 'is a tensor, which only scales and drops apply to';
    throw new RecipeError('INVALID_FIELD', 'ops', name, bound, { column: name });
  }
  if (column === undefined || column.type === 'encoded' || column.type === 'reduced') {
    const bound = `must not be used after it was ${column?.type === 'reduced' ? 'reduced' : 'one-hot encoded'}`;
    throw new RecipeError('INVALID_FIELD', 'ops', name, bound, { column: name });
  }
  return column;
}

/** Marks the columns as taken; the components are computed when the features are put together. */
function reduce(workspace: Workspace, { columns }: PcaOp, mode: RunMode): void {
  // A row that lacks a value has no components, in training no less than in a prediction.
  dropMissing(workspace, columns, { ...mode, training: false });
  for (const name of columns) {
    const column = tableColumn(workspace, name);
    if (column.type !== 'double' && column.type !== 'integer') throw notNumber(column);
    workspace.columns.set(name, { ...column, type: 'reduced' });
  }
}

function notNumber({ name, type }: WorkingScalar): RecipeError {
  return new RecipeError('INVALID_FIELD', 'ops', type, `of column ${name} must be a number`, { column: name });
}

function dropMissing(workspace: Workspace, names: readonly string[], { training, leaveOut }: RunMode): void {
  for (const name of names) if (workspace.columns.get(name)?.type !== 'tensor') tableColumn(workspace, name);
  const columns = columnsNamed(workspace, names).filter(mayMiss);
  if (columns.length === 0) return;
  const left = rowsWithoutMissing(columns, workspace.rowCount);
  if (left.length < workspace.rowCount && !training && !leaveOut) throw refusedNull(workspace, columns);
  for (const column of columns) workspace.columns.set(column.name, withoutNulls(column));
  leaveRows(workspace, left);
}

/** The first null of the first column that has one. */
function refusedNull(workspace: Workspace, columns: readonly WorkingColumn[]): RecipeError {
  const bound = 'must not be null: the recipe needs a value in this column';
  for (const column of columns) {
    const missing = firstMissing(column, workspace.rowCount);
    if (missing < 0) continue;
    const row = originalRow(workspace, missing);
    const field = entryPath(`rows[${row}]`, column.name);
    return new RecipeError('NOT_FINITE', field, null, bound, { row, column: column.name });
  }
  throw new TypeError('no column has a null');
}

function filled(column: WorkingScalar, { fill }: FillOp, rowCount: number): WorkingScalar {
  const { name, type, source, absent } = column;
  const isFilled = source.validity === null || absent !== null;
  if (fill.type === 'double' && (type === 'double' || type === 'integer')) {
    return { ...column, type: 'double', absent: isFilled ? absent : fill.value };
  }
  if (isFilled) return column;
  const settled = settledColumn(column, rowCount);
  const validity = settled.validity as Uint8Array;
  if (settled.type === 'integer' && fill.type === 'integer') {
    const values = withFill(settled.values.slice(), validity, BigInt(fill.value));
    return workingScalar({ ...settled, values, validity: null });
  }
  if (settled.type === 'boolean' && fill.type === 'boolean') {
    const values = withFill(settled.values.slice(), validity, fill.value ? 1 : 0);
    return workingScalar({ ...settled, values, validity: null });
  }
  if (settled.type === 'string' && fill.type === 'string') {
    return workingScalar(filledText(settled, validity, fill.value));
  }
  throw new RecipeError('INVALID_FIELD', 'ops', fill, `must be of the type of column ${name}, ${type}`, {
    column: name,
  });
}

function withFill<Values extends { [row: number]: Value }, Value>(values: Values, validity: Uint8Array, fill: Value) {
  for (let row = 0; row < validity.length; row++) if (validity[row] === 0) values[row] = fill;
  return values;
}

function filledText(column: StringColumn, validity: Uint8Array, text: string): StringColumn {
  const known = column.dictionary.indexOf(text);
  const dictionary = known >= 0 ? column.dictionary : [...column.dictionary, text];
  const code = known >= 0 ? known : column.dictionary.length;
  return { ...column, dictionary, codes: withFill(column.codes.slice(), validity, code), validity: null };
}

function scale(workspace: Workspace, op: ScaleOp): void {
  const column = workspace.columns.get(op.column);
  const changed: WorkingColumn =
    column?.type === 'tensor'
      ? { ...column, scales: [...column.scales, op] }
      : scaledColumn(tableColumn(workspace, op.column), op);
  workspace.columns.set(op.column, changed);
}

function scaledColumn(column: WorkingScalar, op: ScaleOp): WorkingScalar {
  if (column.type !== 'double' && column.type !== 'integer') throw notNumber(column);
  const absent = column.absent === null ? null : scaled(op, column.absent);
  return { ...column, type: 'double', scales: [...column.scales, op], absent };
}

function encode(workspace: Workspace, op: EncodeOp, mode: RunMode): void {
  const column = settledColumn(tableColumn(workspace, op.column), workspace.rowCount);
  const codes = categoryCodes(column, op.categories);
  const left = new Uint32Array(workspace.rowCount);
  let count = 0;
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] !== unknownCode || op.unknown !== 'error') left[count++] = row;
    else if (!mode.leaveOut) throw unknownCategory(workspace, column, row);
  }
  workspace.columns.set(op.column, op.kind === 'oneHot' ? oneHot(column, codes, op) : ordinal(column, codes));
  leaveRows(workspace, left.subarray(0, count));
}

/** A category outside the list, and a null, among the codes below. */
const unknownCode = -1;
const nullCode = -2;

/** Each row's index into `categories`, compared by text. */
function categoryCodes(column: ScalarColumn, categories: readonly string[]): Int32Array {
  const index = new Map(categories.map((category, position) => [category, position]));
  const { validity } = column;
  const at = (text: string) => index.get(text) ?? unknownCode;
  if (column.type === 'string') {
    const translated = column.dictionary.map(at);
    return codesOf(column.codes.length, validity, (row) => translated[column.codes[row] as number] as number);
  }
  if (column.type === 'boolean') {
    const translated = [at('false'), at('true')];
    return codesOf(column.values.length, validity, (row) => translated[column.values[row] as number] as number);
  }
  if (column.type === 'double') {
    throw new RecipeError('INVALID_FIELD', 'ops', 'double', `column ${column.name} must not be encoded`, {
      column: column.name,
    });
  }
  const known = new Map<bigint, number>();
  return codesOf(column.values.length, validity, (row) => {
    const value = column.values[row] as bigint;
    let code = known.get(value);
    if (code === undefined) {
      code = at(String(value));
      known.set(value, code);
    }
    return code;
  });
}

function codesOf(rowCount: number, validity: Uint8Array | null, code: (row: number) => number): Int32Array {
  const codes = new Int32Array(rowCount);
  for (let row = 0; row < rowCount; row++) codes[row] = validity !== null && validity[row] === 0 ? nullCode : code(row);
  return codes;
}

function oneHot(column: ScalarColumn, codes: Int32Array, { categories }: EncodeOp): EncodedColumn {
  const found = codes.map((code) => Math.max(code, -1));
  return { type: 'encoded', name: column.name, codes: found, rows: null, categories };
}

function ordinal({ name }: ScalarColumn, codes: Int32Array): WorkingScalar {
  const values = new Float64Array(codes.length);
  const validity = new Uint8Array(codes.length).fill(1);
  let hasNulls = false;
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number;
    if (code === nullCode) {
      validity[row] = 0;
      hasNulls = true;
    } else {
      values[row] = code;
    }
  }
  return workingScalar({ name, type: 'double', values, validity: hasNulls ? validity : null });
}

function unknownCategory(workspace: Workspace, column: ScalarColumn, row: number): RecipeError {
  const at = originalRow(workspace, row);
  const text = column.type === 'string' ? column.dictionary[column.codes[row] as number] : String(column.values[row]);
  const seen = column.type === 'boolean' ? column.values[row] === 1 : text;
  const place = { row: at, column: column.name };
  return new RecipeError(
    'UNKNOWN_CATEGORY',
    entryPath(`rows[${at}]`, column.name),
    seen,
    unknownBound(column.name),
    place,
  );
}

/** What an unknown category's message says is right. */
export function unknownBound(column: string): string {
  return `must be a category of ${column} that the training rows held; UNKNOWN_CATEGORY_IGNORE accepts others`;
}
