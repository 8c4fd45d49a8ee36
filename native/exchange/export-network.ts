import type { ModelFile } from '../estimators/model.js';
import { TensorReader } from '../estimators/tensors.js';
import { unsupported } from './exchange-error.js';
import { logisticPair, softmax } from './export-finish.js';
import type { OnnxGraph } from './onnx-graph.js';

// As native/src/kernels/generic/activation.h and algorithms/network_shape.h have them.
const geluFactor = 1.5957691216;
const geluCubic = 0.044715;
const normEpsilon = 1e-5;

/** Dense networks, in single precision as ours compute. Throws ExchangeError for one in 8 bits. */
export function exportNetwork(graph: OnnxGraph, features: string, { tensors, metadata }: ModelFile): string {
  if (metadata.precision !== 'f32') {
    throw unsupported(
      'model',
      `a network in ${metadata.precision}`,
      'must be in single precision: export the version it was made from',
    );
  }
  const reader = new TensorReader(tensors);
  const widths = (metadata.layer_sizes ?? '').split(',').map(Number);
  let inputs = Number(metadata.feature_count);
  let from = features;
  for (const [layer, units] of widths.entries()) {
    const take = (name: string, shape: readonly number[]) => {
      const key = `layers.${layer}.${name}`;
      return graph.constant(key, 'float', shape, reader.take(key, 'F32', shape));
    };
    const products = graph.node('MatMul', [from, take('weights', [inputs, units])]);
    from = graph.node('Add', [products, take('bias', [units])]);
    inputs = units;
    if (layer + 1 === widths.length) break;
    if (metadata.normalization === 'layer') {
      const scales = [take('gain', [units]), take('shift', [units])];
      from = graph.node('LayerNormalization', [from, ...scales], { axis: -1, epsilon: { float: normEpsilon } });
    }
    from = activated(graph, from, metadata.activation ?? '');
  }
  if (metadata.output === 'softmax') return softmax(graph, from);
  return metadata.output === 'logistic' ? logisticPair(graph, from, 'float') : from;
}

function activated(graph: OnnxGraph, from: string, activation: string): string {
  switch (activation) {
    case 'relu':
      return graph.node('Relu', [from]);
    case 'tanh':
      return graph.node('Tanh', [from]);
    case 'logistic':
      return graph.node('Sigmoid', [from]);
    case 'gelu': {
      // x sigmoid(factor (x + cubic x^3)), the form with a hyperbolic tangent.
      const square = graph.node('Mul', [from, from]);
      const inner = graph.node('Mul', [square, graph.scalar('float', geluCubic)]);
      const cubic = graph.node('Add', [from, graph.node('Mul', [from, inner])]);
      const gate = graph.node('Sigmoid', [graph.node('Mul', [cubic, graph.scalar('float', geluFactor)])]);
      return graph.node('Mul', [from, gate]);
    }
    default:
      return from;
  }
}
