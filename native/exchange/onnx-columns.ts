import { unparsable, unsupported } from './exchange-error.js';
import type { OnnxNode } from './onnx.js';
import { AttributeReader, placeOf } from './onnx-attributes.js';
import { spread } from './onnx-linear.js';
import type { FeatureColumn, OnnxValue } from './onnx-values.js';

/** A column after one more operation: span × (x - center) + lower. */
export function moved(column: FeatureColumn, op: string, by: number): FeatureColumn {
  if (op === 'Add' || op === 'Sub') {
    const signed = op === 'Add' ? by : -by;
    const untouched = column.span === 1 && column.lower === 0;
    return untouched ? { ...column, center: column.center - signed } : { ...column, lower: column.lower + signed };
  }
  const factor = op === 'Mul' ? by : 1 / by;
  return { ...column, span: column.span * factor, lower: column.lower * factor };
}

/** The columns after Scaler. Throws ExchangeError. */
export function scaledBy(node: OnnxNode, columns: readonly FeatureColumn[]): OnnxValue {
  const attributes = new AttributeReader(node);
  const read = (name: string, absent: number) => {
    const told = attributes.numbersOrNull(name) ?? [absent];
    if (told.length === 1 || told.length === columns.length) {
      return columns.map((_, index) => told[told.length === 1 ? 0 : index] as number);
    }
    throw unparsable(`${attributes.at}.${name}`, told.length, `elements must be 1 or ${columns.length}`);
  };
  const offsets = read('offset', 0);
  const factors = read('scale', 1);
  return {
    kind: 'features',
    columns: columns.map((column, index) =>
      moved(moved(column, 'Sub', offsets[index] as number), 'Mul', factors[index] as number),
    ),
  };
}

/** The columns after Imputer. Throws ExchangeError. */
export function filledBy(node: OnnxNode, columns: readonly FeatureColumn[]): OnnxValue {
  const attributes = new AttributeReader(node);
  const values = attributes.numbers('imputed_value_floats');
  if (values.length !== 1 && values.length !== columns.length) {
    throw unparsable(`${attributes.at}.imputed_value_floats`, values.length, `must be 1 or ${columns.length}`);
  }
  const replaced = attributes.number('replaced_value_float', 0);
  if (!Number.isNaN(replaced)) throw unsupported(`${attributes.at}.replaced_value_float`, replaced, 'must be NaN');
  return withFill(columns, values, attributes.at);
}

/** Some of the columns, by constant places; null for what is no such selection. Throws ExchangeError. */
export function selected(node: OnnxNode, value: OnnxValue, places: OnnxValue | undefined): OnnxValue | null {
  if (value.kind !== 'features' || places?.kind !== 'constant') return null;
  const { columns } = value;
  const { values } = places.tensor;
  if (values.length > columns.length) {
    throw unsupported(`${placeOf(node)}.inputs[1]`, values.length, `places must be at most ${columns.length}`);
  }
  const chosen = Array.from(values as ArrayLike<number>, (place): FeatureColumn => {
    const column = columns[Number(place)];
    if (column !== undefined) return column;
    throw unparsable(`${placeOf(node)}.inputs[1]`, place, `must be from 0 to ${columns.length - 1}`);
  });
  return { kind: 'features', columns: chosen };
}

/** Where(IsNaN(x), constant, x); null for any other Where. Throws ExchangeError. */
export function filledWhere(node: OnnxNode, [missing, fill, value]: readonly OnnxValue[]): OnnxValue | null {
  const known = missing?.kind === 'missing' && fill?.kind === 'constant' && value?.kind === 'features';
  if (!known || missing.columns !== value.columns) {
    return null;
  }
  const numbers = spread(fill.tensor, value.columns.length, placeOf(node));
  return withFill(value.columns, numbers, placeOf(node));
}

function withFill(columns: readonly FeatureColumn[], numbers: ArrayLike<number>, at: string): OnnxValue {
  return {
    kind: 'features',
    columns: columns.map((column, index) => {
      const fill = numbers[numbers.length === 1 ? 0 : index] as number;
      if (column.fill !== null) return column;
      if (column.span !== 1 || column.lower !== 0 || column.center !== 0) {
        throw unsupported(at, 'after scaling', 'must come before scaling');
      }
      return { ...column, fill };
    }),
  };
}
