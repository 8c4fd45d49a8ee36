import { addon } from '../addon.js';
import { checkInteger } from '../argument-error.js';

/** Below this a copy costs less than memory of its own. */
const manyFloats = 2 ** 18;

/**
 * An array of zeros for features to learn from. A large one lies in native memory, of huge pages where the
 * system has them, which fits read where it is instead of copying it: leave it alone until they have settled.
 * What is written meanwhile makes their models worthless, no more. Throws ArgumentError, and RangeError
 * if it takes more than half of the machine's memory.
 */
export function sharedFloats(length: number): Float32Array {
  checkInteger('length', length, 0, Number.MAX_SAFE_INTEGER);
  return length < manyFloats ? new Float32Array(length) : addon.sharedFloats(length);
}
