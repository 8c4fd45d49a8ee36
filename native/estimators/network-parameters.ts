import { booleanOf, choiceOf, numberOf, type ParameterDefinition, type ParameterValue } from './parameters.js';
import { momentParameters, scheduleParameters } from './step-parameters.js';

// Choices in the order native code numbers them; where "auto" comes first it has no number.
const activations = ['identity', 'relu', 'tanh', 'logistic', 'gelu'];
const normalizations = ['none', 'batch', 'layer'];
const losses = ['softmax', 'logistic', 'squared', 'huber'];
const solvers = ['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw', 'lbfgs'];
const penalties = ['none', 'l2', 'l1'];
const starts = ['auto', 'he', 'xavier'];
const schedules = ['constant', 'step', 'cosine', 'one-cycle', 'plateau'];

const stepping = solvers.filter((solver) => solver !== 'lbfgs');
const withSolver = (...values: string[]) => [{ parameter: 'solver', values }];

/** The parameters of dense networks. */
export const networkParameters: readonly ParameterDefinition[] = [
  {
    name: 'hidden_layer_sizes',
    type: 'integers',
    default: '100',
    min: 1,
    max: 65_536,
    maxItems: 64,
    help: 'Units of each hidden layer, first to last: "256,128".',
  },
  {
    name: 'activation',
    type: 'choice',
    default: 'relu',
    choices: ['relu', 'gelu', 'tanh', 'logistic', 'identity'],
    help: 'What hidden units do to their sums: max(0, z); GELU in its tanh form; tanh(z); 1 / (1 + exp(-z)); nothing.',
  },
  {
    name: 'normalization',
    type: 'choice',
    default: 'none',
    choices: normalizations,
    excludes: [{ choice: 'batch', parameter: 'solver', values: ['lbfgs'] }],
    help: 'batch scales the sums of each hidden unit to mean 0 and variance 1 over the batch, layer those of each row over the layer; gain and shift are then learnt. batch not with lbfgs.',
  },
  {
    name: 'dropout',
    type: 'double',
    default: 0,
    min: 0,
    max: 0.95,
    onlyWith: withSolver(...stepping),
    help: 'The share of hidden values set to zero at random in each step, the others scaled up.',
  },
  {
    name: 'loss',
    type: 'choice',
    default: 'auto',
    choices: ['auto', ...losses],
    help: 'What is minimized: softmax is cross-entropy over one output per class, logistic over one output for two classes, squared half the squared error, huber the same up to huber_delta and linear beyond; auto is logistic for two classes, softmax for more, squared for regression.',
  },
  {
    name: 'huber_delta',
    type: 'double',
    default: 1,
    min: 0,
    minExclusive: true,
    max: 1e6,
    onlyWith: [{ parameter: 'loss', values: ['huber'] }],
    help: "The error beyond which huber's loss is linear, in standard deviations of the target.",
  },
  {
    name: 'solver',
    type: 'choice',
    default: 'adam',
    choices: ['adam', 'adamw', 'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'lbfgs'],
    help: 'How weights follow the gradient of batch_size rows; lbfgs follows the curvature of all rows and suits small data.',
  },
  {
    name: 'learning_rate_init',
    type: 'double',
    default: 0.001,
    min: 0,
    minExclusive: true,
    max: 1000,
    onlyWith: withSolver(...stepping),
    help: 'The length of a step, for one-cycle the greatest.',
  },
  {
    name: 'learning_rate',
    type: 'choice',
    default: 'constant',
    choices: schedules,
    excludes: schedules.slice(1).map((choice) => ({ choice, parameter: 'solver', values: ['lbfgs'] })),
    help: 'How steps change: not at all; shortened every learning_rate_epochs; along a cosine to zero; up over 30 % of the steps and down again; shortened after learning_rate_epochs without improvement.',
  },
  ...scheduleParameters('Epochs', ['constant', 'step', 'cosine', 'plateau']),
  ...momentParameters,
  {
    name: 'penalty',
    type: 'choice',
    default: 'l2',
    choices: ['l2', 'l1', 'none'],
    excludes: [{ choice: 'l1', parameter: 'solver', values: ['adamw', 'lbfgs'] }],
    help: 'What large weights cost: half their squares, their absolute values, or nothing; adamw shrinks them beside its step instead. l1 not with adamw, lbfgs.',
  },
  {
    name: 'alpha',
    type: 'double',
    default: 0.0001,
    min: 0,
    max: 1e6,
    onlyWith: [{ parameter: 'penalty', values: ['l1', 'l2'] }],
    help: 'The strength of the penalty beside the mean loss of the rows.',
  },
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
    default: 200,
    min: 1,
    max: 65_536,
    onlyWith: withSolver(...stepping),
    help: 'The rows per step; all rows if there are fewer.',
  },
  {
    name: 'max_iter',
    type: 'integer',
    default: 200,
    min: 1,
    max: 1_000_000,
    help: 'The most epochs: passes over the rows, for lbfgs steps.',
  },
  {
    name: 'tol',
    type: 'double',
    default: 1e-4,
    min: 0,
    max: 1,
    help: 'The least by which an epoch must lower the loss to count as an improvement; for lbfgs the largest slope at which to stop.',
  },
  {
    name: 'n_iter_no_change',
    type: 'integer',
    default: 10,
    min: 1,
    max: 1_000_000,
    onlyWith: withSolver(...stepping),
    help: 'Epochs without an improvement that end the fit; the loss is that of the held-out rows with early_stopping, otherwise of the training rows.',
  },
  {
    name: 'early_stopping',
    type: 'boolean',
    default: false,
    onlyWith: withSolver(...stepping),
    help: 'Whether to hold out rows and to return the weights of the epoch that was best on them.',
  },
  {
    name: 'validation_fraction',
    type: 'double',
    default: 0.1,
    min: 0,
    minExclusive: true,
    max: 0.5,
    onlyWith: [{ parameter: 'early_stopping', values: ['true'] }],
    help: 'The share of rows, of each class, held out for early_stopping.',
  },
  {
    name: 'shuffle',
    type: 'boolean',
    default: true,
    onlyWith: withSolver(...stepping),
    help: 'Whether each epoch takes the rows in another order.',
  },
  {
    name: 'initialization',
    type: 'choice',
    default: 'auto',
    choices: starts,
    help: 'How far weights start from zero: he suits relu and gelu, xavier, which is smaller, the others; auto is he for relu and gelu in more than two hidden layers, otherwise xavier.',
  },
  {
    name: 'class_weight',
    type: 'choice',
    default: 'none',
    choices: ['none', 'balanced'],
    help: 'balanced weighs each class by the inverse of its share; classification only.',
  },
];

