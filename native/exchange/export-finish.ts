import type { OnnxGraph } from './onnx-graph.js';

// Probabilities out of sums, in the type that the sums have, by the formulas of native/src/algorithms.

/** Of one sum per row the probabilities of two classes. */
export function logisticPair(graph: OnnxGraph, sums: string, type: 'float' | 'double'): string {
  const second = graph.node('Sigmoid', [sums]);
  const first = graph.node('Sub', [graph.scalar(type, 1), second]);
  return graph.node('Concat', [first, second], { axis: 1 });
}

/** Of one sum per class the softmax. */
export function softmax(graph: OnnxGraph, sums: string): string {
  return graph.node('Softmax', [sums], { axis: 1 });
}

/** Of one sum per class its sigmoid, as a share of all of them: the softmax of the sigmoids' logarithms. */
export function oneVersusRest(graph: OnnxGraph, sums: string): string {
  const zero = graph.scalar('double', 0);
  const power = graph.node('Exp', [graph.node('Neg', [graph.node('Abs', [sums])])]);
  const rest = graph.node('Log', [graph.node('Add', [graph.scalar('double', 1), power])]);
  return softmax(graph, graph.node('Sub', [graph.node('Min', [sums, zero]), rest]));
}
