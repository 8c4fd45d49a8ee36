import type { Model, ModelFile } from '../estimators/model.js';
import type { Matrix } from '../table/matrix.js';

/** What may be done to a model. */
export type OptimizationMethod = 'fewer-trees' | 'prune' | 'merge-leaves' | 'quantize' | 'reduce' | 'pack';

/** A smaller or faster form of a model, ready for `loadModel`. */
export interface Variant {
  /** What was done, for people: `half of the trees, 16-bit leaf values`. */
  readonly description: string;
  /** In the order in which they were applied. */
  readonly methods: readonly OptimizationMethod[];
  readonly file: ModelFile;
}

/** What makers of variants are given. */
export interface VariantRequest {
  /** The methods that may be used. */
  readonly methods: ReadonlySet<OptimizationMethod>;
  /** Rows as the model takes them, for makers that must see what comes: some hundred are enough. */
  readonly calibrationRows: Matrix;
  /** Thousands of them, for makers that learn from rows; made when asked for. */
  trainingRows(): Matrix;
  readonly signal?: AbortSignal | undefined;
}

/** Makes variants of the models of some estimators. */
export interface VariantMaker {
  /** Ids of the catalogue. */
  readonly estimators: readonly string[];
  readonly methods: readonly OptimizationMethod[];
  /** What methods need that the model lacks, in words that begin with "needs"; absent where none ever lacks anything. */
  lacking?(model: Model): ReadonlyMap<OptimizationMethod, string>;
  /** Gives one variant after the other; each is to be used before the next is asked for. */
  variants(model: Model, request: VariantRequest): Iterable<Variant> | AsyncIterable<Variant>;
}
