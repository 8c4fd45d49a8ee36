import { randomBytes } from 'node:crypto';

/** The place of a call in a trace, as W3C Trace Context has it. */
export interface TraceContext {
  /** 32 hexadecimal digits, not all 0. */
  readonly traceId: string;
  /** 16 hexadecimal digits, not all 0. */
  readonly spanId: string;
  /** Whether the trace is recorded. */
  readonly sampled: boolean;
}

const traceparentFormat = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const maxTraceparentLength = 256; // Of a future version; longer ones are not looked at.
const noTraceId = '0'.repeat(32);
const noSpanId = '0'.repeat(16);

/** Reads a `traceparent` header; null for none and for one that must be ignored. A trace is then begun anew. */
export function parseTraceparent(header: string | undefined): TraceContext | null {
  if (header === undefined || header.length < 55 || header.length > maxTraceparentLength) return null;
  const [, version, traceId = noTraceId, spanId = noSpanId, flags = '00', rest] = traceparentFormat.exec(header) ?? [];
  // Only later versions may have more fields.
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return null;
  if (traceId === noTraceId || spanId === noSpanId) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** The `traceparent` header, version 00. */
export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

// One call into the system per 256 trace ids instead of one each.
const poolBytes = 4_096;
let pool = '';
let used = 0;

function randomHex(digits: number): string {
  if (used + digits > pool.length) {
    pool = randomBytes(poolBytes).toString('hex');
    used = 0;
  }
  used += digits;
  return pool.slice(used - digits, used);
}

/** A random trace id. */
export function newTraceId(): string {
  const id = randomHex(32);
  return id === noTraceId ? newTraceId() : id;
}

/** A random span id. */
export function newSpanId(): string {
  const id = randomHex(16);
  return id === noSpanId ? newSpanId() : id;
}
