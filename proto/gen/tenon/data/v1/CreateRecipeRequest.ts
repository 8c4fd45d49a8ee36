// Original file: proto/tenon/data/v1/dataset_service.proto

import type { Recipe as _tenon_data_v1_Recipe, Recipe__Output as _tenon_data_v1_Recipe__Output } from '../../../tenon/data/v1/Recipe.js';

/**
 * Request of CreateRecipe.
 */
export interface CreateRecipeRequest {
  /**
   * The recipe to create; `name` says where.
   */
  'recipe'?: (_tenon_data_v1_Recipe | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId'?: (string);
}

/**
 * Request of CreateRecipe.
 */
export interface CreateRecipeRequest__Output {
  /**
   * The recipe to create; `name` says where.
   */
  'recipe': (_tenon_data_v1_Recipe__Output | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId': (string);
}
