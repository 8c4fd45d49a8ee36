import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FittedRecipe } from '../recipe/fitted-recipe.js';
import type { ValueLike } from '../recipe/from-message.js';
import type { RowEncoder } from '../recipe/row-encoder.js';
import type { EncodedRows, RowReader } from '../recipe/row-reader.js';
import type { StructValueLike } from '../recipe/row-values.js';
import type { NamedTensor } from '../safetensors.js';
import type { Matrix } from '../table/matrix.js';
import type { Signature } from './signature.js';

/** What a bundle needs of a trained model. */
export interface BundledModel {
  /** Its id among the estimators; without one it has no exact explanation. */
  readonly estimator?: string;
  /** What it holds in native memory, in bytes. */
  readonly sizeBytes?: number;
  /** About how many additions and multiplications a row takes; few where it is left out. */
  readonly operationsPerRow?: number | undefined;
  readonly task: string;
  readonly classCount: number;
  readonly featureCount: number;
  predict(matrix: Matrix, options: { signal?: AbortSignal }): Promise<Float32Array>;
  predictSync(matrix: Matrix): Float32Array;
  toTensors(): { tensors: readonly NamedTensor[]; metadata: Readonly<Record<string, string>> };
  dispose(): void;
}

/** A `google.protobuf.Struct`: column name to plain JSON value. */
export interface RecordLike {
  readonly fields?: Readonly<Record<string, StructValueLike>> | null | undefined;
}

/** A `tenon.common.v1.Row`: column name to typed value. */
export interface RowLike {
  readonly values?: Readonly<Record<string, ValueLike>> | null | undefined;
}

/** Rows in one of the two forms in which they are sent. */
export type RawRows = { readonly records: readonly RecordLike[] } | { readonly rows: readonly RowLike[] };

/** Row-major `rows × classes` probabilities, or one number per row for regression. */
export type Scores = Float32Array;

/**
 * A model that scores raw rows, the same in training and in serving. Rows that do not fit
 * throw RecipeError naming `records[i].fields["column"]` or `rows[i].values["column"]`, and
 * then no row is scored.
 */
export interface ScoringModel {
  readonly signature: Signature;
  readonly recipe: FittedRecipe;
  readonly encoder: RowEncoder;
  readonly model: BundledModel;
  /** Numbers per row: the classes, or 1 for regression. */
  readonly outputCount: number;
  /** Scores plain JSON rows on the calling thread: for few rows. */
  predictRecords(records: readonly RecordLike[]): Scores;
  /** Scores typed rows on the calling thread: for few rows. */
  predictRows(rows: readonly RowLike[]): Scores;
  /** Scores many rows: encodes in slices that let other work run, scores on native threads. */
  predictBatch(rows: RawRows, options?: { signal?: AbortSignal | undefined }): Promise<Scores>;
  /** Null for a model of which RowReader cannot read the rows. */
  readonly encoded: EncodedPredictors | null;
  /** How many rows to encode before other work may run: at most 256, of large tensors and reductions fewer. */
  readonly rowsPerSlice: number;
  /** The features of the rows from `begin` up to `end`, encoded on the calling thread. */
  encodeRows(rows: RawRows, begin: number, end: number): Matrix;
  /** The features of the parity rows. */
  parityFeatures(): Matrix;
  /**
   * Scores the parity rows again, letting other work run between them. Rejects with BundleError unless every output
   * equals the trainer's exactly; with the signal's reason.
   */
  verifyParity(options?: { signal?: AbortSignal | undefined }): Promise<void>;
  dispose(): void;
}

/** Scores rows as they stand in the bytes of a message. Null for rows that are not for RowReader: ScoringModel takes them. */
export interface EncodedPredictors {
  /** Scores on the calling thread: for few rows. */
  predict(rows: EncodedRows): Scores | null;
  /** Scores many rows: reads in slices that let other work run, scores on native threads. */
  predictBatch(rows: EncodedRows, options?: { signal?: AbortSignal | undefined }): Promise<Scores | null>;
}

/** The most operations of a row that is scored on the calling thread: milliseconds where weights leave the cache. */
export const maxSyncRowOperations = 2e7;

/** Whether a model scores a row within milliseconds, so that the calling thread may do it. */
export function isQuick({ operationsPerRow = 0 }: Pick<BundledModel, 'operationsPerRow'>): boolean {
  return operationsPerRow <= maxSyncRowOperations;
}

