import type { RawTaskControl } from '../addon.js';
import type { RawBoosting, RawForest } from '../estimators/raw.js';

/** Trees laid out for explaining, in native memory; TreeShap in native/src/algorithms/tree_shap.h. */
export interface RawForestExplainer {
  readonly rawForestExplainer: never;
}

declare module '../addon.js' {
  interface Addon {
    /** Whether the training rows per node are known, which an explainer needs. */
    forestCovered(forest: RawForest): boolean;
    /** Of the trees' average for 0 sums, else of that many sums, tree t adding to sum t % sums. */
    forestExplainer(forest: RawForest, sums: number, control: RawTaskControl | null): Promise<RawForestExplainer>;
    boostingCovered(model: RawBoosting): boolean;
    /** Of the sums of a boosted model's trees, before the link. */
    boostingExplainer(model: RawBoosting, control: RawTaskControl | null): Promise<RawForestExplainer>;
    forestExplainerBaseValues(explainer: RawForestExplainer): Float64Array;
    forestExplain(
      explainer: RawForestExplainer,
      data: Float32Array,
      rowCount: number,
      control: RawTaskControl | null,
    ): Promise<Float64Array>;
    forestExplainerDispose(explainer: RawForestExplainer): void;
  }
}
