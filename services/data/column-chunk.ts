import type { DuckDBBlobVector, DuckDBVector } from '@duckdb/node-api';
import { copyBits, setBits } from '../../native/table/bits.js';
import { elementCount } from '../../native/table/tensor-type.js';
import type { ColumnType__Output } from '../../proto/gen/tenon/common/v1/ColumnType.js';
import type { StoredColumn, TensorType } from './store.js';
import { missing, textCodes } from './text-codes.js';
import { bytesOf, isPresent, numbersOf, validityOf } from './vector-memory.js';

/** `tenon.common.v1.ColumnChunk`. */
export interface ColumnChunk {
  name: string;
  type: ColumnType__Output;
  data: Buffer;
  validity: Buffer;
  dictionary: string[];
  tensor: TensorType | null;
}

/** Rows of a vector in ascending order: `rows[from]` to `rows[to - 1]`. */
export interface RowRange {
  rows: Uint32Array;
  from: number;
  to: number;
}

/** Builds the chunks of one column, rows of a vector at a time. */
export interface ColumnWriter {
  /** The vector that rows are taken from until the next. */
  look(vector: DuckDBVector, rowCount: number): void;
  /** Adds the values at these rows; no more than the chunk has room for. */
  add(range: RowRange): void;
  /** The column's part of the chunk so far; starts the next. */
  take(): ColumnChunk;
}

/** A writer of texts, whose chunks grow by more than a value's width: its rows are added one by one. */
export interface TextWriter extends ColumnWriter {
  /** Adds the text at a row; returns how many bytes the chunk grew by. */
  addOne(row: number): number;
}

/** How many bytes a value takes in a column's data, dictionaries aside. */
export function bytesPerValue({ type, tensor }: Pick<StoredColumn, 'type' | 'tensor'>): number {
  if (tensor) return elementCount(tensor.shape) * (tensor.dtype === 'DATA_TYPE_UINT8' ? 1 : 4);
  if (type === 'COLUMN_TYPE_BOOLEAN') return 1;
  return type === 'COLUMN_TYPE_STRING' ? 4 : 8;
}

/** What chunks of a column are built of, besides its values. */
type ChunkColumn = Omit<StoredColumn, 'nullable'>;

/**
 * Writes chunks of at most `capacity` rows of a column that is no text. Vectors must be BOOLEAN, BIGINT (INTEGER and
 * TIMESTAMP), DOUBLE or BLOB (TENSOR).
 */
export function columnWriter(column: ChunkColumn, capacity: number): ColumnWriter {
  const { name, type, tensor = null } = column;
  const width = bytesPerValue(column);
  const copy = tensor === null ? (type === 'COLUMN_TYPE_BOOLEAN' ? copyBooleans : copyNumbers) : copyTensors;
  let data = Buffer.alloc(capacity * width);
  let validity = presence(capacity);
  let rowCount = 0;
  let vector: DuckDBVector | null = null;
  let valid: Uint8Array | null = null;
  return {
    look(looked) {
      vector = looked;
      valid = validityOf(looked);
    },
    add(range) {
      if (vector === null) throw new RangeError('there is no vector to add rows of');
      const target = { data, rowCount, width };
      copy(vector, range, target);
      if (validity.add(valid, range) > 0) clearAbsent(valid, range, target);
      rowCount += range.to - range.from;
    },
    take() {
      const taken = { name, type, data: data.subarray(0, rowCount * width), validity: validity.take(), tensor };
      data = Buffer.alloc(capacity * width);
      validity = presence(capacity);
      rowCount = 0;
      return { ...taken, dictionary: [] };
    },
  };
}