/** Rows encoded before other work may run, and their cost: about a millisecond. */
const sliceRows = 256;
const sliceCost = 65_536;
/** Bytes of encoded rows that are read before other work may run, and features that they become: about a millisecond too. */
const sliceBytes = 2 ** 20;
const sliceFeatures = 2 ** 17;

type EncodeOne = (index: number, out: Float32Array, offset: number) => void;

/** What is made of an encoder, a reader and the model that takes their features. */
type Predictors = Pick<
  ScoringModel,
  'predictRecords' | 'predictRows' | 'predictBatch' | 'encoded' | 'rowsPerSlice' | 'encodeRows'
>;

/** The prediction functions over an encoder and the model that takes its features; `reader` gives the same features. */
export function createPredictors(encoder: RowEncoder, model: BundledModel, reader: RowReader | null): Predictors {
  const columnCount = encoder.featureCount;
  const rowsPerSlice = Math.max(1, Math.min(sliceRows, Math.floor(sliceCost / Math.max(1, encoder.rowCost))));

  function encoding(raw: RawRows): { rowCount: number; encodeOne: EncodeOne } {
    if ('records' in raw) {
      const { records } = raw;
      return {
        rowCount: records.length,
        encodeOne: (index, out, offset) => encoder.encodeRecord(records[index]?.fields ?? {}, index, out, offset),
      };
    }
    const { rows } = raw;
    return {
      rowCount: rows.length,
      encodeOne: (index, out, offset) => encoder.encodeRow(rows[index]?.values ?? {}, index, out, offset),
    };
  }

  function predictSync(raw: RawRows): Scores {
    const { rowCount, encodeOne } = encoding(raw);
    const data = new Float32Array(rowCount * columnCount);
    for (let index = 0; index < rowCount; index++) encodeOne(index, data, index * columnCount);
    return model.predictSync({ data, rowCount, columnCount });
  }

  return {
    predictRecords: (records) => predictSync({ records }),
    predictRows: (rows) => predictSync({ rows }),
    rowsPerSlice,
    encodeRows(raw, begin, end) {
      const { encodeOne } = encoding(raw);
      const data = new Float32Array((end - begin) * columnCount);
      for (let index = begin; index < end; index++) encodeOne(index, data, (index - begin) * columnCount);
      return { data, rowCount: end - begin, columnCount };
    },
    async predictBatch(raw, { signal } = {}) {
      const { rowCount, encodeOne } = encoding(raw);
      const data = new Float32Array(rowCount * columnCount);
      for (let start = 0; start < rowCount; start += rowsPerSlice) {
        if (start > 0) await nextTurn();
        signal?.throwIfAborted();
        const end = Math.min(rowCount, start + rowsPerSlice);
        for (let index = start; index < end; index++) encodeOne(index, data, index * columnCount);
      }
      return model.predict({ data, rowCount, columnCount }, signal === undefined ? {} : { signal });
    },
    encoded: reader === null ? null : createEncodedPredictors(reader, model),
  };
}

function createEncodedPredictors(reader: RowReader, model: BundledModel): EncodedPredictors {
  const { featureCount: columnCount } = reader;
  return {
    predict(rows) {
      const { rowCount, from } = rows;
      const data = new Float32Array(rowCount * columnCount);
      return reader.read(rows, from, rowCount, data, 0) < 0 ? null : model.predictSync({ data, rowCount, columnCount });
    },
    async predictBatch(rows, { signal } = {}) {
      const { rowCount, bytes } = rows;
      // Rows are mostly all for the reader or none: no memory is taken for those that are not.
      if (reader.read(rows, rows.from, 1, new Float32Array(columnCount), 0) < 0) return null;
      const data = new Float32Array(rowCount * columnCount);
      const byBytes = Math.floor((rowCount * sliceBytes) / bytes.length);
      const perSlice = Math.max(1, Math.min(byBytes, Math.floor(sliceFeatures / columnCount)));
      let { from } = rows;
      for (let start = 0; start < rowCount; start += perSlice) {
        if (start > 0) await nextTurn();
        signal?.throwIfAborted();
        from = reader.read(rows, from, Math.min(perSlice, rowCount - start), data, start * columnCount);
        if (from < 0) return null;
      }
      return model.predict({ data, rowCount, columnCount }, signal === undefined ? {} : { signal });
    },
  };
}
