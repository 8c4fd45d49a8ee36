import {
  type Convolution,
  type Convolutions,
  convolutionOperations,
  convolutionValues,
  convolved,
  type ImageSize,
  pools,
} from './convolution-shape.js';
import { networkParameters } from './network-parameters.js';
import {
  choiceOf,
  integersOf,
  numberOf,
  type ParameterDefinition,
  ParameterError,
  type ParameterValue,
} from './parameters.js';

type Parameters = Readonly<Record<string, ParameterValue>>;

const size = (name: string, what: string): ParameterDefinition => ({
  name,
  type: 'integer',
  default: 0,
  min: 0,
  max: 1_048_576,
  help: `${what}; 0 for those of the tensor column where it is the only feature, else for what the features and the other two leave: without any, a square of one channel.`,
});

const imageParameters: readonly ParameterDefinition[] = [
  size('image_height', "The image's rows"),
  size('image_width', "The image's columns"),
  size(
    'image_channels',
    "The image's values per position, adjacent: features are [height, width, channels], row-major",
  ),
  {
    name: 'convolution_channels',
    type: 'integers',
    default: '16,32',
    min: 1,
    max: 4096,
    maxItems: 32,
    help: 'Filters of each convolution, first to last: "16,32". Each is followed by the activation and the pool.',
  },
  {
    name: 'kernel_size',
    type: 'integer',
    default: 3,
    min: 1,
    max: 11,
    help: 'Rows and columns of a filter; odd.',
  },
  {
    name: 'stride',
    type: 'integer',
    default: 1,
    min: 1,
    max: 16,
    help: 'Positions from one window of a filter to the next, down and across.',
  },
  {
    name: 'padding',
    type: 'choice',
    default: 'same',
    choices: ['same', 'valid'],
    help: 'same puts (kernel_size - 1) / 2 zeros around an image, which at stride 1 keeps its size; valid puts none.',
  },
  {
    name: 'pool',
    type: 'choice',
    default: 'max',
    choices: ['max', 'average', 'none'],
    help: 'What becomes of windows of pool_size x pool_size positions, which do not overlap: their largest value, their mean; none keeps all. What is left over below and to the right is left out.',
  },
  {
    name: 'pool_size',
    type: 'integer',
    default: 2,
    min: 1,
    max: 16,
    onlyWith: [{ parameter: 'pool', values: ['max', 'average'] }],
    help: 'Rows and columns of a window of the pool.',
  },
];

/** What dense networks say otherwise. */
const changed: Readonly<Record<string, Partial<ParameterDefinition>>> = {
  hidden_layer_sizes: { default: '128', help: 'Units of each dense hidden layer after the convolutions: "128".' },
  activation: {
    help: 'What filters and hidden units do to their sums: max(0, z); GELU in its tanh form; tanh(z); 1 / (1 + exp(-z)); nothing.',
  },
  normalization: {
    choices: ['none', 'layer'],
    help: 'layer scales the sums of each dense hidden layer to mean 0 and variance 1 for each row; gain and shift are then learnt.',
  },
  dropout: {
    help: 'The share of values of dense hidden layers set to zero at random in each step, the others scaled up.',
  },
  solver: {
    choices: ['adam', 'adamw', 'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop'],
    help: 'How weights follow the gradient of batch_size rows.',
  },
  penalty: {
    help: 'What large weights cost: half their squares, their absolute values, or nothing; adamw shrinks them beside its step instead. l1 not with adamw.',
  },
  batch_size: { default: 128 },
  max_iter: { default: 30, help: 'The most epochs: passes over the rows.' },
  tol: { help: 'The least by which an epoch must lower the loss to count as an improvement.' },
  n_iter_no_change: { default: 5 },
};

const stepping = changed.solver?.choices ?? [];
const withoutLbfgs = (values: readonly string[]) => values.filter((value) => value !== 'lbfgs');

