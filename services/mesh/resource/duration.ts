import { formatDuration } from '../config/parse-value.js';
import { invalidField } from '../errors.js';

/** A `google.protobuf.Duration` as it arrives. */
export interface DurationLike {
  seconds: number;
  nanos: number;
}

/** The longest duration a request may state: a year. */
export const maxDurationMs = 365 * 24 * 3_600_000;

/** Milliseconds, rounded up; null where the field is unset. Throws INVALID_FIELD outside `min` (1 ms) to a year. */
export function durationMs(field: string, value: DurationLike | null, { min = 1 } = {}): number | null {
  if (value === null) return null;
  const ms = Math.ceil(value.seconds * 1_000 + value.nanos / 1e6);
  if (!Number.isFinite(ms) || ms < min || ms > maxDurationMs) {
    const seen = `${value.seconds + value.nanos / 1e9} s`;
    throw invalidField(field, seen, `must be ${formatDuration(min)} to ${formatDuration(maxDurationMs)}, or unset`);
  }
  return ms;
}
