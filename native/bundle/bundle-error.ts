import { shownValue } from '../table/table-error.js';

/** A bundle that cannot be written or used: the file and place, the value seen and the bound. */
export class BundleError extends Error {
  /** The file and the place in it: `parity.json.rows[3]`. */
  readonly field: string;
  constructor(field: string, seen: unknown, bound: string) {
    super(`${field}: ${shownValue(seen)} ${bound}`);
    this.name = 'BundleError';
    this.field = field;
  }
}

/** Throws BundleError unless the value is a plain object with exactly these keys. */
export function checkKeys(field: string, value: unknown, keys: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BundleError(field, value, `must be an object of ${keys.join(', ')}`);
  }
  for (const key of Object.keys(value)) {
    if (!keys.includes(key))
      throw new BundleError(`${field}.${key}`, key, `is no known key; known: ${keys.join(', ')}`);
  }
  for (const key of keys) {
    if (!Object.hasOwn(value, key)) throw new BundleError(`${field}.${key}`, null, 'must be present');
  }
  return value as Readonly<Record<string, unknown>>;
}