/** A dense network's parameter where every solver takes steps: lbfgs, which wants all rows at once, is not there. */
function adapted(definition: ParameterDefinition): ParameterDefinition {
  const { onlyWith, excludes, ...rest } = { ...definition, ...changed[definition.name] };
  // What goes with every solver but lbfgs goes with all.
  const conditional = onlyWith?.filter(
    ({ parameter, values }) => parameter !== 'solver' || !stepping.every((solver) => values.includes(solver)),
  );
  const excluded = excludes
    ?.filter(({ choice }) => rest.choices?.includes(choice))
    .map((exclude) => ({ ...exclude, values: withoutLbfgs(exclude.values) }))
    .filter(({ values }) => values.length > 0);
  return {
    ...rest,
    ...(conditional?.length ? { onlyWith: conditional } : {}),
    ...(excluded?.length ? { excludes: excluded } : {}),
  };
}

/** The parameters of convolutional networks. */
export const convolutionParameters: readonly ParameterDefinition[] = [
  ...imageParameters,
  ...networkParameters.map(adapted),
];

/** The most values of an image with its border, and of the sums over it, and operations for it: network_arguments.cc. */
const maxImageValues = 2 ** 24;
const maxImageOperations = 2 ** 36;

/**
 * The convolutions over rows of `columnCount` features, which are images of `imageShape` ([height, width] or [height,
 * width, channels]) where that is known. Throws ParameterError.
 */
export function convolutionsOf(
  parameters: Parameters,
  columnCount: number,
  imageShape: readonly number[] | null = null,
): Convolutions {
  const kernel = numberOf(parameters, 'kernel_size');
  if (kernel % 2 === 0) throw new ParameterError('parameters["kernel_size"]', kernel, 'must be odd');
  const pool = pools.find((each) => each === choiceOf(parameters, 'pool')) ?? 'none';
  const layers = integersOf(parameters, 'convolution_channels').map(
    (units): Convolution => ({
      units,
      kernel,
      stride: numberOf(parameters, 'stride'),
      padding: choiceOf(parameters, 'padding') === 'same' ? 'same' : 'valid',
      pool,
      poolSize: pool === 'none' ? 1 : numberOf(parameters, 'pool_size'),
    }),
  );
  const convolutions = { image: imageOf(parameters, columnCount, imageShape), layers };
  checkImages(convolutions, parameters.convolution_channels);
  return convolutions;
}

/** The image's size, what is 0 following from its known shape, or from the features and the rest. */
function imageOf(parameters: Parameters, columnCount: number, shape: readonly number[] | null): ImageSize {
  const [rows = 0, columns = 0, values = 1] = shape ?? [0, 0, 0];
  const given = {
    height: numberOf(parameters, 'image_height') || rows,
    width: numberOf(parameters, 'image_width') || columns,
    channels: numberOf(parameters, 'image_channels') || values,
  };
  const sides = given.height * given.width;
  const channels = given.channels || (sides > 0 ? Math.floor(columnCount / sides) : 1);
  const positions = columnCount / channels;
  const height = given.height || (given.width > 0 ? positions / given.width : Math.sqrt(positions));
  const width = given.width || positions / height;
  const fits = [height, width, channels].every((each) => Number.isInteger(each) && each >= 1);
  if (fits && height * width * channels === columnCount) return { height, width, channels };
  const shown = `${given.height} x ${given.width} x ${given.channels}`;
  const bound = `must with image_width and image_channels make the ${columnCount} features; they are ${shown}`;
  throw new ParameterError('parameters["image_height"]', given.height, bound);
}

function checkImages({ image, layers }: Convolutions, given: unknown): void {
  const refuse = (bound: string): never => {
    throw new ParameterError('parameters["convolution_channels"]', given, bound);
  };
  let from = image;
  for (const [index, layer] of layers.entries()) {
    const to = convolved(from, layer);
    const size = `${from.height} x ${from.width}`;
    if (to.height < 1 || to.width < 1) {
      refuse(`must be fewer: convolution ${index + 1} with its pool does not fit an image of ${size}`);
    }
    const values = convolutionValues(from, layer);
    if (values > maxImageValues) {
      const bound = `must have at most ${maxImageValues} values with its border, and so must its sums, not ${values}`;
      refuse(`must be smaller: convolution ${index + 1} takes an image of ${size} x ${from.channels}, which ${bound}`);
    }
    from = to;
  }
  const operations = convolutionOperations({ image, layers });
  if (operations > maxImageOperations) {
    refuse(`must take at most ${maxImageOperations} operations for an image, not ${operations}`);
  }
}
