// Original file: proto/tenon/data/v1/dataset_service.proto


/**
 * Request of GetRecipe.
 */
export interface GetRecipeRequest {
  /**
   * The recipe. Format: `recipes/{recipe}`.
   */
  'name'?: (string);
}

/**
 * Request of GetRecipe.
 */
export interface GetRecipeRequest__Output {
  /**
   * The recipe. Format: `recipes/{recipe}`.
   */
  'name': (string);
}
