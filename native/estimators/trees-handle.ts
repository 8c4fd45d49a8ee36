import type { Model } from './model.js';
import type { RawBoosting, RawForest } from './raw.js';

/** The trees of a model as native code holds them. */
export type TreesHandle =
  | { readonly kind: 'forest'; readonly forest: RawForest }
  | {
      readonly kind: 'boosting';
      readonly boosting: RawBoosting;
      /** Whether the sum of the trees is the logarithm of what is predicted. */
      readonly logarithmic: boolean;
    };

// A Model shows what every estimator has; its trees are known here alone.
const trees = new WeakMap<object, TreesHandle>();

/** Notes that a model has these trees, and returns the model. */
export function keepTrees(model: Model, handle: TreesHandle): Model {
  trees.set(model, handle);
  return model;
}

/** The trees of a model; undefined for other models. */
export function treesOf(model: object): TreesHandle | undefined {
  return trees.get(model);
}
