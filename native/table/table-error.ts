/** Why bytes or rows are no table; the names are Tenon's error reasons. */
export type TableErrorReason = 'INVALID_FIELD' | 'WRONG_TYPE' | 'UNKNOWN_COLUMN' | 'MISSING_COLUMN' | 'NOT_FINITE';

/** A table that cannot be built: the field, the value seen and what would be right. */
export class TableError extends Error {
  readonly reason: TableErrorReason;
  /** In proto spelling, relative to what was handed in: `chunks[0].columns[2].data`. */
  readonly field: string;
  readonly seen: unknown;
  readonly bound: string;

  constructor(reason: TableErrorReason, field: string, seen: unknown, bound: string) {
    super(`${field}: ${shownValue(seen)} ${bound}`);
    this.name = 'TableError';
    this.reason = reason;
    this.field = field;
    this.seen = seen;
    this.bound = bound;
  }
}

// Column names have at most 128 characters; a longer key is some caller's mistake, and its path must stay readable.
const maxKeyLength = 128;

/** The path of a map's entry, `records[0].fields["age"]`; a key beyond 128 characters is shortened. */
export function entryPath(field: string, key: string): string {
  return `${field}[${JSON.stringify(key.length <= maxKeyLength ? key : `${key.slice(0, maxKeyLength - 3)}...`)}]`;
}

/** A value as messages show it: JSON, at most 64 characters. */
export function shownValue(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'bigint' ? `${value}` : (JSON.stringify(value) ?? String(value));
  return text.length <= 64 ? text : `${text.slice(0, 61)}...`;
}
