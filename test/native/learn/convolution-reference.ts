import {
  type Convolution,
  type Convolutions,
  convolved,
  type ImageSize,
} from '../../../native/estimators/convolution-shape.js';

type Bend = (z: number) => number;

/** Activations as their definitions have them. */
export const bends: Readonly<Record<string, Bend>> = {
  identity: (z) => z,
  relu: (z) => Math.max(0, z),
  tanh: Math.tanh,
  logistic: (z) => 1 / (1 + Math.exp(-z)),
  gelu: (z) => 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3))),
};

/** Values in the order in which networks have theirs, to be taken from the front. */
export class Values {
  private at = 0;
  constructor(private readonly values: ArrayLike<number>) {}

  take(count: number): number[] {
    const taken = Array.from({ length: count }, (_, i) => this.values[this.at + i] ?? Number.NaN);
    this.at += count;
    return taken;
  }
}

/** One convolution in double precision, by its definition: every window and every tap in a loop of its own. */
export function convolve(image: readonly number[], size: ImageSize, layer: Convolution, bend: Bend, values: Values) {
  const { height, width, channels } = size;
  const { units, kernel, stride, padding, pool, poolSize } = layer;
  const weights = values.take(kernel * kernel * channels * units);
  const bias = values.take(units);
  const border = padding === 'same' ? (kernel - 1) / 2 : 0;
  const full = convolved(size, { ...layer, poolSize: 1 });
  const at = (y: number, x: number, c: number) =>
    y < 0 || x < 0 || y >= height || x >= width ? 0 : (image[(y * width + x) * channels + c] ?? Number.NaN);
  const activated = (y: number, x: number, unit: number) => {
    let sum = bias[unit] ?? Number.NaN;
    for (let dy = 0; dy < kernel; dy++) {
      for (let dx = 0; dx < kernel; dx++) {
        for (let c = 0; c < channels; c++) {
          const weight = weights[((dy * kernel + dx) * channels + c) * units + unit] ?? Number.NaN;
          sum += at(y * stride + dy - border, x * stride + dx - border, c) * weight;
        }
      }
    }
    return bend(sum);
  };
  const result = convolved(size, layer);
  const out: number[] = [];
  for (let y = 0; y < result.height; y++) {
    for (let x = 0; x < result.width; x++) {
      for (let unit = 0; unit < units; unit++) {
        const window: number[] = [];
        for (let i = 0; i < poolSize * poolSize; i++) {
          window.push(activated(y * poolSize + Math.floor(i / poolSize), x * poolSize + (i % poolSize), unit));
        }
        const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
        out.push(pool === 'max' ? Math.max(...window) : mean);
      }
    }
  }
  if (full.height < result.height) throw new Error('unreachable: a pool makes no image larger');
  return { out, size: result };
}

/** What the last layer of a network comes to for one image, in double precision; `values` in canonical order. */
export function networkSums(
  pixels: readonly number[],
  { image, layers }: Convolutions,
  widths: readonly number[],
  activation: string,
  given: ArrayLike<number>,
): number[] {
  const values = new Values(given);
  const bend = bends[activation] ?? Number.NaN;
  if (typeof bend === 'number') throw new Error(`no activation ${activation}`);
  let flat = [...pixels];
  let size = image;
  for (const layer of layers) ({ out: flat, size } = convolve(flat, size, layer, bend, values));
  widths.forEach((units, index) => {
    const weights = values.take(flat.length * units);
    const bias = values.take(units);
    const sums = bias.map((start, unit) =>
      flat.reduce((sum, value, input) => sum + value * (weights[input * units + unit] ?? Number.NaN), start),
    );
    flat = index + 1 < widths.length ? sums.map(bend) : sums;
  });
  return flat;
}
