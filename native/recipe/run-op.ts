import type { ScalarColumn, StringColumn } from '../table/table.js';
import { entryPath } from '../table/table-error.js';
import { duplicateRows } from './duplicates.js';
import type { EncodeOp, FillOp, FittedOp, PcaOp, ScaleOp } from './fitted-op.js';
import { scaled } from './fitted-op.js';
import { RecipeError } from './recipe-error.js';
import type { EncodedColumn, WorkingColumn, Workspace } from './workspace.js';
import { leaveOutRows, originalRow } from './workspace.js';

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
      if (mode.training) leaveOutRows(workspace, duplicateRows(workspace, op.columns));
      return;
    case 'fill':
      workspace.columns.set(op.column, filled(tableColumn(workspace, op.column), op));
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
export function tableColumn(workspace: Workspace, name: string): ScalarColumn {
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
    const values = column.type === 'double' ? column.values : Float64Array.from(column.values, Number);
    workspace.columns.set(name, { type: 'reduced', name, values });
  }
}

function notNumber({ name, type }: ScalarColumn): RecipeError {
  return new RecipeError('INVALID_FIELD', 'ops', type, `of column ${name} must be a number`, { column: name });
}

function dropMissing(workspace: Workspace, columns: readonly string[], { training, leaveOut }: RunMode): void {
  const marked = new Uint8Array(workspace.rowCount);
  for (const name of columns) {
    const column = workspace.columns.get(name);
    const tensor = column?.type === 'tensor';
    const { validity } = tensor ? column.source : tableColumn(workspace, name);
    if (validity === null) continue;
    for (let row = 0; row < workspace.rowCount; row++) {
      if (validity[tensor ? originalRow(workspace, row) : row] === 1) continue;
      if (!training && !leaveOut) throw refusedNull(originalRow(workspace, row), name);
      marked[row] = 1;
    }
  }
  leaveOutRows(workspace, marked);
}

function refusedNull(row: number, column: string): RecipeError {
  const bound = 'must not be null: the recipe needs a value in this column';
  return new RecipeError('NOT_FINITE', entryPath(`rows[${row}]`, column), null, bound, { row, column });
}

function filled(column: ScalarColumn, { fill }: FillOp): ScalarColumn {
  const { name, validity } = column;
  if (column.type === 'integer' && fill.type === 'double') {
    const values = Float64Array.from(column.values, Number);
    return { name, type: 'double', values: withFill(values, validity, fill.value), validity: null };
  }
  if (validity === null) return column;
  if (column.type === 'double' && fill.type === 'double') {
    return { ...column, values: withFill(column.values.slice(), validity, fill.value), validity: null };
  }
  if (column.type === 'integer' && fill.type === 'integer') {
    return { ...column, values: withFill(column.values.slice(), validity, BigInt(fill.value)), validity: null };
  }
  if (column.type === 'boolean' && fill.type === 'boolean') {
    return { ...column, values: withFill(column.values.slice(), validity, fill.value ? 1 : 0), validity: null };
  }
  if (column.type === 'string' && fill.type === 'string') return filledText(column, validity, fill.value);
  throw new RecipeError('INVALID_FIELD', 'ops', fill, `must be of the type of column ${name}, ${column.type}`, {
    column: name,
  });
}

function withFill<Values extends { [row: number]: Value }, Value>(
  values: Values,
  validity: Uint8Array | null,
  fill: Value,
) {
  if (validity === null) return values;
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
  const scaled: WorkingColumn =
    column?.type === 'tensor'
      ? { ...column, scales: [...column.scales, op] }
      : scaledColumn(tableColumn(workspace, op.column), op);
  workspace.columns.set(op.column, scaled);
}

function scaledColumn(column: ScalarColumn, op: ScaleOp): ScalarColumn {
  if (column.type !== 'double' && column.type !== 'integer') throw notNumber(column);
  const { name, validity } = column;
  const values = new Float64Array(column.values.length);
  if (column.type === 'double') {
    for (let row = 0; row < values.length; row++) values[row] = scaled(op, column.values[row] as number);
  } else {
    for (let row = 0; row < values.length; row++) values[row] = scaled(op, Number(column.values[row]));
  }
  return { name, type: 'double', values, validity };
}

function encode(workspace: Workspace, op: EncodeOp, mode: RunMode): void {
  const column = tableColumn(workspace, op.column);
  const codes = categoryCodes(column, op.categories);
  const marked = new Uint8Array(workspace.rowCount);
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] !== unknownCode) continue;
    if (op.unknown === 'error') {
      if (!mode.leaveOut) throw unknownCategory(workspace, column, row);
      marked[row] = 1;
    }
  }
  workspace.columns.set(op.column, op.kind === 'oneHot' ? oneHot(column, codes, op) : ordinal(column, codes));
  leaveOutRows(workspace, marked);
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
  return { type: 'encoded', name: column.name, codes: codes.map((code) => Math.max(code, -1)), categories };
}

function ordinal({ name }: ScalarColumn, codes: Int32Array): ScalarColumn {
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
  return { name, type: 'double', values, validity: hasNulls ? validity : null };
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
