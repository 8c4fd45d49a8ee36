import { addon } from '../addon.js';
import { ArgumentError, checkArray, checkInteger } from '../argument-error.js';
import type { TensorType } from '../table/tensor-type.js';
import type { ColumnPlan } from './column-plan.js';
import { columnPlans, encodeNull, encodeValue } from './column-plan.js';
import type { EncodeOp, FittedOp, ScaleOp } from './fitted-op.js';
import type { FittedRecipeData, TensorInput } from './fitted-recipe-data.js';
import { reductionsOf } from './fitted-recipe-data.js';
import { RecipeError } from './recipe-error.js';
import type { Scalar } from './row-values.js';

declare const rawRowReader: unique symbol;
/** A reader in native memory. */
export interface RawRowReader {
  readonly [rawRowReader]: true;
}

/** `RowColumn` in native/src/rows/row_column.h says what each means. */
interface RawRowColumn {
  type: number;
  offset: number;
  width: number;
  nullFeatures: Float32Array;
  scales: Float64Array;
  encoded: boolean;
  categoryCount: number;
  texts: Uint8Array[];
  numbers: Float64Array;
  places: Uint32Array;
  categoryFeatures: Float32Array;
  unknownFeatures: Float32Array;
  falseFeatures: Float32Array;
  trueFeatures: Float32Array;
  byteFeatures: Float32Array;
  tensorHead: Uint8Array;
}

declare module '../addon.js' {
  interface Addon {
    rowReaderCreate(names: Uint8Array[], columns: RawRowColumn[]): RawRowReader;
    rowReaderRead(
      reader: RawRowReader,
      typed: boolean,
      tag: number,
      bytes: Uint8Array,
      from: number,
      rows: number,
      out: Float32Array,
      at: number,
    ): number;
    rowReaderDispose(reader: RawRowReader): void;
  }
}

/** Rows as they stand in a message's bytes, one behind the other, each behind the field's tag of one byte. */
export interface EncodedRows {
  /** `records` are `google.protobuf.Struct`, `rows` are `tenon.common.v1.Row`. */
  readonly form: 'records' | 'rows';
  readonly tag: number;
  readonly bytes: Uint8Array;
  /** Where the first one's tag is. */
  readonly from: number;
  readonly rowCount: number;
}

/**
 * Turns rows into features straight from the bytes of a message, in native code. It takes rows as serializers write
 * them: every input column once, of its type, and nothing else; those that are not are left to RowEncoder, which says
 * what is wrong. The features of a row are the same bits either way. Holds native memory until `dispose()` or garbage
 * collection.
 */
export interface RowReader {
  readonly featureCount: number;
  /**
   * Writes the features of `count` rows, the first of which has its tag at `from`, into `out` from element `at` on.
   * @returns where the next row would begin, or -1 if one of the rows is for RowEncoder; then what `out` holds there has
   * no meaning
   * @throws ArgumentError
   */
  read(rows: EncodedRows, from: number, count: number, out: Float32Array, at: number): number;
  dispose(): void;
}

const cellTypes = { double: 0, integer: 1, boolean: 2, string: 3, f32: 4, u8: 5 } as const;

/** Compiles a recipe for the bytes of rows; null where it has something that only RowEncoder does, as reductions. */
export function compileRowReader(
  data: FittedRecipeData,
  { acceptsMissing }: { acceptsMissing: boolean },
): RowReader | null {
  if (data.inputs.length === 0 || reductionsOf(data).length > 0) return null;
  const plans = columnPlans(data, { acceptsMissing, reductions: [] });
  const columns = plans.map((plan) => columnOf(plan, data.ops));
  if (columns.includes(null)) return null;
  let raw: RawRowReader | null = addon.rowReaderCreate(
    plans.map(({ input }) => Buffer.from(input.name)),
    columns as RawRowColumn[],
  );
  const featureCount = plans.reduce((sum, { width }) => sum + width, 0);
  return {
    featureCount,
    read({ form, tag, bytes }, from, count, out, at) {
      if (raw === null) throw new ArgumentError('reader', '(disposed of)', 'a live RowReader');
      checkArray('bytes', bytes, 'Uint8Array');
      checkArray('out', out, 'Float32Array');
      checkInteger('tag', tag, 0, 127);
      checkInteger('from', from, 0, bytes.length);
      checkInteger('at', at, 0, out.length);
      checkInteger('count', count, 0, Math.floor((out.length - at) / featureCount));
      return addon.rowReaderRead(raw, form === 'rows', tag, bytes, from, count, out, at);
    },
    dispose() {
      if (raw !== null) addon.rowReaderDispose(raw);
      raw = null;
    },
  };
}

const none = new Float32Array(0);

/** Half of a character, which has no bytes in UTF-8. */
const loneSurrogate = /\p{Surrogate}/u;

