import { type Convolution, type Convolutions, imageValues, pools } from './convolution-shape.js';
import { ModelError } from './model-error.js';

type Metadata = Readonly<Record<string, string>>;

const paddings = ['valid', 'same'] as const;

/** As many convolutions as native code takes, and the bounds of each: native/src/binding/network_arguments.cc. */
const maxConvolutions = 32;
const maxFilters = 4096;
const maxKernel = 11;
const maxStep = 64;

/** Convolutions as a model's metadata: an image's height, width and channels, and lists with an entry per layer. */
export function convolutionMetadata({ image, layers }: Convolutions): Record<string, string> {
  const list = (of: (layer: Convolution) => number | string) => layers.map(of).join(',');
  return {
    image_size: `${image.height},${image.width},${image.channels}`,
    convolution_channels: list(({ units }) => units),
    kernel_sizes: list(({ kernel }) => kernel),
    strides: list(({ stride }) => stride),
    paddings: list(({ padding }) => padding),
    pools: list(({ pool }) => pool),
    pool_sizes: list(({ poolSize }) => poolSize),
  };
}

/** The inverse, for rows of `featureCount`. Whether images are large enough native code says. Throws ModelError. */
export function convolutionsIn(metadata: Metadata, featureCount: number): Convolutions {
  const [height = 0, width = 0, channels = 0] = numbersIn(metadata, 'image_size', 3, 1, featureCount);
  const image = { height, width, channels };
  if (imageValues(image) !== featureCount) {
    throw new ModelError('metadata.image_size', metadata.image_size ?? null, `must make ${featureCount} features`);
  }
  const units = numbersIn(metadata, 'convolution_channels', null, 1, maxFilters);
  const count = units.length;
  const kernels = numbersIn(metadata, 'kernel_sizes', count, 1, maxKernel);
  const strides = numbersIn(metadata, 'strides', count, 1, maxStep);
  const padding = choicesIn(metadata, 'paddings', count, paddings);
  const pool = choicesIn(metadata, 'pools', count, pools);
  const poolSizes = numbersIn(metadata, 'pool_sizes', count, 1, maxStep);
  const layers = units.map(
    (filters, index): Convolution => ({
      units: filters,
      kernel: kernels[index] ?? 0,
      stride: strides[index] ?? 0,
      padding: padding[index] ?? 'valid',
      pool: pool[index] ?? 'none',
      poolSize: poolSizes[index] ?? 0,
    }),
  );
  return { image, layers };
}

/** The entries of a list; of `count`, or of 1 to maxConvolutions where that is null. */
function entriesIn(metadata: Metadata, key: string, count: number | null): string[] {
  const text = metadata[key];
  const entries = text !== undefined && text.length < 1000 ? text.split(',') : [];
  if (count === null ? entries.length >= 1 && entries.length <= maxConvolutions : entries.length === count) {
    return entries;
  }
  const bound = `must have ${count ?? `1 to ${maxConvolutions}`} entries, separated by commas`;
  throw new ModelError(`metadata.${key}`, text ?? null, bound);
}

function numbersIn(metadata: Metadata, key: string, count: number | null, low: number, high: number): number[] {
  const numbers = entriesIn(metadata, key, count).map((entry) =>
    /^[1-9][0-9]{0,9}$/.test(entry) ? Number(entry) : Number.NaN,
  );
  if (numbers.every((number) => number >= low && number <= high)) return numbers;
  throw new ModelError(`metadata.${key}`, metadata[key] ?? null, `must be whole numbers from ${low} to ${high}`);
}

function choicesIn<Name extends string>(
  metadata: Metadata,
  key: string,
  count: number,
  names: readonly Name[],
): (Name | undefined)[] {
  const found = entriesIn(metadata, key, count).map((entry) => names.find((name) => name === entry));
  if (!found.includes(undefined)) return found;
  throw new ModelError(`metadata.${key}`, metadata[key] ?? null, `must each be one of ${names.join(', ')}`);
}
