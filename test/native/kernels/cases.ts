import { addon } from '../../../native/addon.js';
import '../../../native/estimators/raw.js';
import { ArgumentError } from '../../../native/argument-error.js';
import { resolveParameters } from '../../../native/estimators/catalogue.js';
import { convolutionsOf } from '../../../native/estimators/convolution-parameters.js';
import { packConvolutions } from '../../../native/estimators/convolution-shape.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import { rawNetworkOptions } from '../../../native/estimators/network-parameters.js';
import { columnStatistics } from '../../../native/kernels/columns.js';
import { gemmInt8, gemvInt8, quantizeInt8 } from '../../../native/kernels/int8.js';
import { axpyF32, dotF32, gemmF32, gemvF32, gemvTransposedF32 } from '../../../native/kernels/linear.js';
import { sigmoid, sigmoidLoss, softmax, softmaxLoss } from '../../../native/kernels/loss.js';
import { adamStep, momentumStep, sgdStep, squareStep } from '../../../native/kernels/optimizers.js';
import { pruneSmallest } from '../../../native/kernels/prune.js';
import { scaleColumns } from '../../../native/kernels/scaling.js';
import { bytes, type Flavour, flavours, floats, sharedSize, sizes } from './inputs.js';

type Output = Float32Array | Float64Array | Int8Array | Int32Array | number;

/** Something to compute that must give the same bits on every instruction set. */
export interface KernelCase {
  name: string;
  compute: () => Output[];
}

/** Large inputs are there to be shared out: whatever the numbers are, the lanes have met them. */
function isPlainOrSmall(flavour: Flavour, size: number): boolean {
  return flavour === 'plain' || flavour === 'odd' || size < sharedSize;
}

function eachSize(run: (size: number, flavour: Flavour) => Output[]): KernelCase[] {
  return flavours.flatMap((flavour) =>
    [...sizes, sharedSize]
      .filter((size) => isPlainOrSmall(flavour, size))
      .map((size) => ({ name: `${size} ${flavour}`, compute: () => run(size, flavour) })),
  );
}

/** Rows and columns of the tile of a dense block on each instruction set: scalar, NEON and AVX2, AVX-512. */
const gemmTiles = [
  [4, 4],
  [6, 16],
  [14, 32],
] as const;

const gemmShapes: readonly (readonly [m: number, n: number, k: number])[] = [
  ...gemmTiles.flatMap(([rows, columns]) =>
    [-1, 0, 1].flatMap((more) => [
      [rows + more, columns, 16 + more] as const,
      [rows, columns + more, 2 + more] as const,
      [5 * rows + more, 5 * columns + more, 33] as const,
    ]),
  ),
  // Nothing, and around the depth packed at once.
  [0, 3, 3],
  [3, 0, 3],
  [3, 5, 0],
  [1, 1, 1],
  [4, 16, 511],
  [5, 17, 512],
  [6, 31, 513],
  [7, 33, 1025],
  [337, 33, 65],
  [15, 160, 800],
  [131, 95, 129],
];

const gemmCases: KernelCase[] = gemmShapes.flatMap(([m, n, k]) =>
  // Only as deep as the numbers of the other flavours can be told apart in a sum.
  (k < 20 ? flavours : (['plain'] as const)).flatMap((flavour) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB) => ({
        name: `${m}x${n}x${k}${transposeA ? ' a transposed' : ''}${transposeB ? ' b transposed' : ''} ${flavour}`,
        compute: () => {
          const a = floats(m * k, m + k, flavour);
          const b = floats(k * n, n + k);
          const shape = { m, n, k, transposeA, transposeB };
          return [gemmF32(a, b, shape), gemmF32(a, b, shape, { out: floats(m * n, 9), accumulate: true })];
        },
      })),
    ),
  ),
);

// Around tiles of 4, 14, 16 and 32 rows, panels of 32 columns, steps of 4 and 64 and the depth
// multiplied at once, and products of several jobs.
const int8Shapes: readonly (readonly [m: number, n: number, k: number])[] = [
  [0, 3, 3],
  [3, 0, 3],
  [3, 5, 0],
  [1, 1, 1],
  [1, 40, 130],
  [3, 31, 3],
  [7, 32, 64],
  [8, 33, 65],
  [13, 64, 4],
  [15, 16, 5],
  [16, 95, 63],
  [17, 96, 127],
  [31, 100, 511],
  [32, 32, 512],
  [33, 65, 513],
  [47, 130, 1025],
  [300, 600, 200],
  [5, 1100, 700],
];

