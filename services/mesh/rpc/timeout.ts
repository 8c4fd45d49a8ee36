import { TenonError } from '../errors.js';

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 0.001, n: 0.000001 };

/**
 * Reads a `grpc-timeout` header and caps it.
 *
 * It is read here and not by grpc-js, whose 32-bit arithmetic turns `720H` into a deadline that has passed and `4294968S`
 * into one second. Here both mean the cap.
 * @param header undefined where the call carries none
 * @param maxMs the longest time granted
 * @returns milliseconds from now, whole, rounded up
 * @throws TenonError DEADLINE_REQUIRED where the header is missing or not in the protocol's format
 */
export function parseTimeout(header: string | undefined, maxMs: number): number {
  if (header === undefined) {
    throw new TenonError({
      reason: 'DEADLINE_REQUIRED',
      message: `the call carries no deadline; set one of at most ${maxMs} ms`,
      facts: { max_ms: maxMs },
    });
  }
  const match = /^(\d{1,8})([HMSmun])$/.exec(header);
  const unit = unitMs[match?.[2] ?? ''];
  if (match === null || unit === undefined) {
    throw new TenonError({
      reason: 'DEADLINE_REQUIRED',
      message: `grpc-timeout ${JSON.stringify(header.slice(0, 40))} must be 1 to 8 digits and one of H M S m u n`,
      facts: { max_ms: maxMs },
    });
  }
  return Math.min(Math.ceil(Number(match[1]) * unit), maxMs);
}
