import type { Model } from './model.js';
import type { RawForest } from './raw.js';

// A Model shows what every estimator has; its trees are known here alone.
const forests = new WeakMap<Model, RawForest>();

/** Notes that a model is this forest, and returns the model. */
export function keepForest(model: Model, forest: RawForest): Model {
  forests.set(model, forest);
  return model;
}

/** The forest that a model is; undefined for other models. */
export function forestOf(model: Model): RawForest | undefined {
  return forests.get(model);
}
