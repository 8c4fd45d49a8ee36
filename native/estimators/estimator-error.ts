import { shownValue } from '../table/table-error.js';

/** Why an estimator cannot be fitted or a row not scored; the names are Tenon's error reasons. */
export type EstimatorErrorReason = 'INVALID_FIELD' | 'EMPTY_TABLE' | 'NOT_FINITE';

/** Data that an estimator refuses: the field, the value seen and the bound. */
export class EstimatorError extends Error {
  readonly reason: EstimatorErrorReason;
  /** An argument with its place: `features column 3`, `target[12]`. */
  readonly field: string;
  readonly seen: unknown;
  /** In words, beginning with "must". */
  readonly bound: string;
  /** Where in the features it was seen; null if nowhere. */
  readonly cell: { readonly row: number; readonly column: number } | null;

  constructor(
    reason: EstimatorErrorReason,
    field: string,
    seen: unknown,
    bound: string,
    cell: EstimatorError['cell'] = null,
  ) {
    super(`${field}: ${shownValue(seen)} ${bound}${cell === null ? '' : `; row ${cell.row}`}`);
    this.name = 'EstimatorError';
    this.reason = reason;
    this.field = field;
    this.seen = seen;
    this.bound = bound;
    this.cell = cell;
  }
}
