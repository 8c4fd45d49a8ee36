import { shownValue } from '../table/table-error.js';

/** A division of rows that cannot be made: the field, the value seen and the bound. */
export class ValidationError extends Error {
  /** In proto spelling, relative to the message that asks: `folds`, `test_fraction`, `seed`. */
  readonly field: string;
  readonly seen: unknown;
  readonly bound: string;

  constructor(field: string, seen: unknown, bound: string) {
    super(`${field}: ${shownValue(seen)} ${bound}`);
    this.name = 'ValidationError';
    this.field = field;
    this.seen = seen;
    this.bound = bound;
  }
}
