// Original file: proto/tenon/data/v1/dataset_service.proto

import type { Recipe as _tenon_data_v1_Recipe, Recipe__Output as _tenon_data_v1_Recipe__Output } from '../../../tenon/data/v1/Recipe.js';
import type { FieldMask as _google_protobuf_FieldMask, FieldMask__Output as _google_protobuf_FieldMask__Output } from '../../../google/protobuf/FieldMask.js';

/**
 * Request of UpdateRecipe.
 */
export interface UpdateRecipeRequest {
  /**
   * The recipe with its new values; `name` names it, `etag` guards it when set.
   */
  'recipe'?: (_tenon_data_v1_Recipe | null);
  /**
   * The fields to change: `display_name`, `steps`. Empty means both.
   */
  'updateMask'?: (_google_protobuf_FieldMask | null);
}

/**
 * Request of UpdateRecipe.
 */
export interface UpdateRecipeRequest__Output {
  /**
   * The recipe with its new values; `name` names it, `etag` guards it when set.
   */
  'recipe': (_tenon_data_v1_Recipe__Output | null);
  /**
   * The fields to change: `display_name`, `steps`. Empty means both.
   */
  'updateMask': (_google_protobuf_FieldMask__Output | null);
}