const int8Cases: KernelCase[] = int8Shapes.flatMap(([m, n, k]) =>
  [false, true].map((transposeB) => ({
    name: `${m}x${n}x${k}${transposeB ? ' b transposed' : ''}`,
    compute: () => [gemmInt8(bytes(m * k, 37), bytes(k * n, 38), { m, n, k, transposeB })],
  })),
);

// Narrow, odd, full and wide matrices, around 16 rows, 16 columns and a product's 64, and one of
// several chunks.
const matrixShapes = [
  [0, 1],
  [1, 1],
  [15, 1],
  [17, 3],
  [16, 15],
  [33, 16],
  [50, 17],
  [3, 63],
  [2, 64],
  [3, 65],
  [80, 80],
  [3, 320],
  [5, 1000],
  [301, 20],
  [40_000, 20],
] as const;

function eachShape(run: (rows: number, columns: number, flavour: Flavour) => Output[]): KernelCase[] {
  return flavours.flatMap((flavour) =>
    matrixShapes
      .filter(([rows, columns]) => isPlainOrSmall(flavour, rows * columns))
      .map(([rows, columns]) => ({
        name: `${rows}x${columns} ${flavour}`,
        compute: () => run(rows, columns, flavour),
      })),
  );
}

function statisticsOf(rows: number, columns: number, flavour: Flavour): Output[] {
  const found = columnStatistics(floats(rows * columns, columns, flavour), { rows, columns });
  return [found.count, found.mean, found.variance, found.low, found.high];
}

function stepped(
  size: number,
  flavour: Flavour,
  step: (w: Float32Array, g: Float32Array, s: Float32Array[]) => void,
): Output[] {
  const weights = floats(size, 1);
  const states = [new Float32Array(size), new Float32Array(size)];
  for (let i = 0; i < 3; i++) step(weights, floats(size, 10 + i, flavour), states);
  return [weights, ...states];
}

// Rows, columns and units around the tiles of 4, 6 and 14 rows and the panels of 32 units.
const denseShapes = [
  [1, 1, 1],
  [1, 40, 130],
  [2, 17, 33],
  [3, 3, 70],
  [5, 100, 16],
  [13, 9, 17],
  [15, 31, 64],
  [57, 513, 31],
  [129, 784, 40],
] as const;

/** Predictions of networks of each shape, their weights in single precision or in 8 bits. */
function denseCases(activation: string, precision: 'f32' | 'int8' = 'f32'): KernelCase[] {
  return denseShapes.map(([rowCount, columnCount, units]) => ({
    name: `${rowCount}x${columnCount} to ${units}, ${activation}, ${precision}`,
    compute: () => {
      const sizes = [columnCount, units, 1];
      const tensors = [0, 1].flatMap((layer) => {
        const [inputs = 0, outputs = 0] = sizes.slice(layer);
        const tensor = (name: string, shape: number[], values: Float32Array | Int8Array) => ({
          name: `layers.${layer}.${name}`,
          dtype: values instanceof Int8Array ? ('I8' as const) : ('F32' as const),
          shape,
          data: new Uint8Array(values.slice().buffer),
        });
        const bias = tensor('bias', [outputs], floats(outputs, 23 + layer));
        if (precision === 'f32') {
          return [tensor('weights', [inputs, outputs], floats(inputs * outputs, 21 + layer)), bias];
        }
        return [
          tensor('weights', [inputs, outputs], bytes(inputs * outputs, 21 + layer)),
          tensor(
            'scale',
            [outputs],
            floats(outputs, 28).map((value) => 0.001 + Math.abs(value) / 100),
          ),
          bias,
          tensor('input_scale', [1], Float32Array.of(0.02)),
          tensor('input_zero', [1], Float32Array.of(layer === 0 ? 117 : 0)),
        ];
      });
      const model = loadModel({
        tensors,
        metadata: {
          format: '1',
          estimator: 'neural-network',
          feature_count: String(columnCount),
          class_count: '0',
          layer_sizes: `${units},1`,
          activation,
          output: 'identity',
          normalization: 'none',
          precision,
        },
      });
      return [model.predictSync({ data: floats(rowCount * columnCount, 25), rowCount, columnCount })];
    },
  }));
}

