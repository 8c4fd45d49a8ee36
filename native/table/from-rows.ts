import type { Cell, ColumnType, Table, TableColumn } from './table.js';
import { entryPath, TableError } from './table-error.js';
import type { TensorCell, TensorType } from './tensor-type.js';
import { elementCount, shownTensorType } from './tensor-type.js';

/** What `tableFromRows` needs to know of a column. */
export type ColumnShape =
  | { readonly name: string; readonly type: Exclude<ColumnType, 'tensor'> }
  | ({ readonly name: string; readonly type: 'tensor' } & TensorType);

const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;

/**
 * Builds a table from rows of cells, one cell per column and in the columns' order.
 * Throws TableError: WRONG_TYPE naming row and column (`rows[3]["age"]`), NOT_FINITE for
 * NaN and infinities, INVALID_FIELD for a row of another length.
 */
export function tableFromRows(columns: readonly ColumnShape[], rows: readonly (readonly Cell[])[]): Table {
  for (const [index, row] of rows.entries()) {
    if (row.length !== columns.length) {
      throw new TableError('INVALID_FIELD', `rows[${index}]`, row.length, `cells must be ${columns.length}`);
    }
  }
  return { rowCount: rows.length, columns: columns.map((column, position) => buildColumn(column, position, rows)) };
}

function buildColumn(shape: ColumnShape, position: number, rows: readonly (readonly Cell[])[]): TableColumn {
  if (shape.type === 'tensor') return buildTensors(shape, position, rows);
  const { name, type } = shape;
  const validity = new Uint8Array(rows.length).fill(1);
  let hasNulls = false;
  const each = (put: (cell: Exclude<Cell, null>, row: number) => boolean) => {
    for (const [row, cells] of rows.entries()) {
      const cell = cells[position] as Cell;
      if (cell === null) {
        validity[row] = 0;
        hasNulls = true;
      } else if (!put(cell, row)) {
        throw new TableError('WRONG_TYPE', entryPath(`rows[${row}]`, name), cell, `must be a ${type}`);
      }
    }
    return hasNulls ? validity : null;
  };
  switch (type) {
    case 'double': {
      const values = new Float64Array(rows.length);
      return {
        name,
        type,
        values,
        validity: each((cell, row) => {
          if (typeof cell !== 'number') return false;
          if (!Number.isFinite(cell))
            throw new TableError('NOT_FINITE', entryPath(`rows[${row}]`, name), cell, 'must be finite');
          values[row] = cell;
          return true;
        }),
      };
    }
    case 'boolean': {
      const values = new Uint8Array(rows.length);
      return {
        name,
        type,
        values,
        validity: each((cell, row) => {
          values[row] = cell === true ? 1 : 0;
          return typeof cell === 'boolean';
        }),
      };
    }
    case 'string': {
      const codes = new Uint32Array(rows.length);
      const dictionary = new Map<string, number>();
      const validityOf = each((cell, row) => {
        if (typeof cell !== 'string') return false;
        const code = dictionary.get(cell) ?? dictionary.size;
        dictionary.set(cell, code);
        codes[row] = code;
        return true;
      });
      return { name, type, codes, dictionary: [...dictionary.keys()], validity: validityOf };
    }
    default: {
      const values = new BigInt64Array(rows.length);
      return {
        name,
        type,
        values,
        validity: each((cell, row) => {
          if (typeof cell === 'number' ? !Number.isSafeInteger(cell) : typeof cell !== 'bigint') return false;
          const whole = BigInt(cell as number | bigint);
          values[row] = whole;
          return whole >= int64Min && whole <= int64Max;
        }),
      };
    }
  }
}

function buildTensors(
  column: Extract<ColumnShape, { type: 'tensor' }>,
  position: number,
  rows: readonly (readonly Cell[])[],
): TableColumn {
  const { name, dtype, shape } = column;
  const elements = elementCount(shape);
  const length = rows.length * elements;
  const values = dtype === 'u8' ? new Uint8Array(length) : new Float32Array(length);
  const validity = new Uint8Array(rows.length).fill(1);
  for (const [row, cells] of rows.entries()) {
    const cell = cells[position] as Cell;
    if (cell === null) {
      validity[row] = 0;
      continue;
    }
    const right = dtype === 'u8' ? cell instanceof Uint8Array : cell instanceof Float32Array;
    if (!right || (cell as TensorCell).length !== elements) {
      throw new TableError('WRONG_TYPE', entryPath(`rows[${row}]`, name), cell, `must be ${shownTensorType(column)}`);
    }
    values.set(cell as TensorCell, row * elements);
  }
  return { name, type: 'tensor', dtype, shape, values, validity: validity.includes(0) ? validity : null };
}
