import { setImmediate as nextTurn } from 'node:timers/promises';
import { elementCount, shapeBound, shownShape } from '../../../native/table/tensor-type.js';
import { invalidField } from '../../mesh/errors.js';
import { checkColumnNames } from '../column-names.js';
import type { StoredType } from '../column-type.js';
import { emptyTable, unparsableFile } from '../errors.js';
import type { RawColumn, RawTable, ReadOptions } from '../raw-table.js';
import type { TensorType } from '../store.js';
import { type ArrayFile, openArray } from './array-file.js';
import { ArrayFault, type ArrayHeader } from './array-type.js';
import { type CellAppender, cellAppender } from './cell-appender.js';

/** The array files that stand one after the other in an upload. */
export interface ArrayParts {
  /** At least one; their lengths together are the file's. */
  parts: readonly { column: string; start: number; length: number }[];
  /** What each must be; null for either. */
  format: 'IDX' | 'NPY' | null;
  /** The most bytes of elements that one may claim. */
  maxBytes: number;
}

/** A turn of the event loop appends no more than these. */
const turnBytes = 1024 * 1024;
const turnRows = 4_096;

interface OpenPart {
  file: ArrayFile;
  column: string;
  appender: CellAppender;
}

/**
 * Reads array files into one table, a column each: scalars of an array of one dimension, else tensors of the dimensions
 * after the first. Throws UNPARSABLE_FILE naming the column, EMPTY_TABLE, and INVALID_FIELD naming `header.parts[i]` for
 * parts of different lengths.
 */
export async function readArrays(
  { connection, path, maxColumns, signal }: ReadOptions,
  { parts, format, maxBytes }: ArrayParts,
): Promise<RawTable & { format: 'IDX' | 'NPY' }> {
  const open: OpenPart[] = [];
  try {
    for (const [index, { column, start, length }] of parts.entries()) {
      const place = column === '' && parts.length > 1 ? `${index + 1}` : column;
      open.push(
        await faultsNamed(place, async () => {
          const file = await openArray({ path, start, length }, { maxBytes, signal });
          const { header } = file;
          try {
            if (format !== null && header.format !== format)
              throw new ArrayFault(`is ${header.format}, must be ${format}`);
            return {
              file,
              column: column === '' ? usualName(header) : column,
              appender: cellAppender(header, typeOf(header)),
            };
          } catch (error) {
            await file.close();
            throw error;
          }
        }),
      );
    }
    const [first] = open;
    if (first === undefined) throw new Error('an upload has at least one array');
    for (const [index, { file }] of open.entries()) {
      if (file.rowCount === first.file.rowCount) continue;
      const bound = `rows must be ${first.file.rowCount}, as header.parts[0] has: ${shownShape(first.file.header.shape)}`;
      throw invalidField(`header.parts[${index}]`, file.rowCount, bound);
    }
    checkColumnNames(
      open.map(({ column }) => column),
      0,
      maxColumns,
    );
    if (first.file.rowCount === 0) throw emptyTable(`an array of shape ${shownShape(first.file.header.shape)}`);
    const types = open.map(({ appender }, index) => `c${index} ${appender.sqlType}`);
    await connection.run(`CREATE TEMP TABLE raw (${types.join(', ')})`);
    await append(await connection.createAppender('raw'), open, signal);
    return {
      format: first.file.header.format,
      columns: open.map(({ column, appender }, index): RawColumn => {
        const { type, tensor } = appender;
        const text = tensor === null ? `CAST(c${index} AS VARCHAR)` : null;
        return { name: column, type, tensor, value: `c${index}`, text };
      }),
      badRowCount: 0,
      issues: [],
      kind: 'TABLE',
    };
  } finally {
    for (const { file } of open) await file.close();
  }
}

async function append(
  to: Awaited<ReturnType<ReadOptions['connection']['createAppender']>>,
  open: readonly OpenPart[],
  signal: AbortSignal,
): Promise<void> {
  const rowBytes = open.reduce((sum, { file }) => sum + file.rowBytes, 0);
  const slice = Math.max(1, Math.min(turnRows, Math.floor(turnBytes / rowBytes)));
  const rowCount = open[0]?.file.rowCount ?? 0;
  try {
    for (let row = 0; row < rowCount; row += slice) {
      signal.throwIfAborted();
      const count = Math.min(slice, rowCount - row);
      const batch: Buffer[] = [];
      for (const { file, column, appender } of open) {
        batch.push(await faultsNamed(column, async () => appender.prepare(await file.rows(count), row)));
      }
      for (let index = 0; index < count; index++) {
        for (const [at, { appender }] of open.entries()) appender.append(to, batch[at] as Buffer, index);
        to.endRow();
      }
      to.flushSync();
      await nextTurn();
    }
    for (const { file, column } of open) await faultsNamed(column, () => file.end());
  } finally {
    to.closeSync();
  }
}

/** Runs `body`, whose faults are then those of a column. */
async function faultsNamed<T>(column: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof ArrayFault) throw unparsableFile([{ line: 0, column, message: error.message }]);
    throw error;
  }
}

function usualName({ shape, dtype }: ArrayHeader): string {
  if (shape.length >= 3) return 'image';
  if (shape.length === 2) return 'features';
  return dtype === 'f32' || dtype === 'f64' ? 'value' : 'label';
}

/** The column that an array becomes. */
function typeOf({ shape, dtype }: ArrayHeader): { type: StoredType; tensor: TensorType | null } {
  if (shape.length === 0) throw new ArrayFault('has 0 dimensions, must have at least 1: the rows');
  const [, ...sizes] = shape;
  if (sizes.length > 0) {
    const bound = shapeBound(sizes);
    if (bound !== null)
      throw new ArrayFault(`rows of shape ${shownShape(sizes)}, ${elementCount(sizes)} elements, ${bound}`);
    if (dtype === 'u8') return { type: 'TENSOR', tensor: { dtype: 'DATA_TYPE_UINT8', shape: sizes } };
    if (dtype === 'f32') return { type: 'TENSOR', tensor: { dtype: 'DATA_TYPE_FP32', shape: sizes } };
    throw new ArrayFault(`elements are ${dtype}, must be u8 or f32 where an array has more than one dimension`);
  }
  if (dtype === 'bool') return { type: 'BOOLEAN', tensor: null };
  return { type: dtype === 'f32' || dtype === 'f64' ? 'DOUBLE' : 'INTEGER', tensor: null };
}