/** Loss and gradient of a small network, through every slope. */
function slopeCase(activation: string): KernelCase {
  return {
    name: activation,
    compute: () => {
      const parameters = resolveParameters('neural-network', { activation }, 'parameters');
      const raw = rawNetworkOptions(parameters, 0, 3);
      const [rows, columns] = [37, 19];
      const widths = Uint32Array.of(35, 18, 1);
      const target = Float64Array.from(floats(rows, 26));
      const given = floats(rows * columns, 27);
      const found = addon.networkGradient(given, rows, columns, null, target, null, 0, widths, raw, null);
      return [found.loss, found.gradient];
    },
  };
}

/** Loss and gradient of convolutions around the tiles of rows and the panels of units, and of their pools. */
function convolutionCases(pool: string): KernelCase[] {
  return ['3', '16', '35,33'].flatMap((filters) =>
    [1, 2].map((stride) => ({
      name: `${filters} filters, stride ${stride}, pool ${pool}`,
      compute: () => {
        const given = { convolution_channels: filters, stride, pool, image_height: 17, image_width: 14 };
        const parameters = resolveParameters('convolutional-network', given, 'parameters');
        const [rows, columns] = [3, 17 * 14];
        const convolutions = packConvolutions(convolutionsOf(parameters, columns));
        const raw = { ...rawNetworkOptions(parameters, 0, 3), convolutions };
        const target = Float64Array.from(floats(rows, 26));
        const images = floats(rows * columns, 29);
        const found = addon.networkGradient(
          images,
          rows,
          columns,
          null,
          target,
          null,
          0,
          Uint32Array.of(5, 1),
          raw,
          null,
        );
        return [found.loss, found.gradient];
      },
    })),
  );
}

const activations = ['identity', 'relu', 'tanh', 'logistic', 'gelu'];

/** The quantized matrix and its product with a vector, or the words of its refusal. */
function quantized(data: Float32Array, rows: number, columns: number): Output[] {
  try {
    const { q, scale } = quantizeInt8(data, { rows, columns });
    return [q, scale, gemvInt8({ q, scale }, bytes(columns, 18), 0.02, { rows, columns })];
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    return [Int8Array.from(Buffer.from(error.message))];
  }
}

/** Some numbers, and some of which many are equal, with several shares of them set to zero. */
const pruned = [
  ...eachSize((n, flavour) =>
    [0, 0.3, 0.5, 0.97, 1].flatMap((sparsity) => [
      pruneSmallest(floats(n, 37, flavour), sparsity),
      pruneSmallest(floats(n, 38, flavour).map(Math.round), sparsity),
    ]),
  ),
];

const classCounts = [1, 2, 10, 15, 16, 17, 80, 100];

