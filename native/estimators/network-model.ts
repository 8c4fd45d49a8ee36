import './raw.js';
import { addon } from '../addon.js';
import { maxClasses, maxColumns } from './checks.js';
import { EstimatorError } from './estimator-error.js';
import type { Model, ModelFile } from './model.js';
import { ModelError } from './model-error.js';
import { nativeModel } from './native-model.js';
import { activationNames, outputNames } from './network-parameters.js';
import type { RawNetwork, RawNetworkArrays } from './raw.js';
import { built, metadataInteger, TensorReader, tensorOf } from './tensors.js';

const maxLayers = 65;
const maxUnits = 65_536;

type Shape = Omit<RawNetworkArrays, 'values'>;

/** The vectors after a layer's weights, in canonical order. */
function vectorsOf(shape: Shape, layer: number): string[] {
  const normalizes = shape.layerNormalization && layer + 1 < shape.widths.length;
  return normalizes ? ['bias', 'gain', 'shift'] : ['bias'];
}

/** A Model over a network in native memory. */
export function networkModel(handle: RawNetwork): Model {
  const { featureCount, classCount } = addon.networkArrays(handle);
  return nativeModel({
    estimator: 'neural-network',
    task: classCount === 0 ? 'regression' : 'classification',
    classCount,
    featureCount,
    acceptsMissing: false,
    importances: null,
    sizeBytes: addon.networkSizeBytes(handle),
    handle,
    async predict(network, data, rowCount, control) {
      const out = await addon.networkPredict(network, data, rowCount, control);
      refuseOverflow(out, rowCount);
      return out;
    },
    predictSync(network, data, rowCount, out) {
      addon.networkPredictSync(network, data, rowCount, out);
      refuseOverflow(out, rowCount);
    },
    dispose: addon.networkDispose,
    file: fileOf,
  });
}

/** Features near the end of single precision can leave it on their way through the layers. */
function refuseOverflow(out: Float32Array, rowCount: number): void {
  if (addon.allFinite(out)) return;
  const row = Math.floor(out.findIndex((value) => !Number.isFinite(value)) / (out.length / rowCount));
  throw new EstimatorError('NOT_FINITE', `features row ${row}`, '(too large)', 'must give finite sums in every layer');
}

function fileOf(handle: RawNetwork): ModelFile {
  const { values, ...shape } = addon.networkArrays(handle);
  const { featureCount, classCount, widths, activation, output, layerNormalization } = shape;
  let at = 0;
  const next = (count: number) => values.subarray(at, (at += count));
  const tensors = [...widths].flatMap((units, layer) => {
    const inputs = layer === 0 ? featureCount : (widths[layer - 1] ?? 0);
    return [
      tensorOf(`layers.${layer}.weights`, 'F32', [inputs, units], next(inputs * units)),
      ...vectorsOf(shape, layer).map((name) => tensorOf(`layers.${layer}.${name}`, 'F32', [units], next(units))),
    ];
  });
  return {
    tensors,
    metadata: {
      format: '1',
      estimator: 'neural-network',
      feature_count: String(featureCount),
      class_count: String(classCount),
      layer_sizes: widths.join(','),
      activation: activationNames[activation] ?? '',
      output: outputNames[output] ?? '',
      normalization: layerNormalization ? 'layer' : 'none',
    },
  };
}

/** Loads a network; throws ModelError. */
export function loadNetwork({ tensors, metadata }: ModelFile): Model {
  const shape = shapeOf(metadata);
  const { featureCount, classCount, widths, activation, output, layerNormalization } = shape;
  const reader = new TensorReader(tensors);
  const parts = [...widths].flatMap((units, layer) => {
    const inputs = layer === 0 ? featureCount : (widths[layer - 1] ?? 0);
    return [
      reader.take(`layers.${layer}.weights`, 'F32', [inputs, units]),
      ...vectorsOf(shape, layer).map((name) => reader.take(`layers.${layer}.${name}`, 'F32', [units])),
    ];
  });
  reader.done();
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return networkModel(
    built(() => addon.networkCreate(featureCount, classCount, widths, activation, output, layerNormalization, values)),
  );
}

function shapeOf(metadata: Readonly<Record<string, string>>): Shape {
  const featureCount = metadataInteger(metadata, 'feature_count', 1, maxColumns);
  const classCount = metadataInteger(metadata, 'class_count', 0, maxClasses);
  const choice = (key: string, names: readonly string[]) => {
    const index = names.indexOf(metadata[key] ?? '');
    if (index < 0) throw new ModelError(`metadata.${key}`, metadata[key] ?? null, `must be one of ${names.join(', ')}`);
    return index;
  };
  const activation = choice('activation', activationNames);
  const output = choice('output', outputNames);
  const layerNormalization = choice('normalization', ['none', 'layer']) === 1;
  const text = metadata.layer_sizes ?? '';
  const sizes = /^[1-9][0-9]{0,5}(,[1-9][0-9]{0,5})*$/.test(text) ? text.split(',').map(Number) : [];
  if (sizes.length === 0 || sizes.length > maxLayers || sizes.some((units) => units > maxUnits)) {
    const bound = `must be 1 to ${maxLayers} whole numbers up to ${maxUnits}, separated by commas`;
    throw new ModelError('metadata.layer_sizes', metadata.layer_sizes ?? null, bound);
  }
  return { featureCount, classCount, widths: Uint32Array.from(sizes), activation, output, layerNormalization };
}
