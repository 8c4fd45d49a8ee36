import type { Signature } from '../bundle/signature.js';
import type { Pca } from '../decomposition/pca.js';
import type { ModelFile } from '../estimators/model.js';
import { type Reduction, reductionIn } from '../estimators/reduced-model.js';
import type { FittedRecipeData } from '../recipe/fitted-recipe-data.js';
import { unsupported } from './exchange-error.js';
import { exportComponents, exportGaussianBayes, exportKMeans } from './export-distances.js';
import { exportLinear } from './export-linear.js';
import { exportNeighbors } from './export-neighbors.js';
import { exportNetwork } from './export-network.js';
import { exportRecipe } from './export-recipe.js';
import { exportBoosting, exportForest } from './export-trees.js';
import { mlDomain } from './onnx.js';
import { OnnxGraph } from './onnx-graph.js';
import { writeOnnx } from './onnx-write.js';

// Read by ONNX Runtime since 1.15, of 2023.
const opsets = new Map([
  ['', 17],
  [mlDomain, 3],
]);

/** The most bytes that a Protocol Buffers message may have. */
const maxBytes = 2 ** 31 - 1;

type Exporter = (graph: OnnxGraph, features: string, file: ModelFile) => string;

const exporters: Readonly<Record<string, Exporter>> = {
  'random-forest': exportForest,
  'extra-trees': exportForest,
  'gradient-boosting': exportBoosting,
  'linear-regression': exportLinear,
  'logistic-regression': exportLinear,
  'linear-svm': exportLinear,
  'multinomial-naive-bayes': exportLinear,
  'k-nearest-neighbors': exportNeighbors,
  'gaussian-naive-bayes': exportGaussianBayes,
  'neural-network': exportNetwork,
  'k-means': exportKMeans,
};

/** What a graph takes and gives besides the model itself. */
export interface ExportContext {
  /** Raw columns in front of the features; null for a graph that takes the features, `features` of rows × features floats. */
  readonly recipe: FittedRecipeData | null;
  /** The classes' names and type; null for their numbers. */
  readonly signature: Pick<Signature, 'classes' | 'target'> | null;
}

/**
 * A trained model as an .onnx file. It gives `label` and `probabilities` for classification, `prediction` (rows × 1) for
 * regression, `cluster` for clustering. Throws ExchangeError for what ONNX cannot say.
 */
export function exportOnnx(given: ModelFile, { recipe, signature }: ExportContext): Uint8Array {
  const reduced = reductionIn(given);
  const file = reduced?.model ?? given;
  const { estimator = '' } = file.metadata;
  const exporter = Object.hasOwn(exporters, estimator) ? exporters[estimator] : undefined;
  if (exporter === undefined) {
    throw unsupported('model', estimator, `must be one of ${Object.keys(exporters).join(', ')}`);
  }
  const graph = new OnnxGraph();
  const features =
    recipe === null
      ? graph.input('features', 'float', reduced?.reduction.featureCount ?? Number(file.metadata.feature_count))
      : exportRecipe(graph, recipe);
  const seen = reduced === null ? features : exportReduction(graph, features, reduced.reduction);
  const scores = exporter(graph, seen, file);
  const classCount = Number(file.metadata.class_count ?? 0);
  if (estimator === 'k-means') graph.output('cluster', scores, 'int64', null);
  else if (classCount === 0) graph.output('prediction', scores, 'float', 1);
  else {
    const winner = graph.node('ArgMax', [scores], { axis: 1, keepdims: 0 });
    const { classes, target } = signature ?? { classes: [], target: null };
    const whole =
      signature === null || (target?.type === 'integer' && classes.every((name) => Number.isSafeInteger(Number(name))));
    const numbers = signature === null ? Array.from({ length: classCount }, (_, index) => index) : classes.map(Number);
    const names = whole
      ? graph.constant('classes', 'int64', [classCount], numbers)
      : graph.constant('classes', 'string', [classCount], classes);
    graph.output('label', graph.node('Gather', [names, winner]), whole ? 'int64' : 'string', null);
    graph.output('probabilities', scores, 'float', classCount);
  }
  return bytesOf(graph, estimator);
}

/** Principal components as an .onnx file: `features` of rows × columns floats become `components`. */
export function exportPcaOnnx(pca: Pca): Uint8Array {
  const graph = new OnnxGraph();
  const features = graph.input('features', 'float', pca.columnCount);
  graph.output('components', exportComponents(graph, features, pca), 'float', pca.componentCount);
  return bytesOf(graph, 'pca');
}

function exportReduction(graph: OnnxGraph, features: string, reduction: Reduction): string {
  const { featureCount, componentCount, weights } = reduction;
  return graph.node('MatMul', [
    features,
    graph.constant('reduction', 'float', [featureCount, componentCount], weights),
  ]);
}

function bytesOf(graph: OnnxGraph, estimator: string): Uint8Array {
  const { nodes, constants, inputs, outputs } = graph;
  const metadata = { estimator };
  const bytes = writeOnnx({ producer: 'tenon', opsets, metadata, nodes, constants, inputs, outputs });
  if (bytes.length > maxBytes) throw unsupported('model', bytes.length, `bytes must be at most ${maxBytes} as ONNX`);
  return bytes;
}
