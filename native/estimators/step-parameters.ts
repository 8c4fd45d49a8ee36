import type { ParameterDefinition } from './parameters.js';

const withSolver = (...values: string[]) => [{ parameter: 'solver', values }];
const withSchedule = (...values: string[]) => [{ parameter: 'learning_rate', values }];

/**
 * How the schedules that shorten steps are set, for every estimator that takes steps. `passes` is what it calls a pass over
 * the rows; `warming` are its schedules that may begin with a rise.
 */
export function scheduleParameters(passes: string, warming: readonly string[]): readonly ParameterDefinition[] {
  return [
    {
      name: 'learning_rate_factor',
      type: 'double',
      default: 0.5,
      min: 0,
      minExclusive: true,
      max: 1,
      onlyWith: withSchedule('step', 'plateau'),
      help: 'What step and plateau multiply the length of a step with.',
    },
    {
      name: 'learning_rate_epochs',
      type: 'integer',
      default: 5,
      min: 1,
      max: 1_000_000,
      onlyWith: withSchedule('step', 'plateau'),
      help: `${passes} between reductions (step), or without an improvement of tol before one (plateau).`,
    },
    {
      name: 'warmup_epochs',
      type: 'integer',
      default: 0,
      min: 0,
      max: 1_000_000,
      onlyWith: withSchedule(...warming),
      help: `${passes} over which the length of a step first rises in a line; one-cycle has its own rise.`,
    },
  ];
}

/** What the solvers that look back at earlier gradients take. */
export const momentParameters: readonly ParameterDefinition[] = [
  {
    name: 'momentum',
    type: 'double',
    default: 0.9,
    min: 0,
    max: 0.9999,
    onlyWith: withSolver('momentum', 'nesterov'),
    help: 'The share of the last step that momentum and nesterov keep.',
  },
  {
    name: 'beta_1',
    type: 'double',
    default: 0.9,
    min: 0,
    max: 0.9999,
    onlyWith: withSolver('adam', 'adamw'),
    help: "The share of the past in Adam's mean of gradients.",
  },
  {
    name: 'beta_2',
    type: 'double',
    default: 0.999,
    min: 0,
    max: 0.99999,
    onlyWith: withSolver('adam', 'adamw', 'rmsprop'),
    help: 'The share of the past in the mean of squared gradients.',
  },
  {
    name: 'epsilon',
    type: 'double',
    default: 1e-8,
    min: 1e-12,
    max: 1,
    onlyWith: withSolver('adam', 'adamw', 'rmsprop', 'adagrad'),
    help: 'What is added to the root of squared gradients before dividing by it.',
  },
];
