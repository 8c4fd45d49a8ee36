import './raw.js';
import { addon } from '../addon.js';
import { activeIsa } from '../isa.js';
import type { NamedTensor } from '../safetensors.js';
import { maxClasses, maxColumns, refuseNotFinite } from './checks.js';
import { convolutionMetadata, convolutionsIn } from './convolution-file.js';
import {
  convolutionOperations,
  imagesOf,
  imageValues,
  packConvolutions,
  unpackConvolutions,
} from './convolution-shape.js';
import type { EstimatorId } from './estimator-definition.js';
import { EstimatorError } from './estimator-error.js';
import type { Model, ModelFile } from './model.js';
import { ModelError } from './model-error.js';
import { nativeModel } from './native-model.js';
import { activationNames, outputNames } from './network-parameters.js';
import type { RawNetwork, RawNetworkArrays, RawNetworkShape } from './raw.js';
import { built, metadataInteger, TensorReader, tensorOf } from './tensors.js';

const maxLayers = 65;
const maxUnits = 65_536;

/** Some milliseconds of one thread with vectors. Copying the rows for another thread would take a good part of that. */
const quickOperations = 5e8;
/** Of a row that takes more, the weights leave the cache: other threads are worth it. */
const quickRowOperations = 2e7;

/** To score a row of at most so many operations for each feature takes about as long as to copy it. */
const operationsPerCopy = { f32: 1024, int8: 4096 };

/** What the weights of a network are kept in. */
export type NetworkPrecision = 'f32' | 'int8';
const precisions: readonly NetworkPrecision[] = ['f32', 'int8'];

type Shape = Omit<RawNetworkArrays, 'values' | 'codes'>;

interface LiveNetwork {
  readonly handle: RawNetwork;
  readonly precision: NetworkPrecision;
}

// What quantizing and pruning begin with.
const live = new WeakMap<Model, LiveNetwork>();

/** Which of two estimators' models a network is. */
type NetworkEstimator = Extract<EstimatorId, 'neural-network' | 'convolutional-network'>;
const estimatorOf = (shape: Pick<Shape, 'convolutions'>): NetworkEstimator =>
  shape.convolutions === null ? 'neural-network' : 'convolutional-network';

/** The native side of a dense network that `networkModel` made and that is not disposed of; or undefined. */
export function networkOf(model: Model): LiveNetwork | undefined {
  return live.get(model);
}

/** A Model over a network in native memory. */
export function networkModel(handle: RawNetwork, precision: NetworkPrecision = 'f32'): Model {
  const { featureCount, classCount, widths, convolutions } = addon.networkArrays(handle);
  const operations = operationsOf({ featureCount, widths, convolutions });
  const quick = activeIsa() !== 'scalar' && convolutions === null && operations <= quickRowOperations;
  const width = Math.max(1, classCount);
  const inParts = operations <= operationsPerCopy[precision] * featureCount;
  const scored = nativeModel({
    estimator: estimatorOf({ convolutions }),
    task: classCount === 0 ? 'regression' : 'classification',
    classCount,
    featureCount,
    acceptsMissing: false,
    importances: null,
    sizeBytes: addon.networkSizeBytes(handle),
    handle,
    // Native code looks at the rows while it has them in the cache.
    checksRows: true,
    fillsOutput: true,
    quickRows: quick ? Math.floor(quickOperations / operations) : 0,
    operationsPerRow: operations,
    async predict(network, data, rowCount, control) {
      return (await addon.networkPredict(network, data, rowCount, control)) ?? refuse(network, data, rowCount);
    },
    predictSync(network, data, rowCount, out) {
      if (!addon.networkPredictSync(network, data, rowCount, out)) refuse(network, data, rowCount);
    },
    ...(inParts && {
      predictPart: (network: RawNetwork, data, { begin, count }, out) =>
        addon.networkPredictSync(
          network,
          data.subarray(begin * featureCount, (begin + count) * featureCount),
          count,
          out.subarray(begin * width, (begin + count) * width),
        ),
    }),
    dispose: addon.networkDispose,
    file: fileOf,
  });
  const model: Model = {
    ...scored,
    dispose() {
      live.delete(model);
      scored.dispose();
    },
  };
  if (convolutions === null) live.set(model, { handle, precision });
  return model;
}

