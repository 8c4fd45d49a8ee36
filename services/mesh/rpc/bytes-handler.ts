import type { CallContext } from './handler.js';

/** An answer that can write its own bytes. */
export interface EncodedAnswer {
  readonly byteLength: number;
  /** Writes `byteLength` bytes into `target` from `at` on, and returns where they end. */
  write(target: Buffer, at: number): number;
}

/**
 * Answers a unary method from the bytes of its request: for the few calls of which decoding takes most of the time. Null
 * for whatever is not as it expects it, wrong requests above all: they are decoded and go to the method's handler, which
 * must answer what this one answers in the same bytes. It must not throw for a request that the handler could answer.
 */
export type BytesHandler = (
  request: Buffer,
  context: CallContext,
) => EncodedAnswer | null | Promise<EncodedAnswer | null>;
