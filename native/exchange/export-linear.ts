import type { ModelFile } from '../estimators/model.js';
import { takeWeights } from '../estimators/packed-weights.js';
import { TensorReader } from '../estimators/tensors.js';
import { logisticPair, oneVersusRest, softmax } from './export-finish.js';
import type { OnnxGraph } from './onnx-graph.js';

/** Linear models of every kind, in double precision as ours compute. */
export function exportLinear(graph: OnnxGraph, features: string, { tensors, metadata }: ModelFile): string {
  const featureCount = Number(metadata.feature_count);
  const classCount = Number(metadata.class_count);
  const outputs = classCount > 2 ? classCount : 1;
  const reader = new TensorReader(tensors);
  const weights = takeWeights(reader, [outputs, featureCount]);
  const intercept = reader.take('intercept', 'F64', [outputs]);
  const transposed = weights.map((_, at) => {
    return weights[(at % outputs) * featureCount + Math.floor(at / outputs)] as number;
  });
  const matrix = graph.constant('weights', 'double', [featureCount, outputs], transposed);
  const products = graph.node('MatMul', [graph.cast(features, 'double'), matrix]);
  const sums = graph.node('Add', [products, graph.constant('intercept', 'double', [outputs], intercept)]);
  if (classCount === 0) return graph.cast(sums, 'float');
  if (classCount === 2) return graph.cast(logisticPair(graph, sums, 'double'), 'float');
  const many = metadata.estimator === 'linear-svm' ? oneVersusRest(graph, sums) : softmax(graph, sums);
  return graph.cast(many, 'float');
}