/** What RowEncoder makes of a value in a column; empty where it refuses it. */
function featuresOf(plan: ColumnPlan, value: Scalar): Float32Array {
  const out = new Float32Array(plan.width);
  try {
    // A row's features begin where this column's do, less its offset.
    if (plan.tensor !== null) encodeNull(plan, 0, out, -plan.offset);
    else encodeValue(plan, value, 0, out, 0);
    return out;
  } catch (error) {
    if (error instanceof RecipeError) return none;
    throw error;
  }
}

function columnOf(plan: ColumnPlan, ops: readonly FittedOp[]): RawRowColumn | null {
  const { input, offset, width } = plan;
  const { name } = input;
  // `__proto__` is no property like others.
  if (loneSurrogate.test(name) || name === '__proto__' || width === 0) return null;
  const own = ops.filter((op) => 'column' in op && op.column === name);
  const encodeAt = own.findIndex((op) => op.kind === 'oneHot' || op.kind === 'ordinal');
  const scales = own.filter((op) => op.kind === 'scale');
  const column: RawRowColumn = {
    type: cellTypes[input.type === 'tensor' ? input.dtype : input.type],
    offset,
    width,
    nullFeatures: featuresOf(plan, null),
    scales: Float64Array.from(
      scales.flatMap(({ center, divisor, span, lower }: ScaleOp) => [center, divisor, span, lower]),
    ),
    encoded: false,
    categoryCount: 0,
    texts: [],
    numbers: new Float64Array(0),
    places: new Uint32Array(0),
    categoryFeatures: none,
    unknownFeatures: none,
    falseFeatures: none,
    trueFeatures: none,
    byteFeatures: none,
    tensorHead: new Uint8Array(0),
  };
  if (input.type === 'tensor') return tensorColumn(column, plan, input);
  if (input.type === 'boolean') {
    return { ...column, falseFeatures: featuresOf(plan, false), trueFeatures: featuresOf(plan, true) };
  }
  if (encodeAt >= 0) {
    // What was scaled first is looked up by what scaling made of it.
    if (own.slice(0, encodeAt).some((op) => op.kind === 'scale')) return null;
    return encodedColumn(column, plan, own[encodeAt] as EncodeOp);
  }
  return input.type === 'string' ? null : column;
}

function encodedColumn(column: RawRowColumn, plan: ColumnPlan, { kind, categories }: EncodeOp): RawRowColumn | null {
  if (categories.some((category) => loneSurrogate.test(category))) return null;
  const isText = plan.input.type === 'string';
  // A number is of the category that is its text; of categories that are no number's text there is none.
  const numbers = isText
    ? []
    : categories.flatMap((category, place) => {
        const number = Number(category);
        return Number.isFinite(number) && String(number) === category ? [{ number, place }] : [];
      });
  const categoryFeatures = new Float32Array(kind === 'oneHot' ? 0 : categories.length);
  const known = isText
    ? categories.map((value, place) => ({ value, place }))
    : numbers.map(({ number: value, place }) => ({ value, place }));
  for (const { value, place } of kind === 'oneHot' ? [] : known) {
    const [feature] = featuresOf(plan, value);
    // Nothing that RowEncoder refuses may have features.
    if (feature === undefined) return null;
    categoryFeatures[place] = feature;
  }
  return {
    ...column,
    encoded: true,
    scales: new Float64Array(0),
    categoryCount: categories.length,
    texts: isText ? categories.map((category) => Buffer.from(category)) : [],
    numbers: Float64Array.from(numbers, ({ number }) => number),
    places: Uint32Array.from(numbers, ({ place }) => place),
    categoryFeatures,
    unknownFeatures: featuresOf(plan, isText ? textBeyond(categories) : numberBeyond(numbers)),
  };
}

/** A text that is none of these. */
function textBeyond(texts: readonly string[]): string {
  return 'x'.repeat(texts.reduce((most, { length }) => Math.max(most, length), 0) + 1);
}

/** A number that is none of these. */
function numberBeyond(of: readonly { number: number }[]): number {
  const numbers = new Set(of.map(({ number }) => number));
  let number = 0;
  while (numbers.has(number)) number++;
  return number;
}

function tensorColumn(column: RawRowColumn, plan: ColumnPlan, input: TensorInput): RawRowColumn | null {
  const bytes = plan.tensor?.scale.bytes ?? none;
  if (!bytes.every(Number.isFinite)) return null;
  return { ...column, byteFeatures: bytes, tensorHead: tensorHead(input, plan.width) };
}

/** What stands before the elements in the bytes of a `tenon.common.v1.Tensor`. */
function tensorHead({ dtype, shape }: TensorType, elements: number): Uint8Array {
  const sizes = shape.flatMap(varint);
  const byteCount = elements * (dtype === 'u8' ? 1 : 4);
  return Uint8Array.from([
    0x08,
    dtype === 'u8' ? 2 : 8,
    0x12,
    ...varint(sizes.length),
    ...sizes,
    0x1a,
    ...varint(byteCount),
  ]);
}

/** A whole number as protobuf writes it. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  bytes.push(left);
  return bytes;
}
