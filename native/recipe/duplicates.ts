import { elementCount } from '../table/tensor-type.js';
import type { WorkingTensor } from './tensor-column.js';
import type { WorkingColumn, Workspace } from './workspace.js';
import { originalRow } from './workspace.js';

/**
 * Marks with 1 each row that equals an earlier one in the columns; two nulls are equal.
 * Open addressing over row numbers: a 32-bit hash finds the candidates, every cell is
 * compared.
 */
export function duplicateRows(workspace: Workspace, names: readonly string[]): Uint8Array {
  const keys = names.map((name) => cellKeys(workspace.columns.get(name) as WorkingColumn, workspace));
  const { rowCount } = workspace;
  const hashes = new Int32Array(rowCount).fill(0x9e3779b9 | 0);
  for (const { low, high, validity } of keys) {
    for (let row = 0; row < rowCount; row++) {
      const present = validity === null ? 1 : (validity[row] as number);
      let hash = Math.imul((hashes[row] as number) ^ (low[row] as number), 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 15) ^ (high === null ? present : (high[row] as number) + present), 0xc2b2ae35);
      hashes[row] = hash ^ (hash >>> 13);
    }
  }
  const size = 2 ** Math.ceil(Math.log2(Math.max(rowCount * 2, 2)));
  const slots = new Int32Array(size).fill(-1);
  const marked = new Uint8Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    let slot = (hashes[row] as number) & (size - 1);
    while (slots[slot] !== -1) {
      if (equalRows(keys, slots[slot] as number, row)) {
        marked[row] = 1;
        break;
      }
      slot = (slot + 1) & (size - 1);
    }
    if (marked[row] === 0) slots[slot] = row;
  }
  return marked;
}

/** A column's cells as pairs of 32-bit words; equal words and validity mean equal cells. */
interface CellKeys {
  readonly low: Int32Array | Uint32Array | Uint8Array;
  readonly high: Int32Array | null;
  readonly validity: Uint8Array | null;
  /** Compares two rows where equal words do not yet mean equal cells. */
  readonly same?: (left: number, right: number) => boolean;
}

function cellKeys(column: WorkingColumn, workspace: Workspace): CellKeys {
  if (column.type === 'tensor') return tensorKeys(column, workspace);
  if (column.type === 'encoded') return { low: column.codes, high: null, validity: null };
  const validity = column.type === 'reduced' ? null : column.validity;
  if (column.type === 'string') return { low: column.codes, high: null, validity };
  if (column.type === 'boolean') return { low: column.values, high: null, validity };
  // Adding 0 makes -0 and 0 the same bits.
  const values =
    column.type === 'double' || column.type === 'reduced' ? column.values.map((value) => value + 0) : column.values;
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const low = new Int32Array(values.length);
  const high = new Int32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    low[row] = words[row * 2] as number;
    high[row] = words[row * 2 + 1] as number;
  }
  return { low, high, validity };
}

/** The words of a tensor are a hash of its elements (FNV-1a); rows of equal hashes are compared element by element. */
function tensorKeys({ source }: WorkingTensor, workspace: Workspace): CellKeys {
  const elements = elementCount(source.shape);
  const { values } = source;
  const low = new Int32Array(workspace.rowCount);
  const validity = source.validity === null ? null : new Uint8Array(workspace.rowCount);
  const word = new Float32Array(1);
  const bits = new Int32Array(word.buffer);
  const startOf = (row: number) => originalRow(workspace, row) * elements;
  for (let row = 0; row < workspace.rowCount; row++) {
    if (validity !== null) validity[row] = source.validity?.[originalRow(workspace, row)] ?? 0;
    let hash = 0x811c9dc5;
    for (let at = startOf(row), end = at + elements; at < end; at++) {
      // Adding 0 makes -0 and 0 the same bits.
      word[0] = (values[at] as number) + 0;
      hash = Math.imul(hash ^ (bits[0] as number), 0x01000193);
    }
    low[row] = hash;
  }
  return {
    low,
    high: null,
    validity,
    same(left, right) {
      const [from, to] = [startOf(left), startOf(right)];
      for (let index = 0; index < elements; index++) if (values[from + index] !== values[to + index]) return false;
      return true;
    },
  };
}

function equalRows(keys: readonly CellKeys[], left: number, right: number): boolean {
  for (const { low, high, validity, same } of keys) {
    if (validity !== null) {
      if (validity[left] !== validity[right]) return false;
      if (validity[left] === 0) continue;
    }
    if (low[left] !== low[right] || (high !== null && high[left] !== high[right])) return false;
    if (same !== undefined && !same(left, right)) return false;
  }
  return true;
}
