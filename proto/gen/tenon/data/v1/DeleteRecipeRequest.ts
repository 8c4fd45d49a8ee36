// Original file: proto/tenon/data/v1/dataset_service.proto


/**
 * Request of DeleteRecipe.
 */
export interface DeleteRecipeRequest {
  /**
   * The recipe. Format: `recipes/{recipe}`.
   */
  'name'?: (string);
  /**
   * Guards against deleting what has changed; empty for no guard.
   */
  'etag'?: (string);
}

/**
 * Request of DeleteRecipe.
 */
export interface DeleteRecipeRequest__Output {
  /**
   * The recipe. Format: `recipes/{recipe}`.
   */
  'name': (string);
  /**
   * Guards against deleting what has changed; empty for no guard.
   */
  'etag': (string);
}