/** Products and sums for a row, in all layers. */
function operationsOf({ featureCount, widths, convolutions }: Pick<Shape, 'featureCount' | 'widths' | 'convolutions'>) {
  const before = convolutions === null ? null : unpackConvolutions(convolutions);
  const last = before === null ? undefined : imagesOf(before).at(-1);
  let inputs = last === undefined ? featureCount : imageValues(last);
  let operations = before === null ? 0 : convolutionOperations(before);
  for (const units of widths) {
    operations += 2 * inputs * units;
    inputs = units;
  }
  return operations;
}

/** Says which row native code could not score: features near the end of single precision leave it on their way. */
function refuse(network: RawNetwork, data: Float32Array, rowCount: number): never {
  refuseNotFinite({ data, rowCount, columnCount: data.length / rowCount }, null);
  const { classCount } = addon.networkArrays(network);
  const width = Math.max(1, classCount);
  const out = new Float32Array(rowCount * width);
  addon.networkPredictSync(network, data, rowCount, out);
  const row = Math.floor(out.findIndex((value) => !Number.isFinite(value)) / width);
  throw new EstimatorError('NOT_FINITE', `features row ${row}`, '(too large)', 'must give finite sums in every layer');
}

interface Part {
  readonly name: string;
  readonly dtype: 'F32' | 'I8';
  readonly shape: readonly number[];
}

/** The tensors of a network, in the order in which native code has their numbers. */
function partsOf(
  { featureCount, widths, layerNormalization, convolutions }: Shape,
  precision: NetworkPrecision,
): Part[] {
  const int8 = precision === 'int8';
  const before = convolutions === null ? null : unpackConvolutions(convolutions);
  const images = before === null ? [] : imagesOf(before);
  const filters = (before?.layers ?? []).flatMap(({ kernel, units }, layer): Part[] => [
    {
      name: `convolutions.${layer}.weights`,
      dtype: 'F32',
      shape: [kernel, kernel, images[layer]?.channels ?? 0, units],
    },
    { name: `convolutions.${layer}.bias`, dtype: 'F32', shape: [units] },
  ]);
  const last = images.at(-1);
  const first = last === undefined ? featureCount : imageValues(last);
  const dense = [...widths].flatMap((units, layer) => {
    const inputs = layer === 0 ? first : (widths[layer - 1] as number);
    const normalizes = layerNormalization && layer + 1 < widths.length;
    const vectors = [...(int8 ? ['scale'] : []), 'bias', ...(normalizes ? ['gain', 'shift'] : [])];
    const named = (name: string, shape: number[], dtype: Part['dtype'] = 'F32'): Part => ({
      name: `layers.${layer}.${name}`,
      dtype,
      shape,
    });
    return [
      named('weights', [inputs, units], int8 ? 'I8' : 'F32'),
      ...vectors.map((name) => named(name, [units])),
      // What a code of 1 is worth in the layer's inputs, and the code of zero.
      ...(int8 ? [named('input_scale', [1]), named('input_zero', [1])] : []),
    ];
  });
  return [...filters, ...dense];
}

function fileOf(handle: RawNetwork): ModelFile {
  const { values, codes, ...shape } = addon.networkArrays(handle);
  const { featureCount, classCount, widths, activation, output, layerNormalization, convolutions } = shape;
  const precision = codes === null ? 'f32' : 'int8';
  const arrays = { F32: values, I8: codes ?? new Int8Array() };
  const at = { F32: 0, I8: 0 };
  const tensors = partsOf(shape, precision).map(({ name, dtype, shape }): NamedTensor => {
    const begin = at[dtype];
    at[dtype] += shape.reduce((product, size) => product * size, 1);
    return tensorOf(name, dtype, shape, arrays[dtype].subarray(begin, at[dtype]));
  });
  return {
    tensors,
    metadata: {
      format: '1',
      estimator: estimatorOf(shape),
      feature_count: String(featureCount),
      class_count: String(classCount),
      layer_sizes: widths.join(','),
      activation: activationNames[activation] ?? '',
      output: outputNames[output] ?? '',
      normalization: layerNormalization ? 'layer' : 'none',
      precision,
      ...(convolutions === null ? {} : convolutionMetadata(unpackConvolutions(convolutions))),
    },
  };
}

