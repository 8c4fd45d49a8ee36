import type { TaskOptions } from '../cancel.js';
import type { Matrix } from '../table/matrix.js';
import type { Model, ModelFile, Task } from './model.js';
import type { ParameterDefinition, ParameterValue } from './parameters.js';

/** The estimators there are. */
export type EstimatorId =
  | 'random-forest'
  | 'gradient-boosting'
  | 'extra-trees'
  | 'linear-regression'
  | 'logistic-regression'
  | 'linear-svm'
  | 'k-nearest-neighbors'
  | 'gaussian-naive-bayes'
  | 'multinomial-naive-bayes'
  | 'neural-network'
  | 'convolutional-network'
  | 'k-means';

/** Something that can be trained, as people see it. */
export interface EstimatorDefinition {
  readonly id: EstimatorId;
  readonly displayName: string;
  readonly description: string;
  readonly tasks: readonly Task[];
  /** Whether rows with missing features (NaN) can be trained on and scored. */
  readonly acceptsMissing: boolean;
  /** Whether columns can be declared categorical; not by default. */
  readonly acceptsCategorical?: boolean;
  /** Whether predictions can be made to rise or fall with a column; not by default. */
  readonly acceptsMonotone?: boolean;
  /** Whether a fit can be kept on its way and gone on with; not by default. */
  readonly resumable?: boolean;
  /** Whether it learns from the shape of images, so that a fit is told it; not by default. */
  readonly usesImageShape?: boolean;
  /** In the order they are best read. */
  readonly parameters: readonly ParameterDefinition[];
}

/** A fit whose arguments have been checked. */
export interface CheckedFit {
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly task: Task;
  readonly features: Matrix;
  /** Empty for clustering. */
  readonly target: Float64Array;
  /** 0 unless the task is classification. */
  readonly classCount: number;
  /** The rows to learn from; null for all. */
  readonly rows: Uint32Array | null;
  /**
   * How much each row of `features` counts; null for all alike. Positive and finite for every row to
   * learn from: rows of weight zero are no longer among `rows`.
   */
  readonly weights: Float64Array | null;
  /** 1 for each column that holds numbers of categories; null for none. */
  readonly categorical: Uint8Array | null;
  /** 1 for each column with which predictions must not fall, -1 must not rise, else 0; null for none. */
  readonly monotone: Int8Array | null;
  /**
   * What the columns of a row are where they are the elements of an image: [height, width] or [height, width, channels],
   * row-major, their product the number of columns. Null where that is not known or `usesImageShape` is not set.
   */
  readonly imageShape: readonly number[] | null;
  readonly seed: number;
}

/** An estimator: what it is, how it learns, how it is loaded. */
export interface Estimator {
  readonly definition: EstimatorDefinition;
  /** Set where `fit` itself refuses features that are not finite, on the way through them; by default they have been. */
  readonly refusesNotFinite?: true;
  fit(request: CheckedFit, options: TaskOptions): Promise<Model>;
  /** Builds the model from tensors of any origin. Throws ModelError. */
  load(file: ModelFile): Model;
}
