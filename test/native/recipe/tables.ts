import type { ScalarColumn, Table, TableColumn, TensorColumn } from '../../../native/table/table.js';
import { cellAt } from '../../../native/table/table.js';
import { randomNumbers } from '../kernels/inputs.js';

/** How a column of doubles looks: any numbers, few of them with zeros of both signs, or wholes beyond 2^53. */
export type DoubleFlavour = 'many' | 'few' | 'wholes';

export type ColumnKind = DoubleFlavour | 'integer' | 'boolean' | 'string' | 'bytes' | 'floats';

export const columnKinds: readonly ColumnKind[] = [
  'many',
  'few',
  'wholes',
  'integer',
  'boolean',
  'string',
  'bytes',
  'floats',
];

/** How a made-up table looks. */
export interface TableShape {
  readonly rowCount: number;
  readonly kinds: readonly ColumnKind[];
  /** The share of cells that are null. */
  readonly nulls: number;
  /** The share of rows that are copies of an earlier one. */
  readonly copies: number;
  readonly seed: number;
}

/** Columns named after their kinds, in their order, with rows that are equal to others by chance or as copies. */
export function makeTable({ rowCount, kinds, nulls, copies, seed }: TableShape): Table {
  const random = randomNumbers(seed);
  const copied = Int32Array.from({ length: rowCount }, (_, row) =>
    row > 0 && random() < copies ? Math.floor(random() * row) : -1,
  );
  const columns = kinds.map((kind): TableColumn => {
    const validity = nulls === 0 ? null : Uint8Array.from(copied, () => (random() < nulls ? 0 : 1));
    if (validity !== null) copyRows(validity, copied, 1);
    return makeColumn(kind, { copied, validity, random });
  });
  return { rowCount, columns };
}

interface Making {
  readonly copied: Int32Array;
  readonly validity: Uint8Array | null;
  readonly random: () => number;
}

function makeColumn(kind: ColumnKind, { copied, validity, random }: Making): TableColumn {
  const name = kind;
  const { length } = copied;
  const isThere = (row: number) => validity === null || validity[row] === 1;
  switch (kind) {
    case 'integer': {
      const known = [0n, 1n, -1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
      const values = BigInt64Array.from(copied, (_, row) => (isThere(row) ? pickOf(known, random) : 0n));
      copyLongs(values, copied);
      return { name, type: 'integer', values, validity };
    }
    case 'boolean': {
      const values = Uint8Array.from(copied, (_, row) => (isThere(row) && random() < 0.5 ? 1 : 0));
      copyRows(values, copied, 1);
      return { name, type: 'boolean', values, validity };
    }
    case 'string': {
      const dictionary = ['red', 'green', 'blue', 'of no row'];
      const codes = Uint32Array.from(copied, (_, row) => (isThere(row) ? Math.floor(random() * 3) : 0));
      copyRows(codes, copied, 1);
      return { name, type: 'string', codes, dictionary, validity };
    }
    case 'bytes': {
      const values = new Uint8Array(length * 19).map((_, at) => (isThere(Math.floor(at / 19)) ? random() * 2 : 0));
      copyRows(values, copied, 19);
      return { name, type: 'tensor', dtype: 'u8', shape: [19], values, validity };
    }
    case 'floats': {
      const known = [0, -0, 1.5];
      const values = new Float32Array(length * 3).map((_, at) =>
        isThere(Math.floor(at / 3)) ? pickOf(known, random) : 0,
      );
      copyRows(values, copied, 3);
      return { name, type: 'tensor', dtype: 'f32', shape: [3], values, validity };
    }
    default: {
      const values = Float64Array.from(copied, (_, row) => (isThere(row) ? double(kind, random) : 0));
      copyRows(values, copied, 1);
      return { name, type: 'double', values, validity };
    }
  }
}

function double(flavour: DoubleFlavour, random: () => number): number {
  if (flavour === 'few') return pickOf([0, -0, 1, 0.1], random);
  if (flavour === 'wholes') return 2 ** 53 + 2 * Math.floor(random() * 3);
  return random() * 200 - 100;
}

function pickOf<Value>(values: readonly Value[], random: () => number): Value {
  return values[Math.floor(random() * values.length)] as Value;
}

function copyRows(values: Uint8Array | Uint32Array | Float32Array | Float64Array, copied: Int32Array, length: number) {
  for (const [row, from] of copied.entries()) {
    if (from >= 0) values.copyWithin(row * length, from * length, (from + 1) * length);
  }
}

function copyLongs(values: BigInt64Array, copied: Int32Array) {
  for (const [row, from] of copied.entries()) if (from >= 0) values[row] = values[from] as bigint;
}

/** A cell as text that is equal for equal cells. */
function textOf(column: ScalarColumn | TensorColumn, row: number): string {
  const cell = cellAt(column, row);
  if (typeof cell === 'number' || typeof cell === 'bigint') return String(cell);
  return typeof cell === 'object' && cell !== null ? Array.from(cell, String).join(' ') : JSON.stringify(cell);
}

/** The first of equal rows each, looked for one by one: what recipes must find. */
export function firstRows({ columns }: Table, rows: Iterable<number>): number[] {
  const seen = new Set<string>();
  return [...rows].filter((row) => {
    const text = columns.map((column) => textOf(column, row)).join('|');
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}
