import type { Cell } from '../table/table.js';

/** What an encoder does with a category that the training rows did not hold. */
export type UnknownCategory = 'error' | 'ignore';

/** How `fillMissing` finds its replacement; `default` is the median for numbers and the mode for text and booleans. */
export type FillStrategy = 'default' | 'mean' | 'median' | 'mode' | 'constant';

interface StepBase {
  /** The columns it applies to; empty means every input column of a type that the step can take. */
  readonly columns: readonly string[];
}

/** Replaces columns by principal components: so many, or as many as explain a share of the variance. */
export interface PcaStep extends StepBase {
  readonly kind: 'pca';
  /** 0 where `explainedVariance` decides. */
  readonly components: number;
  readonly explainedVariance: number;
  readonly whiten: boolean;
}

/** One step of a recipe: `tenon.data.v1.RecipeStep` with its defaults written out. */
export type RecipeStep =
  | (StepBase & { readonly kind: 'dropMissing' })
  | (StepBase & { readonly kind: 'fillMissing'; readonly strategy: FillStrategy; readonly constant: Cell })
  | (StepBase & { readonly kind: 'dropDuplicates' })
  | (StepBase & { readonly kind: 'standardize' })
  | (StepBase & { readonly kind: 'minMax'; readonly lower: number; readonly upper: number })
  | (StepBase & { readonly kind: 'maxAbs' })
  | (StepBase & { readonly kind: 'robust'; readonly lowerQuantile: number; readonly upperQuantile: number })
  | PcaStep
  | (StepBase & { readonly kind: 'oneHot'; readonly unknown: UnknownCategory; readonly maxCategories: number })
  | (StepBase & { readonly kind: 'ordinal'; readonly unknown: UnknownCategory });

/** The most steps a recipe may have. */
export const maxSteps = 100;

/** The most categories a one-hot column may have, and what is meant when the recipe does not say. */
export const maxCategories = { most: 10_000, unstated: 1_000 } as const;

/** The step's field in `tenon.data.v1.RecipeStep`. */
export const stepFields = {
  dropMissing: 'drop_missing',
  fillMissing: 'fill_missing',
  dropDuplicates: 'drop_duplicates',
  standardize: 'standardize',
  minMax: 'min_max',
  maxAbs: 'max_abs',
  robust: 'robust',
  pca: 'pca',
  oneHot: 'one_hot',
  ordinal: 'ordinal',
} as const;
