import type { Pca } from '../decomposition/pca.js';
import type { ModelFile } from '../estimators/model.js';
import { TensorReader } from '../estimators/tensors.js';
import { softmax } from './export-finish.js';
import type { OnnxGraph } from './onnx-graph.js';

const log2Pi = Math.log(2 * Math.PI);
/** A feature may make a class this unlikely and no more, as in native/src/algorithms/naive_bayes.cc. */
const leastLogLikelihood = -1e290;

/** Each row beside each of `count` others: rows × count × features of differences, in double precision. */
function differences(
  graph: OnnxGraph,
  features: string,
  others: Float64Array,
  [count, width]: [number, number],
): string {
  const rows = graph.reshape(graph.cast(features, 'double'), [-1, 1, width]);
  return graph.node('Sub', [rows, graph.constant('others', 'double', [1, count, width], others)]);
}

/** Gaussian naive Bayes, in double precision. */
export function exportGaussianBayes(graph: OnnxGraph, features: string, { tensors, metadata }: ModelFile): string {
  const width = Number(metadata.feature_count);
  const classes = Number(metadata.class_count);
  const reader = new TensorReader(tensors);
  const mean = reader.take('mean', 'F64', [classes, width]);
  const variance = reader.take('variance', 'F64', [classes, width]);
  const constant = reader.take('log_prior', 'F64', [classes]).map((prior, index) => {
    const own = variance.subarray(index * width, (index + 1) * width);
    return own.reduce((sum, value) => sum - 0.5 * (log2Pi + Math.log(value)), prior);
  });
  const away = differences(graph, features, mean, [classes, width]);
  const squares = graph.node('Mul', [away, away]);
  const shares = graph.node('Div', [squares, graph.constant('variance', 'double', [1, classes, width], variance)]);
  const likely = graph.node('Mul', [shares, graph.scalar('double', -0.5)]);
  const bounded = graph.node('Max', [likely, graph.scalar('double', leastLogLikelihood)]);
  const sums = graph.sum(bounded, 2, { keep: false });
  const scores = graph.node('Add', [sums, graph.constant('constant', 'double', [classes], constant)]);
  return graph.cast(softmax(graph, scores), 'float');
}

/** K-means: the number of the nearest centre, the first of those that are equally near. */
export function exportKMeans(graph: OnnxGraph, features: string, { tensors, metadata }: ModelFile): string {
  const width = Number(metadata.feature_count);
  const count = Number(metadata.cluster_count);
  const centers = new TensorReader(tensors).take('centers', 'F64', [count, width]);
  const away = differences(graph, features, centers, [count, width]);
  const distances = graph.sum(graph.node('Mul', [away, away]), 2, { keep: false });
  return graph.node('ArgMin', [distances], { axis: 1, keepdims: 0 });
}

/** Principal components: rows in terms of them, in double precision. */
export function exportComponents(graph: OnnxGraph, features: string, pca: Pca): string {
  const { columnCount, componentCount, mean, components } = pca;
  const centred = graph.node('Sub', [
    graph.cast(features, 'double'),
    graph.constant('mean', 'double', [columnCount], mean),
  ]);
  const transposed = components.map((_, at) => {
    return components[(at % componentCount) * columnCount + Math.floor(at / componentCount)] as number;
  });
  const matrix = graph.constant('components', 'double', [columnCount, componentCount], transposed);
  return graph.cast(graph.node('MatMul', [centred, matrix]), 'float');
}
