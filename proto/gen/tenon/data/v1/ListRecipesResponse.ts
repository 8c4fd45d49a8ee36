// Original file: proto/tenon/data/v1/dataset_service.proto

import type { Recipe as _tenon_data_v1_Recipe, Recipe__Output as _tenon_data_v1_Recipe__Output } from '../../../tenon/data/v1/Recipe.js';

/**
 * Response of ListRecipes.
 */
export interface ListRecipesResponse {
  /**
   * The recipes of this page.
   */
  'recipes'?: (_tenon_data_v1_Recipe)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken'?: (string);
}

/**
 * Response of ListRecipes.
 */
export interface ListRecipesResponse__Output {
  /**
   * The recipes of this page.
   */
  'recipes': (_tenon_data_v1_Recipe__Output)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken': (string);
}
