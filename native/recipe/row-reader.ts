import { addon } from '../addon.js';
import { ArgumentError, checkArray, checkInteger } from '../argument-error.js';
import { ProtobufWriter } from '../exchange/protobuf-writer.js';
import type { TensorType } from '../table/tensor-type.js';
import type { ColumnPlan } from './column-plan.js';
import { encodeNull, encodeValue } from './column-plan.js';
import type { EncodeOp, FittedOp } from './fitted-op.js';
import type { FittedRecipeData, TensorInput } from './fitted-recipe-data.js';
import { RecipeError } from './recipe-error.js';
import type { RowEncoder } from './row-encoder.js';
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
  texts: Uint8Array;
  textEnds: Uint32Array;
  numbers: Float64Array;
  places: Uint32Array;
  categoryFeatures: Float32Array;
  unknownFeatures: Float32Array;
  falseFeatures: Float32Array;
  trueFeatures: Float32Array;
  byteFeatures: Float32Array;
  shape: Uint32Array;
  tensorHead: Uint8Array;
}

declare module '../addon.js' {
  interface Addon {
    rowReaderCreate(names: Uint8Array, nameEnds: Uint32Array, columns: RawRowColumn[]): RawRowReader;
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

/** The most categories of all columns: what a reader of more takes to be made would hold up a process that serves. */
const maxCategoriesRead = 500_000;

/** Compiles an encoder for the bytes of rows; null where it has something that only it does, as reductions. */
export function compileRowReader(
  { ops, inputs }: FittedRecipeData,
  { plans }: Pick<RowEncoder, 'plans'>,
): RowReader | null {
  const categoryCount = ops.reduce((sum, op) => sum + ('categories' in op ? op.categories.length : 0), 0);
  if (inputs.length === 0 || categoryCount > maxCategoriesRead) return null;
  const columns: RawRowColumn[] = [];
  for (const plan of plans) {
    const column = columnOf(plan, ops);
    if (column === null) return null;
    columns.push(column);
  }
  const { bytes: names, ends } = joined(inputs.map(({ name }) => name));
  let raw: RawRowReader | null = addon.rowReaderCreate(names, ends, columns);
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

/** Texts in UTF-8, one behind the other, and where each ends. */
function joined(texts: readonly string[]): { bytes: Uint8Array; ends: Uint32Array } {
  let end = 0;
  const ends = Uint32Array.from(texts, (text) => {
    end += Buffer.byteLength(text);
    return end;
  });
  return { bytes: Buffer.from(texts.join('')), ends };
}

/** What RowEncoder makes of a value in a column; false where it refuses it. */
function encodes(plan: ColumnPlan, value: Scalar, out: Float32Array): boolean {
  try {
    // A row's features begin where this column's do, less its offset.
    if (plan.tensor !== null) encodeNull(plan, 0, out, -plan.offset);
    else encodeValue(plan, value, 0, out, 0);
    return true;
  } catch (error) {
    if (error instanceof RecipeError) return false;
    throw error;
  }
}

/** The same as features; none where it is refused. */
function featuresOf(plan: ColumnPlan, value: Scalar): Float32Array {
  const out = new Float32Array(plan.width);
  return encodes(plan, value, out) ? out : none;
}

function columnOf(plan: ColumnPlan, ops: readonly FittedOp[]): RawRowColumn | null {
  const { input, offset, width, reduced } = plan;
  const { name } = input;
  // `__proto__` is no property like others.
  if (reduced !== null || loneSurrogate.test(name) || name === '__proto__' || width === 0) return null;
  const own = ops.filter((op) => 'column' in op && op.column === name);
  const encode = own.find((op): op is EncodeOp => op.kind === 'oneHot' || op.kind === 'ordinal');
  const column: RawRowColumn = {
    type: cellTypes[input.type === 'tensor' ? input.dtype : input.type],
    offset,
    width,
    nullFeatures: featuresOf(plan, null),
    scales: new Float64Array(0),
    encoded: false,
    categoryCount: 0,
    texts: new Uint8Array(0),
    textEnds: new Uint32Array(0),
    numbers: new Float64Array(0),
    places: new Uint32Array(0),
    categoryFeatures: none,
    unknownFeatures: none,
    falseFeatures: none,
    trueFeatures: none,
    byteFeatures: none,
    shape: new Uint32Array(0),
    tensorHead: new Uint8Array(0),
  };
  switch (input.type) {
    case 'boolean':
      return { ...column, falseFeatures: featuresOf(plan, false), trueFeatures: featuresOf(plan, true) };
    case 'string':
    case 'integer':
      if (encode !== undefined) return encodedColumn(column, plan, encode);
      return input.type === 'string' ? null : { ...column, scales: scalesOf(own) };
    case 'double':
      return encode === undefined ? { ...column, scales: scalesOf(own) } : null;
    default:
      return tensorColumn({ ...column, scales: scalesOf(own) }, plan, input);
  }
}

function scalesOf(ops: readonly FittedOp[]): Float64Array {
  return Float64Array.from(
    ops.flatMap((op) => (op.kind === 'scale' ? [op.center, op.divisor, op.span, op.lower] : [])),
  );
}

function encodedColumn(column: RawRowColumn, plan: ColumnPlan, { kind, categories }: EncodeOp): RawRowColumn | null {
  if (categories.some((category) => loneSurrogate.test(category))) return null;
  const isText = plan.input.type === 'string';
  const categoryFeatures = new Float32Array(kind === 'oneHot' ? 0 : categories.length);
  const numbers: number[] = [];
  const places: number[] = [];
  const one = new Float32Array(1);
  for (const [place, category] of categories.entries()) {
    const number = Number(category);
    // A number is of the category that is its text; of a category that is no number's text there is none.
    if (!isText && String(number) !== category) continue;
    if (!isText) {
      numbers.push(number);
      places.push(place);
    }
    if (kind === 'oneHot') continue;
    // Nothing that RowEncoder refuses may have features.
    if (!encodes(plan, isText ? category : number, one)) return null;
    categoryFeatures[place] = one[0] as number;
  }
  const { bytes: texts, ends: textEnds } = joined(isText ? categories : []);
  return {
    ...column,
    encoded: true,
    categoryCount: categories.length,
    texts,
    textEnds,
    numbers: Float64Array.from(numbers),
    places: Uint32Array.from(places),
    categoryFeatures,
    unknownFeatures: featuresOf(plan, isText ? textBeyond(categories) : numberBeyond(numbers)),
  };
}

/** A text that is none of these. */
function textBeyond(texts: readonly string[]): string {
  return 'x'.repeat(texts.reduce((most, { length }) => Math.max(most, length), 0) + 1);
}

/** A whole number that is none of these. */
function numberBeyond(numbers: readonly number[]): number {
  const known = new Set(numbers);
  let number = 0;
  while (known.has(number)) number++;
  return number;
}

function tensorColumn(column: RawRowColumn, plan: ColumnPlan, input: TensorInput): RawRowColumn | null {
  const bytes = plan.tensor?.scale.bytes ?? none;
  if (!bytes.every(Number.isFinite)) return null;
  const shape = Uint32Array.from(input.shape);
  return { ...column, byteFeatures: bytes, shape, tensorHead: tensorHead(input, plan.width) };
}

/** What stands before the elements in the bytes of a `tenon.common.v1.Tensor`. */
function tensorHead({ dtype, shape }: TensorType, elements: number): Uint8Array {
  const data = new Uint8Array(elements * (dtype === 'u8' ? 1 : 4));
  const whole = new ProtobufWriter()
    .integer(1, dtype === 'u8' ? 2 : 8)
    .integers(2, shape)
    .raw(3, data)
    .finish();
  return whole.slice(0, whole.length - data.length);
}
