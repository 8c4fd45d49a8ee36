// Original file: proto/tenon/data/v1/recipe.proto

import type { RecipeStep as _tenon_data_v1_RecipeStep, RecipeStep__Output as _tenon_data_v1_RecipeStep__Output } from '../../../tenon/data/v1/RecipeStep.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';

/**
 * An ordered list of cleaning and encoding steps. A recipe is fitted on training rows
 * only; the fitted recipe travels inside the model version, and serving applies it
 * with the code that training used.
 */
export interface Recipe {
  /**
   * The resource name. Format: `recipes/{recipe}`.
   */
  'name'?: (string);
  /**
   * A name for people, at most 128 characters.
   */
  'displayName'?: (string);
  /**
   * The steps, in order of application; at most 100.
   */
  'steps'?: (_tenon_data_v1_RecipeStep)[];
  /**
   * When the recipe was created; output only.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When the recipe last changed; output only.
   */
  'updateTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Changes with every change of the recipe.
   */
  'etag'?: (string);
}

/**
 * An ordered list of cleaning and encoding steps. A recipe is fitted on training rows
 * only; the fitted recipe travels inside the model version, and serving applies it
 * with the code that training used.
 */
export interface Recipe__Output {
  /**
   * The resource name. Format: `recipes/{recipe}`.
   */
  'name': (string);
  /**
   * A name for people, at most 128 characters.
   */
  'displayName': (string);
  /**
   * The steps, in order of application; at most 100.
   */
  'steps': (_tenon_data_v1_RecipeStep__Output)[];
  /**
   * When the recipe was created; output only.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When the recipe last changed; output only.
   */
  'updateTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Changes with every change of the recipe.
   */
  'etag': (string);
}
