// Original file: proto/tenon/training/v1/search.proto

import type { EstimatorSpec as _tenon_training_v1_EstimatorSpec, EstimatorSpec__Output as _tenon_training_v1_EstimatorSpec__Output } from '../../../tenon/training/v1/EstimatorSpec.js';
import type { RecipeStep as _tenon_data_v1_RecipeStep, RecipeStep__Output as _tenon_data_v1_RecipeStep__Output } from '../../../tenon/data/v1/RecipeStep.js';
import type { SearchDimension as _tenon_training_v1_SearchDimension, SearchDimension__Output as _tenon_training_v1_SearchDimension__Output } from '../../../tenon/training/v1/SearchDimension.js';

/**
 * An estimator, optionally with a recipe of its own, and the values to try.
 */
export interface Candidate {
  /**
   * The estimator with the parameters that stay the same.
   */
  'estimator'?: (_tenon_training_v1_EstimatorSpec | null);
  /**
   * The recipe's steps; empty for those of the job.
   */
  'steps'?: (_tenon_data_v1_RecipeStep)[];
  /**
   * The parameters to vary, at most 20; none means the candidate as it stands.
   */
  'space'?: (_tenon_training_v1_SearchDimension)[];
}

/**
 * An estimator, optionally with a recipe of its own, and the values to try.
 */
export interface Candidate__Output {
  /**
   * The estimator with the parameters that stay the same.
   */
  'estimator': (_tenon_training_v1_EstimatorSpec__Output | null);
  /**
   * The recipe's steps; empty for those of the job.
   */
  'steps': (_tenon_data_v1_RecipeStep__Output)[];
  /**
   * The parameters to vary, at most 20; none means the candidate as it stands.
   */
  'space': (_tenon_training_v1_SearchDimension__Output)[];
}
