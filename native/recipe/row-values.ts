import { shownValue } from '../table/table-error.js';
import type { ScalarInput } from './fitted-recipe-data.js';
import type { ValueLike } from './from-message.js';
import { RecipeError } from './recipe-error.js';

/** `google.protobuf.Value` as it arrives. */
export interface StructValueLike {
  readonly kind?: string | undefined;
  readonly numberValue?: number | undefined;
  readonly stringValue?: string | undefined;
  readonly boolValue?: boolean | undefined;
  readonly listValue?: { readonly values?: readonly StructValueLike[] | undefined } | null | undefined;
}

/** A cell on its way through a recipe; integers beyond ±(2^53 - 1) are bigint. */
export type Scalar = null | boolean | number | bigint | string;

const decimalInteger = /^(0|-?[1-9]\d{0,18})$/;

/** Reads a plain JSON value by its column's type; never converts text to a double or a boolean to a number. */
export function readStructValue(value: StructValueLike, column: ScalarInput, field: string, row: number): Scalar {
  switch (value.kind) {
    case 'nullValue':
      return null;
    case 'numberValue': {
      const number = value.numberValue ?? 0;
      if (column.type === 'double') return finite(number, column, field, row);
      if (column.type === 'integer') return whole(finite(number, column, field, row), column, field, row);
      throw wrongType(number, column, field, row);
    }
    case 'stringValue':
      return text(value.stringValue ?? '', column, field, row);
    case 'boolValue':
      if (column.type === 'boolean') return value.boolValue === true;
      throw wrongType(value.boolValue, column, field, row);
    default:
      throw wrongType(value.kind ?? 'unset', column, field, row);
  }
}

/** Reads a typed value; a whole number may widen to a double, nothing else changes type. */
export function readTypedValue(value: ValueLike, column: ScalarInput, field: string, row: number): Scalar {
  switch (value.kind) {
    case undefined:
    case 'nullValue':
      return null;
    case 'doubleValue':
      if (column.type === 'double') return finite(value.doubleValue ?? 0, column, field, row);
      throw wrongType(value.doubleValue, column, field, row);
    case 'integerValue': {
      const number = value.integerValue ?? 0;
      if (column.type === 'integer' || column.type === 'double') return whole(number, column, field, row);
      throw wrongType(number, column, field, row);
    }
    case 'stringValue':
      return text(value.stringValue ?? '', column, field, row);
    case 'boolValue':
      if (column.type === 'boolean') return value.boolValue === true;
      throw wrongType(value.boolValue, column, field, row);
    default:
      throw wrongType(value.kind, column, field, row);
  }
}

function finite(number: number, column: ScalarInput, field: string, row: number): number {
  if (Number.isFinite(number)) return number;
  throw new RecipeError('NOT_FINITE', field, number, 'must be finite; a missing value is null', {
    row,
    column: column.name,
  });
}

function whole(number: number, column: ScalarInput, field: string, row: number): number {
  // Adding 0 turns -0 into 0, which an integer is.
  if (Number.isSafeInteger(number)) return number + 0;
  const bound = Number.isInteger(number)
    ? 'is beyond ±(2^53 - 1); send it to an integer column as decimal text'
    : 'must be a whole number: the column is integer';
  throw new RecipeError('WRONG_TYPE', field, number, bound, { row, column: column.name });
}

function text(value: string, column: ScalarInput, field: string, row: number): Scalar {
  if (column.type === 'string') return value;
  if (column.type !== 'integer' || !decimalInteger.test(value)) throw wrongType(value, column, field, row);
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  const integer = BigInt(value);
  if (BigInt.asIntN(64, integer) !== integer) {
    throw new RecipeError('WRONG_TYPE', field, value, 'must fit 64 bits', { row, column: column.name });
  }
  return integer;
}

function wrongType(seen: unknown, { name, type }: ScalarInput, field: string, row: number): RecipeError {
  const bound = `must be ${type === 'integer' ? 'an integer' : `a ${type}`}, the type of column ${shownValue(name)}`;
  return new RecipeError('WRONG_TYPE', field, seen, bound, { row, column: name });
}
