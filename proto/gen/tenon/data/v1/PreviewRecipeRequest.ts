// Original file: proto/tenon/data/v1/dataset_service.proto

import type { RecipeStep as _tenon_data_v1_RecipeStep, RecipeStep__Output as _tenon_data_v1_RecipeStep__Output } from '../../../tenon/data/v1/RecipeStep.js';

/**
 * Request of PreviewRecipe.
 */
export interface PreviewRecipeRequest {
  /**
   * The version. Format: `datasets/{dataset}/versions/{version}`, or `latest`.
   */
  'datasetVersion'?: (string);
  /**
   * The steps to fit; a stored recipe's when `recipe` is set instead.
   */
  'steps'?: (_tenon_data_v1_RecipeStep)[];
  /**
   * A stored recipe. Format: `recipes/{recipe}`. Refused together with `steps`.
   */
  'recipe'?: (string);
  /**
   * The target column, which the recipe leaves alone; empty for none.
   */
  'target'?: (string);
  /**
   * The most rows to return, 0 to 1,000; 0 means 10.
   */
  'rowCount'?: (number);
}

/**
 * Request of PreviewRecipe.
 */
export interface PreviewRecipeRequest__Output {
  /**
   * The version. Format: `datasets/{dataset}/versions/{version}`, or `latest`.
   */
  'datasetVersion': (string);
  /**
   * The steps to fit; a stored recipe's when `recipe` is set instead.
   */
  'steps': (_tenon_data_v1_RecipeStep__Output)[];
  /**
   * A stored recipe. Format: `recipes/{recipe}`. Refused together with `steps`.
   */
  'recipe': (string);
  /**
   * The target column, which the recipe leaves alone; empty for none.
   */
  'target': (string);
  /**
   * The most rows to return, 0 to 1,000; 0 means 10.
   */
  'rowCount': (number);
}
