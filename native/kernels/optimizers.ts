import { addon } from '../addon.js';
import { checkArray, checkInteger, checkNumber } from '../argument-error.js';

// One pass over the parameters per step, in place. The same bits on every instruction set and at any
// number of threads. All throw ArgumentError.

/** Options of `sgdStep`. */
export interface SgdOptions {
  /** At least 0. */
  learningRate: number;
  /** Adds weightDecay * weight to the gradient. At least 0; default 0. */
  weightDecay?: number;
}

/** weights -= learningRate * (gradient + weightDecay * weights). */
export function sgdStep(weights: Float32Array, gradient: Float32Array, options: SgdOptions): void {
  checkParameters(weights, gradient);
  const { learningRate, weightDecay } = checkSgd(options);
  addon.sgdStep(weights, gradient, learningRate, weightDecay);
}

/** Options of `momentumStep`. */
export interface MomentumOptions extends SgdOptions {
  /** How much of the velocity is kept, 0 to 1. */
  momentum: number;
  /** How much of the gradient is held back from the velocity, 0 to 1; default 0. */
  dampening?: number;
  /** Looks one step ahead. Default false. */
  nesterov?: boolean;
}

/**
 * With d = gradient + weightDecay * weights: velocity = momentum * velocity + (1 - dampening) * d;
 * weights -= learningRate * velocity (nesterov: d + momentum * velocity). Start with zeros.
 */
export function momentumStep(
  weights: Float32Array,
  gradient: Float32Array,
  velocity: Float32Array,
  options: MomentumOptions,
): void {
  checkParameters(weights, gradient);
  checkArray('velocity', velocity, 'Float32Array', weights.length);
  const { learningRate, weightDecay } = checkSgd(options);
  const { momentum, dampening = 0, nesterov = false } = options;
  checkNumber('momentum', momentum, 0, 1);
  checkNumber('dampening', dampening, 0, 1);
  addon.momentumStep(weights, gradient, velocity, learningRate, weightDecay, momentum, dampening, nesterov);
}

/** Options of `squareStep`. */
export interface SquareOptions extends SgdOptions {
  /** Share of the square kept, 0 to below 1 (RMSProp); 1 sums all squares (AdaGrad). */
  beta: number;
  /** Keeps the divisor above zero; default 1e-8. */
  epsilon?: number;
}

/**
 * With d = gradient + weightDecay * weights: square = beta * square + (1 - beta) * d^2, for beta 1
 * square + d^2; weights -= learningRate * d / (sqrt(square) + epsilon). Start with zeros.
 */
export function squareStep(
  weights: Float32Array,
  gradient: Float32Array,
  square: Float32Array,
  options: SquareOptions,
): void {
  checkParameters(weights, gradient);
  checkArray('square', square, 'Float32Array', weights.length);
  const { learningRate, weightDecay } = checkSgd(options);
  const { beta, epsilon = 1e-8 } = options;
  checkNumber('beta', beta, 0, 1);
  checkNumber('epsilon', epsilon, 0, 1);
  addon.squareStep(weights, gradient, square, learningRate, weightDecay, beta, epsilon);
}

/** Options of `adamStep`. */
export interface AdamOptions extends SgdOptions {
  /** Which step this is, from 1: the averages start at zero and are corrected for it. */
  step: number;
  /** Share of the mean kept, 0 to below 1; default 0.9. */
  beta1?: number;
  /** Share of the square kept, 0 to below 1; default 0.999. */
  beta2?: number;
  /** Keeps the divisor above zero; default 1e-8. */
  epsilon?: number;
  /** AdamW: shrinks the weights directly instead of adding to the gradient. Default false. */
  decoupled?: boolean;
}

/**
 * One step of Adam. `mean` and `square` are the running averages of the gradient and its square;
 * start with zeros.
 */
export function adamStep(
  weights: Float32Array,
  gradient: Float32Array,
  mean: Float32Array,
  square: Float32Array,
  options: AdamOptions,
): void {
  checkParameters(weights, gradient);
  checkArray('mean', mean, 'Float32Array', weights.length);
  checkArray('square', square, 'Float32Array', weights.length);
  const { learningRate, weightDecay } = checkSgd(options);
  const { step, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decoupled = false } = options;
  checkInteger('step', step, 1, Number.MAX_SAFE_INTEGER);
  checkNumber('beta1', beta1, 0, 1 - 2 ** -24);
  checkNumber('beta2', beta2, 0, 1 - 2 ** -24);
  checkNumber('epsilon', epsilon, 1e-38, 1);
  const stepSize = learningRate / (1 - beta1 ** step);
  const inverseRoot = 1 / Math.sqrt(1 - beta2 ** step);
  checkNumber('learningRate / (1 - beta1 ^ step)', stepSize, 0, 3e38);
  addon.adamStep(
    weights,
    gradient,
    mean,
    square,
    learningRate,
    weightDecay,
    decoupled,
    beta1,
    beta2,
    epsilon,
    stepSize,
    inverseRoot,
  );
}

function checkParameters(weights: Float32Array, gradient: Float32Array): void {
  checkArray('weights', weights, 'Float32Array');
  checkArray('gradient', gradient, 'Float32Array', weights.length);
}

function checkSgd({ learningRate, weightDecay = 0 }: SgdOptions): { learningRate: number; weightDecay: number } {
  checkNumber('learningRate', learningRate, 0, 3e38);
  checkNumber('weightDecay', weightDecay, 0, 3e38);
  return { learningRate, weightDecay };
}
