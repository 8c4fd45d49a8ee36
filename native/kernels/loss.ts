import { addon } from '../addon.js';
import { ArgumentError, checkArray, checkInteger, checkShape } from '../argument-error.js';

// The same bits on every instruction set and at any number of threads; NaN in gives NaN out.

/** 1 / (1 + e^-z) of each value; `out` may be `z`. Throws ArgumentError. */
export function sigmoid(z: Float32Array, out = new Float32Array(z.length)): Float32Array {
  checkArray('z', z, 'Float32Array');
  checkArray('out', out, 'Float32Array', z.length);
  addon.sigmoid(z, out);
  return out;
}

/**
 * The logistic loss of scores `z` for targets in 0 to 1, summed, and its gradient by z, which is
 * sigmoid(z) - target. `gradient` may be `z`. Throws ArgumentError.
 */
export function sigmoidLoss(
  z: Float32Array,
  target: Float32Array,
  gradient = new Float32Array(z.length),
): { loss: number; gradient: Float32Array } {
  checkArray('z', z, 'Float32Array');
  checkArray('target', target, 'Float32Array', z.length);
  checkArray('gradient', gradient, 'Float32Array', z.length);
  return { loss: addon.sigmoidLoss(z, target, gradient), gradient };
}

/** Each row's e^z / sum e^z; rows x classes, row-major; `out` may be `z`. Throws ArgumentError. */
export function softmax(
  z: Float32Array,
  shape: { rows: number; classes: number },
  out = new Float32Array(z.length),
): Float32Array {
  const size = checkShape('rows', shape.rows, 'classes', shape.classes, 1);
  checkArray('z', z, 'Float32Array', size);
  checkArray('out', out, 'Float32Array', size);
  addon.softmax(z, out, shape.rows, shape.classes);
  return out;
}

/**
 * The cross-entropy of rows of scores for one label each, summed, and its gradient by z: softmax(z)
 * less 1 at the label. `gradient` may be `z`. Throws ArgumentError.
 */
export function softmaxLoss(
  z: Float32Array,
  label: Uint32Array,
  classes: number,
  gradient = new Float32Array(z.length),
): { loss: number; gradient: Float32Array } {
  checkInteger('classes', classes, 1, 2 ** 32);
  checkArray('label', label, 'Uint32Array');
  checkArray('z', z, 'Float32Array', label.length * classes);
  checkArray('gradient', gradient, 'Float32Array', z.length);
  const wrong = label.findIndex((value) => value >= classes);
  if (wrong >= 0) throw new ArgumentError(`label[${wrong}]`, String(label[wrong]), `below classes ${classes}`);
  return { loss: addon.softmaxLoss(z, label, gradient, classes), gradient };
}
