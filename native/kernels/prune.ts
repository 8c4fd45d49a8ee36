import { addon } from '../addon.js';
import { checkArray, checkNumber } from '../argument-error.js';

/**
 * Magnitude pruning: the values with the share `sparsity` (0 to 1; rounded down to a whole number of
 * values) of the smallest magnitude set to +0, of equal ones the first. An infinity is larger than
 * every number, NaN than every infinity. `out` receives them if given and may be `values`. Blocks
 * until done, on all threads when the work is large. Throws ArgumentError. The same bits everywhere.
 */
export function pruneSmallest(
  values: Float32Array,
  sparsity: number,
  out = new Float32Array(values.length),
): Float32Array {
  checkArray('values', values, 'Float32Array');
  checkNumber('sparsity', sparsity, 0, 1);
  checkArray('out', out, 'Float32Array', values.length);
  addon.pruneF32(values, out, Math.floor(sparsity * values.length));
  return out;
}
