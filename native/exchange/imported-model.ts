import type { ModelFile } from '../estimators/model.js';

/** As many features, and as many classes, as a version of the registry may have. */
export const maxImportFeatures = 10_000;
export const maxImportClasses = 10_000;

/** How a feature is scaled before the model sees it: (x - center) × span + lower, or filled when it is missing. */
export interface FeatureStep {
  readonly fill: number | null;
  readonly center: number;
  readonly span: number;
  readonly lower: number;
}

/** A model of another library as one of ours. */
export interface ImportedModel {
  /** Of which library and how: `XGBoost JSON 3.2.0, binary:logistic, 100 trees`. */
  readonly origin: string;
  readonly model: ModelFile;
  readonly task: 'classification' | 'regression';
  /** 0 for regression. */
  readonly classCount: number;
  readonly featureCount: number;
  /** Whether the model scores missing features. */
  readonly acceptsMissing: boolean;
  /** Null where the file does not tell. */
  readonly featureNames: readonly string[] | null;
  /** The classes in the order of the probabilities, as text; null where the file does not tell. */
  readonly classes: readonly string[] | null;
  /** One per feature, in order of the features; null for none. */
  readonly steps: readonly (FeatureStep | null)[];
}