/** Loads a network of that estimator; throws ModelError. */
export function loadNetwork({ tensors, metadata }: ModelFile, estimator: NetworkEstimator): Model {
  const convolutional = estimator === 'convolutional-network';
  const known = convolutional ? (['f32'] as const) : precisions;
  const precision = known[choiceIn(metadata, 'precision', known)] ?? 'f32';
  const shape = shapeOf(metadata, convolutional);
  const { featureCount, classCount, widths, activation, output, layerNormalization, convolutions } = shape;
  const reader = new TensorReader(tensors);
  const arrays = partsOf(shape, precision).map(({ name, dtype, shape }) => reader.take(name, dtype, shape));
  reader.done();
  const values = joined(
    Float32Array,
    arrays.filter((array) => array instanceof Float32Array),
  );
  const codes = joined(
    Int8Array,
    arrays.filter((array) => array instanceof Int8Array),
  );
  const handle = built(() =>
    create([featureCount, classCount, widths, activation, output, layerNormalization], { convolutions, codes, values }),
  );
  return networkModel(handle, precision);
}

function create(
  dense: RawNetworkShape,
  { convolutions, codes, values }: Pick<RawNetworkArrays, 'convolutions' | 'values'> & { codes: Int8Array },
): RawNetwork {
  if (convolutions !== null) return addon.convolutionalNetworkCreate(...dense, convolutions, values);
  if (codes.length > 0) return addon.networkCreateInt8(...dense, codes, values);
  return addon.networkCreate(...dense, values);
}

function joined<A extends Float32Array | Int8Array>(kind: new (length: number) => A, arrays: readonly A[]): A {
  const all = new kind(arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

/** The index of a metadata's value among those it may have. */
function choiceIn(metadata: Readonly<Record<string, string>>, key: string, names: readonly string[]): number {
  const index = names.indexOf(metadata[key] ?? '');
  if (index >= 0) return index;
  throw new ModelError(`metadata.${key}`, metadata[key] ?? null, `must be one of ${names.join(', ')}`);
}

function shapeOf(metadata: Readonly<Record<string, string>>, convolutional: boolean): Shape {
  const featureCount = metadataInteger(metadata, 'feature_count', 1, maxColumns);
  const classCount = metadataInteger(metadata, 'class_count', 0, maxClasses);
  const activation = choiceIn(metadata, 'activation', activationNames);
  const output = choiceIn(metadata, 'output', outputNames);
  if (outputNames[output] === 'identity' && classCount > 0) {
    throw new ModelError('metadata.output', metadata.output ?? null, 'must give probabilities where there are classes');
  }
  const layerNormalization = choiceIn(metadata, 'normalization', ['none', 'layer']) === 1;
  const text = metadata.layer_sizes ?? '';
  const sizes = /^[1-9][0-9]{0,5}(,[1-9][0-9]{0,5})*$/.test(text) ? text.split(',').map(Number) : [];
  if (sizes.length === 0 || sizes.length > maxLayers || sizes.some((units) => units > maxUnits)) {
    const bound = `must be 1 to ${maxLayers} whole numbers up to ${maxUnits}, separated by commas`;
    throw new ModelError('metadata.layer_sizes', metadata.layer_sizes ?? null, bound);
  }
  const convolutions = convolutional ? packConvolutions(convolutionsIn(metadata, featureCount)) : null;
  const widths = Uint32Array.from(sizes);
  return { featureCount, classCount, widths, activation, output, layerNormalization, convolutions };
}