/** The cases of each kernel, by its name in kernels.inc. */
export const kernelCases: Readonly<Record<string, KernelCase[]>> = {
  f32_dot: eachSize((n, flavour) => [dotF32(floats(n, 1, flavour), floats(n, 2))]),
  f32_axpy: eachSize((n, flavour) => {
    const y = floats(n, 3);
    axpyF32(0.37, floats(n, 4, flavour), y);
    return [y];
  }),
  f32_gemv: eachShape((rows, columns, flavour) => [
    gemvF32(floats(rows * columns, 5, flavour), floats(columns, 6), { rows, columns }),
  ]),
  f32_gemv_transposed: eachShape((rows, columns, flavour) => [
    gemvTransposedF32(floats(rows * columns, 5, flavour), floats(rows, 6), { rows, columns }),
  ]),
  f32_transpose16: gemmCases.filter(({ name }) => name.includes('b transposed')),
  f32_dense_block: [...denseCases('relu'), ...denseCases('identity'), ...gemmCases],
  f32_run_block: convolutionCases('none'),
  f32_max_pool: convolutionCases('max'),
  f32_max_unpool: convolutionCases('max'),
  f32_activate: activations.flatMap((activation) => denseCases(activation)),
  f32_activate_slope: activations.map(slopeCase),
  f32_column_moments: eachShape(statisticsOf),
  f32_affine: [
    ...eachShape((rows, columns, flavour) => [
      scaleColumns(
        floats(rows * columns, 7, flavour),
        { rows, columns },
        {
          minus: floats(columns, 8),
          times: floats(columns, 9),
          plus: floats(columns, 10),
        },
      ),
    ]),
    {
      // Beyond 8 MiB the output goes past the caches.
      name: 'streamed to an unaligned output',
      compute: () => {
        const [rows, columns] = [30_001, 71];
        const out = new Float32Array(new ArrayBuffer(4 * (rows * columns + 1)), 4);
        const scaling = { minus: floats(columns, 8), times: floats(columns, 9), plus: floats(columns, 10) };
        return [scaleColumns(floats(rows * columns, 7), { rows, columns }, scaling, out)];
      },
    },
  ],
  f32_affine_rows: eachShape((rows, columns, flavour) => {
    const order = Uint32Array.from({ length: rows }, (_, row) => (row * 7) % rows);
    const place = order.map((_, row) => rows - 1 - row);
    const y = new Float32Array(rows * columns);
    const [minus, times, plus] = [floats(columns, 8), floats(columns, 9), floats(columns, 10)];
    addon.affineRows(floats(rows * columns, 7, flavour), order, place, rows, columns, minus, times, plus, y);
    return [y];
  }),
  f32_sigmoid: eachSize((n, flavour) => [sigmoid(floats(n, 11, flavour))]),
  f32_sigmoid_loss: eachSize((n, flavour) => {
    const { loss, gradient } = sigmoidLoss(floats(n, 12, flavour), floats(n, 13).map(Math.abs));
    return [loss, gradient];
  }),
  f32_softmax: flavours.flatMap((flavour) =>
    classCounts.map((classes) => ({
      name: `${classes} classes ${flavour}`,
      compute: () => [softmax(floats(37 * classes, 14, flavour), { rows: 37, classes })],
    })),
  ),
  f32_softmax_loss: flavours.flatMap((flavour) =>
    classCounts.map((classes) => ({
      name: `${classes} classes ${flavour}`,
      compute: () => {
        const label = Uint32Array.from({ length: 9001 }, (_, row) => row % classes);
        const { loss, gradient } = softmaxLoss(floats(label.length * classes, 15, flavour), label, classes);
        return [loss, gradient];
      },
    })),
  ),
  f32_sgd_step: eachSize((n, flavour) =>
    stepped(n, flavour, (w, g) => sgdStep(w, g, { learningRate: 0.1, weightDecay: 0.01 })),
  ),
  f32_momentum_step: [false, true].flatMap((nesterov) =>
    eachSize((n, flavour) =>
      stepped(n, flavour, (w, g, [velocity = g]) =>
        momentumStep(w, g, velocity, { learningRate: 0.1, momentum: 0.9, dampening: 0.1, weightDecay: 0.01, nesterov }),
      ),
    ),
  ),
  f32_square_step: [1, 0.9].flatMap((beta) =>
    eachSize((n, flavour) =>
      stepped(n, flavour, (w, g, [square = g]) =>
        squareStep(w, g, square, { learningRate: 0.1, weightDecay: 0.01, beta }),
      ),
    ),
  ),
  f32_adam_step: [false, true].flatMap((decoupled) =>
    eachSize((n, flavour) => {
      let step = 0;
      return stepped(n, flavour, (w, g, [mean = g, square = g]) => {
        step++;
        adamStep(w, g, mean, square, { learningRate: 0.01, weightDecay: 0.1, step, decoupled });
      });
    }),
  ),
  f32_magnitude: eachShape((rows, columns, flavour) => quantized(floats(rows * columns, 16, flavour), rows, columns)),
  i8_quantize: [
    ...eachShape((rows, columns, flavour) => {
      // Zeros and numbers so small that only their scale tells them apart.
      const data = floats(rows * columns, 17, flavour).map((value, i) => (i % 3 === 0 ? 0 : value * 1e-30));
      return quantized(data, rows, columns);
    }),
    ...sizes.map((n) => ({
      name: `${n} in the middle between two steps`,
      compute: () =>
        quantized(
          Float32Array.from({ length: n }, (_, i) => (i === 0 ? 127 : (i % 250) - 124.5)),
          1,
          n,
        ),
    })),
  ],
  u8_quantize: denseCases('tanh', 'int8'),
  u8_dense_block: [...denseCases('relu', 'int8'), ...denseCases('identity', 'int8')],
  u8_product_block: int8Cases,
  i8_interleave: int8Cases.filter(({ name }) => !name.includes('transposed')),
  f32_row_best: eachShape((rows, columns, flavour) => {
    const best = new Float32Array(rows);
    const found = addon.rowBest(floats(rows * columns, 31, flavour), rows, columns, best);
    // Of equal scores the first.
    const equal = addon.rowBest(new Float32Array(rows * columns).fill(1), rows, columns, best.slice());
    return [best, Float64Array.from(found), Float64Array.from(equal)];
  }),
  f32_find_above: eachSize((size, flavour) => {
    const [x, plus, minus] = [floats(size, 32, flavour), floats(size, 33), floats(size, 34)];
    const found: number[] = [];
    for (const bound of [-1, 0, 1, 2, 3, 4, 8]) {
      let at = 0;
      for (let times = 0; times < 20 && at < size; times++) {
        at = addon.findAbove(x, plus, 0.5, minus, bound, at) + 1;
        found.push(at);
      }
    }
    return [Float64Array.from(found)];
  }),
  f64_add_rows: eachShape((rows, columns, flavour) => {
    const label = Uint32Array.from({ length: rows }, (_, row) => (row * 7) % 5);
    const stride = Math.ceil(columns / 16) * 16;
    const x = floats(rows * columns, 35, flavour);
    const plain = new Float64Array(5 * stride);
    addon.addRows(x, rows, columns, label, null, plain);
    const weighted = plain.slice();
    addon.addRows(x, rows, columns, label, Float64Array.from(floats(rows, 36)), weighted);
    return [plain, weighted];
  }),
  f64_row_products: eachSize((size, flavour) =>
    [1, 3, 4, 9].map((outputs) => {
      if (size === sharedSize && outputs > 1) return 0;
      const sums = Float64Array.from(floats(outputs, 40));
      addon.rowProducts(floats(size, 41, flavour), Float64Array.from(floats(size * outputs + 15, 42)), sums);
      return sums;
    }),
  ),
  f64_gram_tile: [0, 1, 2, 33].flatMap((rows) =>
    [8, 16, 24].map((columns) => ({
      name: `${rows} x ${columns}`,
      compute: () => {
        const sums = Float64Array.from(floats(8 * columns, 37));
        const [a, b] = [Float64Array.from(floats(rows * 24, 38)), Float64Array.from(floats(rows * 24, 39))];
        addon.gramTile(a, b, rows, columns, sums);
        return [sums];
      },
    })),
  ),
  f32_collect_magnitudes: pruned,
  f32_zero_below: pruned,
  i8_dot: [...sizes, 65_536, 65_537, 200_001].map((n) => ({
    name: String(n),
    compute: () => [
      addon.dotInt8(bytes(n, 19), bytes(n, 20)),
      addon.dotInt8(new Int8Array(n).fill(-128), new Int8Array(n).fill(-128)),
    ],
  })),
  u8_mark: [0, 1, 2, 3, 64].map((words) => ({
    name: `${words} words`,
    compute: () => {
      const marked = (text: Uint8Array) => {
        const marks = new Uint32Array(2 * words);
        return [addon.csvMark(text, 0x2c, marks) ? 1 : 0, new Int32Array(marks.buffer)];
      };
      const any = Uint8Array.from(bytes(64 * words, 21));
      const structure = any.map((byte) => [0x2c, 0x0a, 0x0d, 0x22, 0x61, 0x7f][byte % 6] ?? 0);
      const beyond = [0, 0x80].map((byte) => structure.slice().fill(byte, 64 * words - 1));
      return [any, structure, ...beyond].flatMap(marked);
    },
  })),
};
