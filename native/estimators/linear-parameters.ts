import type { ParameterDefinition, ParameterValue } from './parameters.js';
import { booleanOf, choiceOf, numberOf } from './parameters.js';

/** Solvers in the order native code numbers them. */
const solvers = ['exact', 'lbfgs', 'gd', 'sgd', 'momentum', 'adam'];
const penalties = ['none', 'l2', 'l1'];

const stepping = ['gd', 'sgd', 'momentum', 'adam'];
const stochastic = ['sgd', 'momentum', 'adam'];

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
      help: 'When to stop: the largest gradient left, or for sgd, momentum and adam the least improvement of the mean loss that five passes must bring.',
    },
    {
      name: 'learning_rate_init',
      type: 'double',
      default: 0.01,
      min: 0,
      minExclusive: true,
      max: 1000,
      onlyWith: [{ parameter: 'solver', values: stepping }],
      help: 'The length of a step, for features of unit variance, into which they are scaled internally; sgd, momentum and adam divide it by the square root of 1 + passes / 16.',
    },
    {
      name: 'batch_size',
      type: 'integer',
      default: 32,
      min: 1,
      max: 1_000_000,
      onlyWith: [{ parameter: 'solver', values: stochastic }],
      help: 'The rows per step of sgd, momentum and adam.',
    },
  ];
}

/** Solver and penalty; `solverChoices` begins with the default. */
export function methodParameters(
  solverChoices: readonly string[],
  penaltyDefault: string,
  l1Without: readonly string[],
  solverHelp: string,
): readonly ParameterDefinition[] {
  const [solver = ''] = solverChoices;
  return [
    { name: 'solver', type: 'choice', default: solver, choices: solverChoices, help: solverHelp },
    {
      name: 'penalty',
      type: 'choice',
      default: penaltyDefault,
      choices: penalties,
      excludes: [{ choice: 'l1', parameter: 'solver', values: l1Without }],
      help: `What large coefficients cost: nothing, their squares, or their absolute values; l1 not with ${l1Without.join(', ')}.`,
    },
  ];
}

/** The options native code takes; `strength` multiplies the penalty beside the mean loss. */
export function rawLinearOptions(
  parameters: Readonly<Record<string, ParameterValue>>,
  strength: number,
  seed: number,
): Record<string, number> {
  return {
    solver: solvers.indexOf(choiceOf(parameters, 'solver')),
    penalty: penalties.indexOf(choiceOf(parameters, 'penalty')),
    strength,
    learningRate: numberOf(parameters, 'learning_rate_init'),
    maxEpochs: numberOf(parameters, 'max_iter'),
    batchSize: numberOf(parameters, 'batch_size'),
    tolerance: numberOf(parameters, 'tol'),
    intercept: Number(booleanOf(parameters, 'fit_intercept')),
    seed,
  };
}
