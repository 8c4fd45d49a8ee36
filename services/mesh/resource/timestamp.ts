/** A `google.protobuf.Timestamp`. */
export interface Timestamp {
  /** Seconds since 1970-01-01T00:00:00Z. */
  seconds: number;
  /** 0 to 999,999,999. */
  nanos: number;
}

/** From milliseconds since 1970. */
export function timestampOf(ms: number): Timestamp {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1e6) };
}

/** To milliseconds since 1970, finer digits cut off. */
export function millisOf({ seconds, nanos }: { seconds: number; nanos: number }): number {
  return seconds * 1000 + Math.floor(nanos / 1e6);
}
