import type { ForeignTree } from './foreign-tree.js';
import type { FeatureStep } from './imported-model.js';
import type { OnnxTensor } from './onnx.js';

// What a tensor of a graph is known to be, found by following the graph from its inputs. A tensor of which nothing is
// known is no error: labels, for one, are worked out by nodes that a model of ours has no use for.

/** A column of features: which input it comes from and what was done to it. */
export interface FeatureColumn extends FeatureStep {
  readonly source: number;
}

/** Weighted sums and what becomes of each. */
export interface DenseLayer {
  readonly inputs: number;
  readonly units: number;
  /** inputs × units, row-major. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
  readonly activation: 'identity' | 'relu' | 'tanh' | 'logistic';
}

/** Where scores come from. */
export type ScoreSource =
  | { readonly kind: 'layers'; readonly layers: readonly DenseLayer[] }
  | {
      readonly kind: 'trees';
      readonly trees: readonly ForeignTree[];
      /** `sum` adds the trees up, `average` divides by how many there are. */
      readonly aggregate: 'sum' | 'average';
      readonly base: readonly number[];
    };

/**
 * What became of scores: nothing; the probability of class 1 of two, of class 0, or both; one per class, summing to one or
 * not, or scaled to one.
 */
export type ScoreFinish =
  | 'none'
  | 'logistic'
  | 'complement'
  | 'both'
  | 'softmax'
  | 'each'
  | 'one-vs-rest'
  | 'shares'
  | 'exp';

/** Scores of a row. */
export interface Scores {
  readonly kind: 'scores';
  readonly columns: readonly FeatureColumn[];
  readonly source: ScoreSource;
  /** How many there are per row. */
  readonly units: number;
  readonly finish: ScoreFinish;
  readonly classes: readonly string[] | null;
}

/** What is known of a tensor. */
export type OnnxValue =
  | { readonly kind: 'features'; readonly columns: readonly FeatureColumn[] }
  | Scores
  | { readonly kind: 'constant'; readonly tensor: OnnxTensor }
  /** Whether each of these columns is missing. */
  | { readonly kind: 'missing'; readonly columns: readonly FeatureColumn[] }
  /** The place of the largest score. */
  | { readonly kind: 'winner' }
  | { readonly kind: 'unknown'; readonly at: string; readonly seen: unknown; readonly bound: string };
