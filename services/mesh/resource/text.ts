import { invalidField } from '../errors.js';

/** The longest request_id, in characters. */
export const maxRequestIdLength = 64;

/** Text of at most `max` UTF-16 units without NUL or lone surrogates; `min` is 0 unless told. Returns the value. */
export function checkText(field: string, value: string, { max, min = 0 }: { max: number; min?: number }): string {
  if (value.length < min) throw invalidField(field, value, `must have at least ${min} characters`);
  if (value.length > max) throw invalidField(field, value, `has ${value.length} characters, must have at most ${max}`);
  if (value.includes('\0')) throw invalidField(field, value, 'must not contain a NUL character');
  if (!isWellFormed(value)) throw invalidField(field, value, 'must be well-formed Unicode');
  return value;
}

/** A request id: empty, or up to 64 visible ASCII characters. */
export function checkRequestId(value: string, field = 'request_id'): string {
  checkText(field, value, { max: maxRequestIdLength });
  if (!/^[!-~]*$/.test(value)) throw invalidField(field, value, 'must be visible ASCII characters');
  return value;
}

function isWellFormed(value: string): boolean {
  // A lone surrogate does not survive UTF-8.
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(value);
}
