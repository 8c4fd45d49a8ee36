import { unparsable, unsupported } from './exchange-error.js';
import { type ImportedModel, maxImportFeatures } from './imported-model.js';
import type { OnnxModel, OnnxValueInfo } from './onnx.js';
import { modelOfScores } from './onnx-finish.js';
import { follow } from './onnx-follow.js';
import { readOnnx } from './onnx-read.js';
import type { FeatureColumn, OnnxValue } from './onnx-values.js';

/** The numbers that following a graph may look at: nodes may use a constant again and again. */
const maxWork = 2 ** 28;

/**
 * The bytes that following a graph may make: these, and so many for each byte of the file. What a node makes is an object
 * for each column of features, or a double for each weight.
 */
const maxMade = 2 ** 28;
const madePerByte = 64;
const columnBytes = 64;
const weightBytes = 8;

/** The most lists of classes that are kept. */
const maxLabels = 16;

/**
 * A model from an .onnx file: trees, linear models and chains of dense layers, with scaling in front, as skl2onnx and
 * Tenon write them. Throws ExchangeError naming the first node that has no form here.
 */
export function importOnnx(bytes: Uint8Array): ImportedModel {
  const model = readOnnx(bytes);
  const { values, featureNames } = featuresOf(model);
  for (const constant of model.constants.values()) values.set(constant.name, { kind: 'constant', tensor: constant });
  /** Constants that stand for classes once a place among them is known. */
  const labels: (readonly string[])[] = [];
  const most = maxMade + madePerByte * bytes.length;
  let work = 0;
  let made = 0;
  let ensembles = 0;
  for (const node of model.nodes) {
    const inputs = node.inputs
      .filter((name) => name !== '')
      .map((name): OnnxValue => {
        const value = values.get(name);
        if (value !== undefined) return value;
        throw unparsable('graph.node.input', name, 'must be an input, a constant or the output of an earlier node');
      });
    const told = node.attributes.get('value');
    if (node.op === 'Constant' && told?.kind === 'tensor') {
      for (const output of node.outputs) values.set(output, { kind: 'constant', tensor: told.value });
      continue;
    }
    work += inputs.reduce((sum, value) => sum + sizeOf(value), 0);
    if (work > maxWork) throw unsupported('graph.node', work, `numbers to follow must be at most ${maxWork}`);
    const [data, at] = inputs;
    if (data?.kind === 'constant' && at?.kind === 'winner' && labels.length < maxLabels) {
      labels.push(Array.from(data.tensor.values, String));
    }
    const found = follow(node, inputs);
    if (!inputs.includes(found)) made += madeBytes(found);
    if (made > most) throw unsupported('graph.node', made, `bytes of columns and weights must be at most ${most}`);
    if (found.kind === 'scores' && node.op.startsWith('TreeEnsemble') && ++ensembles > 1) {
      throw unsupported('graph.node', ensembles, 'ensembles of trees must be at most 1');
    }
    // Classifiers give the label first and the probabilities second.
    const isClassifier = node.op === 'TreeEnsembleClassifier' || node.op === 'LinearClassifier';
    for (const [index, output] of node.outputs.entries()) {
      if (values.has(output)) throw unparsable('graph.node.output', output, 'must not be there already');
      values.set(output, isClassifier && index === 0 ? { kind: 'winner' } : found);
    }
  }
  return modelOfScores(scoresOf(model, values), {
    labels,
    featureNames,
    origin: `ONNX by ${model.producer.slice(0, 64) || 'an unnamed producer'}`,
  });
}

/** How many numbers a node that has this for an input may have to look at. */
function sizeOf(value: OnnxValue): number {
  if (value.kind === 'constant') return value.tensor.values.length;
  return value.kind === 'features' || value.kind === 'missing' ? value.columns.length : 1;
}

/** What a value that a node has made takes, in bytes. */
function madeBytes(value: OnnxValue): number {
  if (value.kind === 'features') return value.columns.length * columnBytes;
  if (value.kind !== 'scores' || value.source.kind !== 'layers') return 0;
  const last = value.source.layers.at(-1);
  return last === undefined ? 0 : (last.weights.length + last.bias.length) * weightBytes;
}

/** The inputs as columns: one input of many, or many of one. */
function featuresOf({ inputs }: OnnxModel): { values: Map<string, OnnxValue>; featureNames: string[] | null } {
  const values = new Map<string, OnnxValue>();
  const names: string[] = [];
  if (inputs.length === 0) throw unsupported('graph.input', 0, 'inputs must be at least 1');
  for (const [index, input] of inputs.entries()) {
    const at = `graph.input[${index}]`;
    const width = widthOf(input, at);
    if (names.length + width > maxImportFeatures)
      throw unsupported(at, width, `features must be at most ${maxImportFeatures}`);
    const columns = Array.from({ length: width }, (_, place): FeatureColumn => {
      return { source: names.length + place, fill: null, center: 0, span: 1, lower: 0 };
    });
    for (let place = 0; place < width; place++) names.push(width === 1 ? input.name : `${input.name}_${place}`);
    values.set(input.name, { kind: 'features', columns });
  }
  return { values, featureNames: inputs.length === 1 ? null : names };
}

function widthOf({ type, shape }: OnnxValueInfo, at: string): number {
  if (type === null || type === 'string' || type === 'bool') {
    throw unsupported(`${at}.type`, type, 'must be a tensor of float, double, int32 or int64');
  }
  const width = shape?.length === 2 ? shape[1] : undefined;
  if (typeof width === 'number' && width >= 1) return width;
  throw unsupported(`${at}.shape`, shape, 'must be rows by a known number of features');
}

/** Probabilities among the outputs, or else numbers. */
function scoresOf({ outputs }: OnnxModel, values: ReadonlyMap<string, OnnxValue>) {
  const found = outputs.map(({ name }) => values.get(name));
  const scores = found.flatMap((value) => (value?.kind === 'scores' ? [value] : []));
  const best = scores.find(({ finish }) => finish !== 'none') ?? scores[0];
  if (best !== undefined) return best;
  const lost = found.findLast((value) => value?.kind === 'unknown');
  if (lost?.kind === 'unknown') throw unsupported(lost.at, lost.seen, lost.bound);
  throw unsupported('graph.output', outputs.length, 'outputs must hold probabilities or numbers');
}
