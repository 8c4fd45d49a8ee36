import type { ModelFile } from '../estimators/model.js';
import { TensorReader } from '../estimators/tensors.js';
import type { OnnxGraph } from './onnx-graph.js';

/** Of squared lengths this share is lost when they are subtracted: a distance below it is zero. */
const rounding = 1e-14;

/**
 * K nearest neighbours, in double precision; of equal distances the earlier row is nearer, as with ours. Euclidean and
 * cosine distances come from one matrix product; manhattan ones take rows × training rows × features doubles.
 */
export function exportNeighbors(graph: OnnxGraph, features: string, { tensors, metadata }: ModelFile): string {
  const width = Number(metadata.feature_count);
  const classCount = Number(metadata.class_count);
  const reader = new TensorReader(tensors);
  const rows = reader.take('rows', 'F32', [null, width]);
  const count = rows.length / width;
  const target = reader.take('target', 'F64', [count]);
  const votes = reader.has('weights') ? reader.take('weights', 'F64', [count]) : new Float64Array(count).fill(1);
  const asked = Math.min(count, Number(metadata.n_neighbors));
  const distances = distancesTo(graph, graph.cast(features, 'double'), { rows, count, width }, metadata.metric ?? '');
  const k = graph.constant('neighbours', 'int64', [1], [asked]);
  const [nearest, places] = topK(graph, distances, k);
  let weights = graph.node('Gather', [graph.constant('votes', 'double', [count], votes), places]);
  if (metadata.weights === 'distance') {
    const zero = graph.scalar('double', 0);
    const isZero = graph.node('Equal', [nearest, zero]);
    const touching = graph.node(
      'Cast',
      [graph.node('ReduceMax', [graph.cast(isZero, 'double')], { axes: { ints: [1] }, keepdims: 1 })],
      { to: 9 },
    );
    const only = graph.node('Where', [isZero, weights, zero]);
    // Where rows touch, the quotients are not used.
    const inverse = graph.node('Div', [weights, nearest]);
    weights = graph.node('Where', [touching, only, inverse]);
  }
  const outputs = Math.max(1, classCount);
  const answers = new Float64Array(count * outputs);
  for (const [row, value] of target.entries()) {
    if (classCount === 0) answers[row] = value;
    else answers[row * outputs + value] = 1;
  }
  const given = graph.node('Gather', [graph.constant('answers', 'double', [count, outputs], answers), places]);
  const weighed = graph.node('Mul', [given, graph.reshape(weights, [-1, asked, 1])]);
  const totals = graph.sum(weights, 1, { keep: true });
  return graph.cast(graph.node('Div', [graph.sum(weighed, 1, { keep: false }), totals]), 'float');
}

/** The smallest distances, ascending, and their places; equal ones in order of place. */
function topK(graph: OnnxGraph, distances: string, k: string): [string, string] {
  const values = graph.node('TopK', [distances, k], { axis: 1, largest: 0, sorted: 1 });
  return [values, graph.nodes.at(-1)?.outputs[1] ?? ''];
}

function distancesTo(
  graph: OnnxGraph,
  queries: string,
  { rows, count, width }: { rows: Float32Array; count: number; width: number },
  metric: string,
): string {
  const doubles = Float64Array.from(rows);
  if (metric === 'manhattan') {
    const others = graph.constant('rows', 'double', [1, count, width], doubles);
    const away = graph.node('Sub', [graph.reshape(queries, [-1, 1, width]), others]);
    return graph.sum(graph.node('Abs', [away]), 2, { keep: false });
  }
  const transposed = doubles.map((_, at) => doubles[(at % count) * width + Math.floor(at / count)] as number);
  const products = graph.node('MatMul', [queries, graph.constant('rows', 'double', [width, count], transposed)]);
  const squares = Float64Array.from({ length: count }, (_, row) =>
    doubles.subarray(row * width, (row + 1) * width).reduce((sum, value) => sum + value * value, 0),
  );
  const own = graph.sum(graph.node('Mul', [queries, queries]), 1, { keep: true });
  if (metric === 'cosine') {
    const lengths = graph.node('Mul', [
      graph.node('Sqrt', [own]),
      graph.constant('lengths', 'double', [1, count], squares.map(Math.sqrt)),
    ]);
    const one = graph.scalar('double', 1);
    const zero = graph.scalar('double', 0);
    const some = graph.node('Greater', [lengths, zero]);
    const cosine = graph.node('Div', [products, graph.node('Where', [some, lengths, one])]);
    const away = graph.node('Max', [graph.node('Sub', [one, cosine]), zero]);
    return graph.node('Where', [some, away, one]);
  }
  const both = graph.node('Add', [own, graph.constant('squares', 'double', [1, count], squares)]);
  const away = graph.node('Sub', [both, graph.node('Mul', [products, graph.scalar('double', 2)])]);
  const lost = graph.node('Mul', [both, graph.scalar('double', rounding)]);
  const far = graph.node('Greater', [away, lost]);
  return graph.node('Sqrt', [graph.node('Where', [far, away, graph.scalar('double', 0)])]);
}
