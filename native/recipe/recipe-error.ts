import { shownValue } from '../table/table-error.js';

/** Why a recipe cannot be fitted or applied; the names are Tenon's error reasons. */
export type RecipeErrorReason =
  | 'UNKNOWN_CATEGORY'
  | 'WRONG_TYPE'
  | 'MISSING_COLUMN'
  | 'UNKNOWN_COLUMN'
  | 'NOT_FINITE'
  | 'EMPTY_TABLE'
  | 'INVALID_FIELD';

/** What is wrong with a feature that f32 cannot hold. */
export const beyondFloatBound = 'becomes a feature beyond ±3.4e38, the range of 32-bit floats';

/** Where it went wrong, beyond the field. */
export interface RecipeErrorPlace {
  /** The row, from 0. */
  row?: number | undefined;
  /** The column's name. */
  column?: string | undefined;
}

/** A recipe, a table or a row that does not fit: the field, the value seen and what would be right. */
export class RecipeError extends Error {
  readonly reason: RecipeErrorReason;
  /** In proto spelling, relative to what was handed in: `steps[2].columns[0]`, `records[0].fields["age"]`. */
  readonly field: string;
  readonly seen: unknown;
  readonly bound: string;
  readonly row: number | undefined;
  readonly column: string | undefined;

  constructor(reason: RecipeErrorReason, field: string, seen: unknown, bound: string, place: RecipeErrorPlace = {}) {
    super(`${field}: ${shownValue(seen)} ${bound}`);
    this.name = 'RecipeError';
    this.reason = reason;
    this.field = field;
    this.seen = seen;
    this.bound = bound;
    this.row = place.row;
    this.column = place.column;
  }
}
