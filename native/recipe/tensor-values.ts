import { elementCount, elementTypeNamed, nameOfElementType, sameShape, shownShape } from '../table/tensor-type.js';
import type { ElementScale } from './element-scale.js';
import type { TensorInput } from './fitted-recipe-data.js';
import type { ValueLike } from './from-message.js';
import { beyondFloatBound, RecipeError } from './recipe-error.js';
import type { StructValueLike } from './row-values.js';

/** How the values of a tensor column become features. */
export interface TensorReader {
  readonly input: TensorInput;
  readonly scale: ElementScale;
}

/**
 * Writes the features of a plain JSON tensor at `at`: lists nested as the shape says, or one flat list of all elements.
 * False for null. Throws RecipeError WRONG_TYPE or NOT_FINITE with the shape or the element seen and what is right.
 */
export function readTensorList(
  value: StructValueLike,
  tensor: TensorReader,
  row: number,
  out: Float32Array,
  at: number,
): boolean {
  if (value.kind === 'nullValue') return false;
  const { name, shape } = tensor.input;
  const refuse = (seen: string) => {
    const { shape: wanted, dtype } = tensor.input;
    const flat = wanted.length === 1 ? '' : `, or a flat list of ${elementCount(wanted)}`;
    const bound = `must be a list of shape ${shownShape(wanted)}${flat}, of ${dtype}`;
    return new RecipeError('WRONG_TYPE', '', seen, bound, { row, column: name });
  };
  if (value.kind !== 'listValue') throw refuse(`a ${value.kind ?? 'value that is unset'}`);
  const list = value.listValue?.values ?? [];
  const flat = shape.length > 1 && list.length > 0 && list[0]?.kind !== 'listValue';
  const dimensions = flat ? [elementCount(shape)] : shape;
  let next = at;
  const write = (values: readonly StructValueLike[], depth: number): boolean => {
    if (values.length !== dimensions[depth]) return false;
    if (depth === dimensions.length - 1) {
      for (const element of values) {
        if (element.kind !== 'numberValue') return false;
        writeElement(element.numberValue ?? 0, tensor, row, out, next, at);
        next++;
      }
      return true;
    }
    return values.every((inner) => inner.kind === 'listValue' && write(inner.listValue?.values ?? [], depth + 1));
  };
  if (!write(list, 0)) throw refuse(`a list of ${shapeSeen(value)}`);
  return true;
}

/** The sizes found by going down the first element of each list, or what else stands there. */
function shapeSeen(value: StructValueLike): string {
  const sizes: number[] = [];
  let ragged = false;
  let level: readonly StructValueLike[] = [value];
  // No tensor has more dimensions than this; what is nested deeper is told as it is so far.
  while (level[0]?.kind === 'listValue' && sizes.length <= 8) {
    const lists = level.map((inner) => (inner.kind === 'listValue' ? (inner.listValue?.values ?? []) : []));
    sizes.push(lists[0]?.length ?? 0);
    ragged ||= lists.some((inner) => inner.length !== lists[0]?.length);
    level = lists.flat();
  }
  const other = level.find(({ kind }) => kind !== 'numberValue')?.kind;
  return `shape ${shownShape(sizes)}${ragged ? ', ragged' : ''}${other === undefined ? '' : `, holding a ${other}`}`;
}

/**
 * Writes the features of a typed tensor at `at`. False for null. Throws RecipeError WRONG_TYPE unless dtype and shape are
 * the column's and the data of that length, NOT_FINITE for an element that is not.
 */
export function readTypedTensor(
  value: ValueLike,
  tensor: TensorReader,
  row: number,
  out: Float32Array,
  at: number,
): boolean {
  if (value.kind === undefined || value.kind === 'nullValue') return false;
  const { name, dtype, shape } = tensor.input;
  const elements = elementCount(shape);
  const bytes = elements * (dtype === 'u8' ? 1 : 4);
  const sent = value.tensorValue;
  if (value.kind !== 'tensorValue' || sent === null || sent === undefined) {
    const bound = `must be a tensor_value of ${nameOfElementType(dtype)} ${shownShape(shape)}`;
    throw new RecipeError('WRONG_TYPE', '', value.kind, bound, { row, column: name });
  }
  const { data } = sent;
  if (elementTypeNamed(sent.dtype) !== dtype || !sameShape(sent.shape, shape)) {
    const seen = `${sent.dtype} ${shownShape(sent.shape.slice(0, 9))}`;
    const bound = `must be ${nameOfElementType(dtype)} ${shownShape(shape)}`;
    throw new RecipeError('WRONG_TYPE', '', seen, bound, { row, column: name });
  }
  if (data.length !== bytes) {
    const bound = `bytes of data must be ${bytes}, as ${nameOfElementType(dtype)} ${shownShape(shape)} has`;
    throw new RecipeError('WRONG_TYPE', '', data.length, bound, { row, column: name });
  }
  const { bytes: table } = tensor.scale;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  for (let index = 0; index < elements; index++) {
    const element = table === null ? view.getFloat32(index * 4, true) : (data[index] as number);
    writeElement(element, tensor, row, out, at + index, at);
  }
  return true;
}

function writeElement(
  value: number,
  { input, scale }: TensorReader,
  row: number,
  out: Float32Array,
  place: number,
  start: number,
): void {
  const { bytes } = scale;
  if (bytes !== null) {
    const feature = bytes[value];
    if (feature === undefined) throw wrongElement('must be a whole number from 0 to 255');
    out[place] = feature;
  } else {
    if (!Number.isFinite(value)) throw wrongElement('must be finite');
    // What a table holds has been rounded to f32 before it is scaled.
    const element = Math.fround(value);
    if (!Number.isFinite(element)) throw wrongElement('must be within ±3.4e38, the range of 32-bit floats');
    out[place] = scale.of(element);
  }
  if (!Number.isFinite(out[place])) throw wrongElement(beyondFloatBound);

  function wrongElement(bound: string): RecipeError {
    const reason = bytes !== null && Number.isFinite(value) && bytes[value] === undefined ? 'WRONG_TYPE' : 'NOT_FINITE';
    const place_ = { row, column: input.name };
    return new RecipeError(reason, '', value, `at element ${place - start} ${bound}`, place_);
  }
}
