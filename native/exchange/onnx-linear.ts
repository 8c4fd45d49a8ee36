import { unparsable, unsupported } from './exchange-error.js';
import type { OnnxNode, OnnxTensor } from './onnx.js';
import { AttributeReader, placeOf } from './onnx-attributes.js';
import type { DenseLayer, FeatureColumn, OnnxValue, ScoreFinish, Scores } from './onnx-values.js';

// Nodes may use a constant again and again, so that a small file could make a large network.
const maxLayers = 65;
const maxWeights = 2 ** 27;

/** LinearRegressor and LinearClassifier. */
export function linearScores(node: OnnxNode, columns: readonly FeatureColumn[]): OnnxValue {
  const attributes = new AttributeReader(node);
  const { at } = attributes;
  const inputs = columns.length;
  const told = attributes.numbers('coefficients');
  const units = told.length / inputs;
  if (!Number.isInteger(units) || units < 1) {
    throw unparsable(`${at}.coefficients`, told.length, `elements must be a multiple of the ${inputs} features`);
  }
  const bias = Float64Array.from(attributes.numbersOrNull('intercepts', units) ?? new Float64Array(units));
  const weights = new Float64Array(inputs * units);
  // There by unit, here by input.
  for (let unit = 0; unit < units; unit++) {
    for (let input = 0; input < inputs; input++) weights[input * units + unit] = told[unit * inputs + input] as number;
  }
  const layer: DenseLayer = { inputs, units, weights, bias, activation: 'identity' };
  const scores = { kind: 'scores', columns, source: { kind: 'layers', layers: [layer] }, units } as const;
  const transform = attributes.text('post_transform', 'NONE');
  if (node.op === 'LinearRegressor') {
    if (transform !== 'NONE') throw unsupported(`${at}.post_transform`, transform, 'must be NONE');
    return { ...scores, finish: 'none', classes: null };
  }
  const classes = attributes.classes();
  if (classes === null || (classes.length !== units && !(classes.length === 2 && units === 1))) {
    throw unsupported(`${at}.classlabels`, classes?.length ?? 0, `classes must be ${units === 1 ? 2 : units}`);
  }
  if (transform === 'SOFTMAX' && units > 1) return { ...scores, finish: 'softmax', classes };
  if (transform === 'LOGISTIC') {
    const finish: ScoreFinish = units === 1 ? 'both' : 'each';
    return { ...scores, finish, classes };
  }
  throw unsupported(`${at}.post_transform`, transform, 'must be LOGISTIC or SOFTMAX: scores are no probabilities');
}

/** The constants of MatMul and Gemm as a layer over what came before; null for what is no layer. */
export function layerOver(
  before: { kind: 'features'; columns: readonly FeatureColumn[] } | Scores,
  layer: DenseLayer,
  node: OnnxNode,
): OnnxValue {
  const at = placeOf(node);
  const width = before.kind === 'features' ? before.columns.length : before.units;
  if (layer.inputs !== width) throw unparsable(`${at}.inputs[1]`, layer.inputs, `rows must be ${width}`);
  const { columns } = before;
  const rest = { columns, units: layer.units, finish: 'none', classes: null } as const;
  if (before.kind === 'features') return { kind: 'scores', source: { kind: 'layers', layers: [layer] }, ...rest };
  if (before.source.kind !== 'layers' || before.finish !== 'none') {
    return { kind: 'unknown', at, seen: before.finish, bound: 'is no layer of a network that sums can follow' };
  }
  const layers = [...before.source.layers, layer];
  const numbers = layers.reduce((sum, { weights }) => sum + weights.length, 0);
  if (layers.length > maxLayers || numbers > maxWeights) {
    const bound = `layers must be at most ${maxLayers}, with at most ${maxWeights} weights`;
    throw unsupported(at, layers.length, bound);
  }
  return { kind: 'scores', source: { kind: 'layers', layers }, ...rest };
}

/** A layer of a constant matrix, inputs × units or with `transposed` the other way round. Throws ExchangeError. */
export function denseLayer(
  { shape, values, type }: OnnxTensor,
  bias: OnnxTensor | null,
  { transposed, factor, biasFactor, at }: { transposed: boolean; factor: number; biasFactor: number; at: string },
): DenseLayer {
  const [rows = 0, columns = 0] = shape;
  if (shape.length !== 2 || rows < 1 || columns < 1 || type === 'string') {
    throw unsupported(`${at}.inputs[1]`, shape, 'must be a matrix');
  }
  const [inputs, units] = transposed ? [columns, rows] : [rows, columns];
  const weights = new Float64Array(inputs * units);
  for (let input = 0; input < inputs; input++) {
    for (let unit = 0; unit < units; unit++) {
      const from = transposed ? unit * inputs + input : input * units + unit;
      weights[input * units + unit] = factor * (values[from] as number);
    }
  }
  const sums = bias === null ? new Float64Array(units) : spread(bias, units, at);
  return { inputs, units, weights, bias: sums.map((value) => biasFactor * value), activation: 'identity' };
}

/** A constant of one element, or of one per unit, as one per unit. Throws ExchangeError. */
export function spread({ shape, values, type }: OnnxTensor, units: number, at: string): Float64Array {
  const isRow = shape.slice(0, -1).every((size) => size === 1);
  if (type !== 'string' && (values.length === 1 || (isRow && values.length === units))) {
    return Float64Array.from({ length: units }, (_, unit) => Number(values[values.length === 1 ? 0 : unit]));
  }
  throw unsupported(`${at}.inputs`, shape, `must hold 1 or ${units} numbers`);
}