/** Activations and outputs by the numbers of native code. */
export const activationNames: readonly string[] = activations;
export const outputNames: readonly string[] = ['identity', 'logistic', 'softmax'];

/** The loss that `auto` means. */
export function lossOf(parameters: Readonly<Record<string, ParameterValue>>, classCount: number): string {
  const loss = choiceOf(parameters, 'loss');
  if (loss !== 'auto') return loss;
  if (classCount === 0) return 'squared';
  return classCount === 2 ? 'logistic' : 'softmax';
}

/** The options native code takes. */
export function rawNetworkOptions(
  parameters: Readonly<Record<string, ParameterValue>>,
  classCount: number,
  seed: number,
): Record<string, number> {
  const number = (name: string) => numberOf(parameters, name);
  return {
    activation: activations.indexOf(choiceOf(parameters, 'activation')),
    normalization: normalizations.indexOf(choiceOf(parameters, 'normalization')),
    loss: losses.indexOf(lossOf(parameters, classCount)),
    huberDelta: number('huber_delta'),
    solver: solvers.indexOf(choiceOf(parameters, 'solver')),
    momentum: number('momentum'),
    beta1: number('beta_1'),
    beta2: number('beta_2'),
    epsilon: number('epsilon'),
    penalty: penalties.indexOf(choiceOf(parameters, 'penalty')),
    strength: number('alpha'),
    clipNorm: number('clip_norm'),
    dropout: number('dropout'),
    start: starts.indexOf(choiceOf(parameters, 'initialization')),
    schedule: schedules.indexOf(choiceOf(parameters, 'learning_rate')),
    learningRate: number('learning_rate_init'),
    rateFactor: number('learning_rate_factor'),
    rateEpochs: number('learning_rate_epochs'),
    warmupEpochs: number('warmup_epochs'),
    maxEpochs: number('max_iter'),
    batchSize: number('batch_size'),
    shuffle: Number(booleanOf(parameters, 'shuffle')),
    earlyStopping: Number(booleanOf(parameters, 'early_stopping')),
    validationFraction: number('validation_fraction'),
    patience: number('n_iter_no_change'),
    tolerance: number('tol'),
    seed,
  };
}
