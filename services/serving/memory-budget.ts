import { TenonError } from '../mesh/errors.js';

/** Memory that loaded versions share. */
export interface MemoryBudget {
  readonly usedBytes: number;
  /** Takes `bytes` for `what` and returns the function that gives them back. Throws QUOTA_EXCEEDED. */
  reserve(bytes: number, what: string): () => void;
}

/** A budget of `maxBytes`. */
export function createMemoryBudget(maxBytes: number): MemoryBudget {
  let usedBytes = 0;
  return {
    get usedBytes() {
      return usedBytes;
    },
    reserve(bytes, what) {
      if (usedBytes + bytes > maxBytes) {
        throw new TenonError({
          reason: 'QUOTA_EXCEEDED',
          message: `${what} needs ${bytes} bytes of memory, ${maxBytes - usedBytes} are free; serving.memory-budget is ${maxBytes}`,
          facts: { neededBytes: bytes, usedBytes, maxBytes, option: 'serving.memory-budget' },
        });
      }
      usedBytes += bytes;
      let held = true;
      return () => {
        if (held) usedBytes -= bytes;
        held = false;
      };
    },
  };
}
