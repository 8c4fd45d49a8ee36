/** What a convolution's windows are reduced to, in the order native code numbers them. */
export const pools = ['none', 'max', 'average'] as const;

/** One convolution: filters over every `stride`th position, then windows of poolSize x poolSize. */
export interface Convolution {
  readonly units: number;
  /** Odd. */
  readonly kernel: number;
  readonly stride: number;
  /** `same` puts (kernel - 1) / 2 zeros around the image. */
  readonly padding: 'same' | 'valid';
  readonly pool: (typeof pools)[number];
  /** 1 without pooling. */
  readonly poolSize: number;
}

/** An image's size; its values are row-major with the channels last: [height, width, channels]. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Convolutions one after the other, the first over an image. */
export interface Convolutions {
  readonly image: ImageSize;
  readonly layers: readonly Convolution[];
}

/** What a convolution makes of an image; height or width is 0 if the image is too small for it. */
export function convolved({ height, width }: ImageSize, layer: Convolution): ImageSize {
  const around = layer.padding === 'same' ? layer.kernel - 1 : 0;
  const out = (size: number) => {
    const reach = size + around - layer.kernel;
    return reach < 0 ? 0 : Math.floor((Math.floor(reach / layer.stride) + 1) / layer.poolSize);
  };
  return { height: out(height), width: out(width), channels: layer.units };
}

/** The image each convolution takes, and last what the dense layers take. */
export function imagesOf({ image, layers }: Convolutions): ImageSize[] {
  const images = [image];
  for (const layer of layers) images.push(convolved(images.at(-1) ?? image, layer));
  return images;
}

/** The values of an image. */
export function imageValues({ height, width, channels }: ImageSize): number {
  return height * width * channels;
}

/** The values of an image with its border of zeros, or of the sums over it, units in sixteens, where they are more. */
export function convolutionValues({ height, width, channels }: ImageSize, layer: Convolution): number {
  const around = layer.padding === 'same' ? layer.kernel - 1 : 0;
  const sums = convolved({ height, width, channels }, { ...layer, poolSize: 1 });
  const padded = (height + around) * (width + around) * channels;
  return Math.max(padded, sums.height * sums.width * Math.ceil(layer.units / 16) * 16);
}

/** Products and sums that the filters take for an image. */
export function convolutionOperations({ image, layers }: Convolutions): number {
  let operations = 0;
  let from = image;
  for (const layer of layers) {
    const { height, width } = convolved(from, { ...layer, poolSize: 1 });
    operations += 2 * layer.kernel ** 2 * from.channels * layer.units * height * width;
    from = convolved(from, layer);
  }
  return operations;
}

/** As native code takes them: native/src/binding/network_arguments.h. */
export function packConvolutions({ image, layers }: Convolutions): Uint32Array {
  const numbers = layers.flatMap(({ units, kernel, stride, padding, pool, poolSize }) => [
    units,
    kernel,
    stride,
    Number(padding === 'same'),
    pools.indexOf(pool),
    poolSize,
  ]);
  return Uint32Array.of(image.height, image.width, image.channels, ...numbers);
}

/** The inverse of packConvolutions. */
export function unpackConvolutions(packed: Uint32Array): Convolutions {
  const [height = 0, width = 0, channels = 0] = packed;
  const layers: Convolution[] = [];
  for (let at = 3; at < packed.length; at += 6) {
    const [units = 0, kernel = 0, stride = 0, same = 0, pool = 0, poolSize = 0] = packed.subarray(at);
    layers.push({
      units,
      kernel,
      stride,
      padding: same === 1 ? 'same' : 'valid',
      pool: pools[pool] ?? 'none',
      poolSize,
    });
  }
  return { image: { height, width, channels }, layers };
}
