import type { ParameterDefinition, ParameterValue } from './parameters.js';
import { booleanOf, choiceOf, numberOf } from './parameters.js';
import { momentParameters, scheduleParameters } from './step-parameters.js';

// Choices in the order native code numbers them.
const solvers = ['exact', 'lbfgs', 'gd', 'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'];
const schedules = ['constant', 'step', 'cosine', 'one-cycle', 'plateau'];

const penalties = ['none', 'l2', 'l1', 'elasticnet'];
const stepping = solvers.slice(2);
const stochastic = solvers.slice(3);
/** Those whose steps can be followed by L1's shrinking: the others scale each coefficient's own way. */
const withL1 = ['gd', 'sgd', 'exact'];

const withSolver = (...values: string[]) => [{ parameter: 'solver', values }];

/** The parameters that the linear estimators share; `iterative` says when passes are counted. */
export function solverParameters(
  iterative: NonNullable<ParameterDefinition['onlyWith']>,
): readonly ParameterDefinition[] {
  return [
    {
      name: 'fit_intercept',
      type: 'boolean',
      default: true,
      help: 'Whether to learn a constant beside the coefficients.',
    },
    {
      name: 'max_iter',
      type: 'integer',
      default: 1000,
      min: 1,
      max: 10_000_000,
      onlyWith: iterative,
      help: 'The most passes over the rows.',
    },
    {
      name: 'tol',
      type: 'double',
      default: 1e-4,
      min: 0,
      max: 1,
      onlyWith: iterative,
      help: "When to stop: lbfgs and gd at the largest gradient left; exact with l1 at the duality gap, as a share of the target's square; the others by the least improvement of the mean loss that n_iter_no_change passes must bring.",
    },
    {
      name: 'n_iter_no_change',
      type: 'integer',
      default: 5,
      min: 1,
      max: 1_000_000,
      onlyWith: withSolver(...stochastic),
      help: 'Passes without an improvement of tol that end the fit; the loss is that of the held-out rows with early_stopping, otherwise of the rows learned from.',
    },
    {
      name: 'early_stopping',
      type: 'boolean',
      default: false,
      onlyWith: withSolver(...stochastic),
      help: 'Whether to hold out rows and to return the coefficients that were best on them.',
    },
    {
      name: 'validation_fraction',
      type: 'double',
      default: 0.1,
      min: 0,
      minExclusive: true,
      max: 0.5,
      onlyWith: [{ parameter: 'early_stopping', values: ['true'] }],
      help: 'The share of rows held out for early_stopping.',
    },
    {
      name: 'learning_rate_init',
      type: 'double',
      default: 0.01,
      min: 0,
      minExclusive: true,
      max: 1000,
      onlyWith: withSolver(...stepping),
      help: 'The length of a step, for one-cycle the greatest, for features of unit variance, into which they are scaled internally.',
    },
    {
      name: 'learning_rate',
      type: 'choice',
      default: 'auto',
      choices: ['auto', 'inverse-sqrt', ...schedules],
      excludes: ['lbfgs', 'exact'].flatMap((solver) =>
        ['inverse-sqrt', ...schedules].map((choice) => ({ choice, parameter: 'solver', values: [solver] })),
      ),
      help: 'How steps change: divided by the square root of 1 + passes / 16; not at all; shortened every learning_rate_epochs; along a cosine to zero; up over 30 % of the steps and down again; shortened after learning_rate_epochs without improvement. auto is constant for gd and inverse-sqrt for the others.',
    },
    ...scheduleParameters('Passes', ['inverse-sqrt', 'constant', 'step', 'cosine', 'plateau']),
    ...momentParameters,
    {
      name: 'clip_norm',
      type: 'double',
      default: 0,
      min: 0,
      max: 1e6,
      onlyWith: withSolver(...stepping),
      help: 'The greatest length of a gradient; longer ones are scaled down to it; 0 for no limit.',
    },
    {
      name: 'batch_size',
      type: 'integer',
      default: 32,
      min: 1,
      max: 1_000_000,
      onlyWith: withSolver(...stochastic),
      help: 'The rows per step of the stochastic solvers.',
    },
  ];
}

/** Solver and penalty; `solverChoices` begins with the default. */
export function methodParameters(
  solverChoices: readonly string[],
  penaltyDefault: string,
  solverHelp: string,
): readonly ParameterDefinition[] {
  const [solver = ''] = solverChoices;
  const without = solverChoices.filter((name) => !withL1.includes(name));
  return [
    { name: 'solver', type: 'choice', default: solver, choices: solverChoices, help: solverHelp },
    {
      name: 'penalty',
      type: 'choice',
      default: penaltyDefault,
      choices: penalties,
      excludes: ['l1', 'elasticnet'].map((choice) => ({ choice, parameter: 'solver', values: without })),
      help: `What large coefficients cost: nothing, their squares, their absolute values, or both; adamw shrinks them beside its step instead. l1 and elasticnet not with ${without.join(', ')}.`,
    },
    {
      name: 'l1_ratio',
      type: 'double',
      default: 0.5,
      min: 0,
      max: 1,
      onlyWith: [{ parameter: 'penalty', values: ['elasticnet'] }],
      help: 'The share of the absolute values in the elasticnet penalty; the rest is that of the squares.',
    },
  ];
}

/** The options native code takes; `strength` multiplies the penalty beside the mean loss. */
export function rawLinearOptions(
  parameters: Readonly<Record<string, ParameterValue>>,
  strength: number,
  seed: number,
): Record<string, number> {
  const number = (name: string) => numberOf(parameters, name);
  const penalty = choiceOf(parameters, 'penalty');
  const solver = choiceOf(parameters, 'solver');
  const ratio = { none: 0, l2: 0, l1: 1, elasticnet: number('l1_ratio') }[penalty] ?? 0;
  const chosen = choiceOf(parameters, 'learning_rate');
  const schedule = chosen === 'auto' ? (solver === 'gd' ? 'constant' : 'inverse-sqrt') : chosen;
  return {
    solver: solvers.indexOf(solver),
    l1: strength * ratio,
    l2: penalty === 'none' ? 0 : strength * (1 - ratio),
    learningRate: number('learning_rate_init'),
    schedule: Math.max(0, schedules.indexOf(schedule)),
    slowing: Number(schedule === 'inverse-sqrt'),
    rateFactor: number('learning_rate_factor'),
    rateEpochs: number('learning_rate_epochs'),
    warmupEpochs: number('warmup_epochs'),
    momentum: number('momentum'),
    beta1: number('beta_1'),
    beta2: number('beta_2'),
    epsilon: number('epsilon'),
    clipNorm: number('clip_norm'),
    validationFraction: booleanOf(parameters, 'early_stopping') ? number('validation_fraction') : 0,
    patience: number('n_iter_no_change'),
    maxEpochs: number('max_iter'),
    batchSize: number('batch_size'),
    tolerance: number('tol'),
    intercept: Number(booleanOf(parameters, 'fit_intercept')),
    seed,
  };
}
