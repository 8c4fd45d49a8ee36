import { formatBytes } from '../config/parse-value.js';
import { TenonError } from '../errors.js';

const retryAfterMs = 100; // Long enough for a handler of ordinary length to end.

/** Counts running handlers against `rpc.max-handlers`: from their start until they settle, whatever became of their call. */
export class HandlerGauge {
  #running = 0;
  readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  get running(): number {
    return this.#running;
  }

  /** Takes a place. @throws TenonError TOO_MANY_HANDLERS if there is none. */
  enter(): void {
    if (this.#running >= this.max) {
      throw new TenonError({
        reason: 'TOO_MANY_HANDLERS',
        message: `${this.#running} handlers are running, at most ${this.max} may`,
        facts: { running: this.#running, max: this.max },
        retryAfterMs,
      });
    }
    this.#running++;
  }

  leave(): void {
    this.#running--;
  }
}

/** Counts the bytes of requests held in memory against `rpc.max-bytes-in-flight`. */
export class ByteGauge {
  #held = 0;
  readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  get held(): number {
    return this.#held;
  }

  /** Takes bytes. @throws TenonError BYTE_BUDGET_EXCEEDED, having taken nothing, if that would exceed the budget. */
  take(bytes: number): void {
    if (this.#held + bytes > this.max) {
      throw new TenonError({
        reason: 'BYTE_BUDGET_EXCEEDED',
        message: `requests hold ${formatBytes(this.#held)} of rpc.max-bytes-in-flight ${formatBytes(this.max)}`,
        facts: { held: this.#held, max: this.max },
        retryAfterMs,
      });
    }
    this.#held += bytes;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}
