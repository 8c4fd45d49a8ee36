import { shownValue } from '../table/table-error.js';

/** A metric that cannot judge what it is asked to: the field, the value seen and the bound. */
export class MetricError extends Error {
  readonly field: string;
  readonly seen: unknown;
  /** In words, beginning with "must". */
  readonly bound: string;

  constructor(field: string, seen: unknown, bound: string) {
    super(`${field}: ${shownValue(seen)} ${bound}`);
    this.name = 'MetricError';
    this.field = field;
    this.seen = seen;
    this.bound = bound;
  }
}
