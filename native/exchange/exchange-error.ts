import { shownValue } from '../table/table-error.js';

const mostShown = 80;

/** A value as the message shows it; of a file of any size, without writing all of it out. */
function shown(seen: unknown): string {
  if (typeof seen === 'string') return shownValue(seen.slice(0, mostShown));
  if (typeof seen !== 'object' || seen === null) return shownValue(seen);
  if (!Array.isArray(seen)) return 'an object';
  const isShort = seen.length <= 8 && seen.every((value) => typeof value === 'number');
  return isShort ? shownValue(seen) : `an array of ${seen.length}`;
}

/**
 * A model of another library that cannot be taken, or one of ours that cannot be given away: the place in the file,
 * the value seen and the bound.
 */
export class ExchangeError extends Error {
  /** UNPARSABLE_FILE for bytes that are no such file, INVALID_FIELD for a model that has no form here. */
  readonly reason: 'UNPARSABLE_FILE' | 'INVALID_FIELD';
  /** The place in the file: `learner.gradient_booster.model.trees[3].left_children[7]`. */
  readonly field: string;
  readonly seen: unknown;
  /** In words, beginning with "must" or "is". */
  readonly bound: string;

  constructor(reason: ExchangeError['reason'], field: string, seen: unknown, bound: string) {
    super(`${field}: ${shown(seen)} ${bound}`);
    this.name = 'ExchangeError';
    this.reason = reason;
    this.field = field;
    this.seen = seen;
    this.bound = bound;
  }
}

/** Bytes that are no file of the format. */
export function unparsable(field: string, seen: unknown, bound: string): ExchangeError {
  return new ExchangeError('UNPARSABLE_FILE', field, seen, bound);
}

/** A sound file of a model that cannot be taken. */
export function unsupported(field: string, seen: unknown, bound: string): ExchangeError {
  return new ExchangeError('INVALID_FIELD', field, seen, bound);
}