/** Writes chunks of at most `capacity` rows of one of `columnCount` text columns, whose vectors must be VARCHAR. */
export function textWriter({ name, type }: ChunkColumn, capacity: number, columnCount: number): TextWriter {
  const texts = textCodes(columnCount);
  let codes = new Uint32Array(capacity);
  let validity = presence(capacity);
  let rowCount = 0;
  let valid: Uint8Array | null = null;
  return {
    look(vector, vectorRows) {
      texts.look(vector, vectorRows);
      valid = validityOf(vector);
    },
    addOne(row) {
      const before = texts.dictionaryBytes();
      const code = texts.codeAt(row);
      if (code !== missing) codes[rowCount] = code;
      rowCount++;
      return 4 + texts.dictionaryBytes() - before;
    },
    // Their codes are there already.
    add(range) {
      validity.add(valid, range);
    },
    take() {
      const data = Buffer.from(codes.buffer, 0, rowCount * 4);
      const taken = { name, type, data, validity: validity.take(), dictionary: texts.take(), tensor: null };
      codes = new Uint32Array(capacity);
      validity = presence(capacity);
      rowCount = 0;
      return taken;
    },
  };
}

interface Target {
  data: Buffer;
  /** Rows there are before. */
  rowCount: number;
  width: number;
}

function isRun({ rows, from, to }: RowRange): boolean {
  return (rows[to - 1] as number) - (rows[from] as number) === to - 1 - from;
}

function copyNumbers(vector: DuckDBVector, range: RowRange, { data, rowCount }: Target): void {
  const numbers = numbersOf(vector);
  const { rows, from, to } = range;
  // Bits are moved in halves, whatever they stand for: an engine may change those of what looks like NaN.
  const source = new Int32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
  const target = new Int32Array(data.buffer, data.byteOffset + rowCount * 8, 2 * (to - from));
  if (isRun(range)) {
    target.set(source.subarray(2 * (rows[from] as number), 2 * ((rows[to - 1] as number) + 1)));
    return;
  }
  for (let at = from, half = 0; at < to; at++) {
    const first = 2 * (rows[at] as number);
    target[half++] = source[first] as number;
    target[half++] = source[first + 1] as number;
  }
}

function copyBooleans(vector: DuckDBVector, { rows, from, to }: RowRange, { data, rowCount }: Target): void {
  const bytes = bytesOf(vector);
  for (let at = from; at < to; at++) data[rowCount + at - from] = bytes[rows[at] as number] === 0 ? 0 : 1;
}

function copyTensors(vector: DuckDBVector, { rows, from, to }: RowRange, { data, rowCount, width }: Target): void {
  for (let at = from; at < to; at++) {
    const bytes = (vector as DuckDBBlobVector).getItemBytes(rows[at] as number);
    if (bytes !== null) data.set(bytes, (rowCount + at - from) * width);
  }
}

/** Makes what was copied for absent rows zero. */
function clearAbsent(valid: Uint8Array | null, { rows, from, to }: RowRange, { data, rowCount, width }: Target): void {
  if (valid === null) return;
  for (let at = from; at < to; at++) {
    const row = rows[at] as number;
    if (isPresent(valid, row)) continue;
    const start = (rowCount + at - from) * width;
    data.fill(0, start, start + width);
  }
}

/** The validity of a chunk's rows, which needs no bytes before the first null. */
function presence(capacity: number) {
  let bits: Uint8Array | null = null;
  let count = 0;
  return {
    /** Adds a vector's rows; returns how many are null. */
    add(valid: Uint8Array | null, range: RowRange): number {
      const { rows, from, to } = range;
      const added = to - from;
      let nulls = 0;
      if (valid === null) {
        if (bits !== null) setBits(bits, count, added);
      } else {
        const wasNull = bits === null;
        bits ??= new Uint8Array(Math.ceil(capacity / 8));
        if (wasNull) setBits(bits, 0, count);
        if (isRun(range)) {
          nulls = copyBits(valid, rows[from] as number, bits, count, added);
        } else {
          for (let at = from; at < to; at++) nulls += copyBits(valid, rows[at] as number, bits, count + at - from, 1);
        }
        if (wasNull && nulls === 0) bits = null;
      }
      count += added;
      return nulls;
    },
    take(): Buffer {
      return bits === null ? Buffer.alloc(0) : Buffer.from(bits.buffer, 0, Math.ceil(count / 8));
    },
  };
}
