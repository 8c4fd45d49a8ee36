import { formatBytes } from '../config/parse-value.js';
import { TenonError } from '../errors.js';

/** Follows the length-prefixed messages of one gRPC stream: 1 byte compressed, 4 bytes length, then the message. */
export class Framing {
  readonly #maxMessageBytes: number;
  #header = 0; // Bytes of the prefix seen so far, 0 to 5.
  #length = 0;
  #left = 0;
  /** The lengths of the complete messages not yet taken, prefix included, oldest first. */
  readonly complete: number[] = [];

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** What keeps the bytes so far from being exactly one message; null if they are. */
  get problem(): string | null {
    if (this.#header > 0)
      return `the message ends ${this.#header < 5 ? 'within its prefix' : `${this.#left} bytes early`}`;
    return this.complete.length === 1 ? null : `${this.complete.length} messages came instead of one`;
  }

  /** Takes the next bytes. @throws TenonError BYTE_BUDGET_EXCEEDED as soon as a message announces too many bytes. */
  write(chunk: Buffer): void {
    let position = 0;
    while (position < chunk.length) {
      if (this.#header < 5) {
        if (this.#header > 0) this.#length = this.#length * 256 + (chunk[position] ?? 0);
        this.#header++;
        position++;
        if (this.#header === 5) this.#announced();
        continue;
      }
      const step = Math.min(this.#left, chunk.length - position);
      this.#left -= step;
      position += step;
      if (this.#left === 0) this.#ended();
    }
  }

  #announced(): void {
    if (this.#length > this.#maxMessageBytes) {
      throw new TenonError({
        reason: 'BYTE_BUDGET_EXCEEDED',
        message: `a message of ${this.#length} bytes exceeds rpc.max-message-bytes ${formatBytes(this.#maxMessageBytes)}`,
        facts: { bytes: this.#length, max: this.#maxMessageBytes },
      });
    }
    this.#left = this.#length;
    if (this.#left === 0) this.#ended();
  }

  #ended(): void {
    this.complete.push(this.#length + 5);
    this.#header = 0;
    this.#length = 0;
  }
}
