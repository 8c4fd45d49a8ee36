// Original file: proto/tenon/data/v1/dataset_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateRecipeRequest as _tenon_data_v1_CreateRecipeRequest, CreateRecipeRequest__Output as _tenon_data_v1_CreateRecipeRequest__Output } from '../../../tenon/data/v1/CreateRecipeRequest.js';
import type { DeleteRecipeRequest as _tenon_data_v1_DeleteRecipeRequest, DeleteRecipeRequest__Output as _tenon_data_v1_DeleteRecipeRequest__Output } from '../../../tenon/data/v1/DeleteRecipeRequest.js';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../google/protobuf/Empty.js';
import type { GetRecipeRequest as _tenon_data_v1_GetRecipeRequest, GetRecipeRequest__Output as _tenon_data_v1_GetRecipeRequest__Output } from '../../../tenon/data/v1/GetRecipeRequest.js';
import type { ListRecipesRequest as _tenon_data_v1_ListRecipesRequest, ListRecipesRequest__Output as _tenon_data_v1_ListRecipesRequest__Output } from '../../../tenon/data/v1/ListRecipesRequest.js';
import type { ListRecipesResponse as _tenon_data_v1_ListRecipesResponse, ListRecipesResponse__Output as _tenon_data_v1_ListRecipesResponse__Output } from '../../../tenon/data/v1/ListRecipesResponse.js';
import type { PreviewRecipeRequest as _tenon_data_v1_PreviewRecipeRequest, PreviewRecipeRequest__Output as _tenon_data_v1_PreviewRecipeRequest__Output } from '../../../tenon/data/v1/PreviewRecipeRequest.js';
import type { PreviewRecipeResponse as _tenon_data_v1_PreviewRecipeResponse, PreviewRecipeResponse__Output as _tenon_data_v1_PreviewRecipeResponse__Output } from '../../../tenon/data/v1/PreviewRecipeResponse.js';
import type { Recipe as _tenon_data_v1_Recipe, Recipe__Output as _tenon_data_v1_Recipe__Output } from '../../../tenon/data/v1/Recipe.js';
import type { UpdateRecipeRequest as _tenon_data_v1_UpdateRecipeRequest, UpdateRecipeRequest__Output as _tenon_data_v1_UpdateRecipeRequest__Output } from '../../../tenon/data/v1/UpdateRecipeRequest.js';

/**
 * Manages recipes.
 * 
 * - The service has a collection of `Recipe`, named `recipes/*`.
 */
export interface RecipeServiceClient extends grpc.Client {
  /**
   * Creates a recipe. Returns ALREADY_EXISTS if the name is taken.
   */
  CreateRecipe(argument: _tenon_data_v1_CreateRecipeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  CreateRecipe(argument: _tenon_data_v1_CreateRecipeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  CreateRecipe(argument: _tenon_data_v1_CreateRecipeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  CreateRecipe(argument: _tenon_data_v1_CreateRecipeRequest, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  /**
   * Creates a recipe. Returns ALREADY_EXISTS if the name is taken.
   */
  createRecipe(argument: _tenon_data_v1_CreateRecipeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  createRecipe(argument: _tenon_data_v1_CreateRecipeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  createRecipe(argument: _tenon_data_v1_CreateRecipeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  createRecipe(argument: _tenon_data_v1_CreateRecipeRequest, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  
  /**
   * Deletes a recipe. Models trained with it keep their own fitted copy. Returns
   * NOT_FOUND if it does not exist.
   */
  DeleteRecipe(argument: _tenon_data_v1_DeleteRecipeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteRecipe(argument: _tenon_data_v1_DeleteRecipeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteRecipe(argument: _tenon_data_v1_DeleteRecipeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteRecipe(argument: _tenon_data_v1_DeleteRecipeRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes a recipe. Models trained with it keep their own fitted copy. Returns
   * NOT_FOUND if it does not exist.
   */
  deleteRecipe(argument: _tenon_data_v1_DeleteRecipeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteRecipe(argument: _tenon_data_v1_DeleteRecipeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteRecipe(argument: _tenon_data_v1_DeleteRecipeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteRecipe(argument: _tenon_data_v1_DeleteRecipeRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  /**
   * Gets a recipe. Returns NOT_FOUND if it does not exist.
   */
  GetRecipe(argument: _tenon_data_v1_GetRecipeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  GetRecipe(argument: _tenon_data_v1_GetRecipeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  GetRecipe(argument: _tenon_data_v1_GetRecipeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  GetRecipe(argument: _tenon_data_v1_GetRecipeRequest, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  /**
   * Gets a recipe. Returns NOT_FOUND if it does not exist.
   */
  getRecipe(argument: _tenon_data_v1_GetRecipeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  getRecipe(argument: _tenon_data_v1_GetRecipeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  getRecipe(argument: _tenon_data_v1_GetRecipeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  getRecipe(argument: _tenon_data_v1_GetRecipeRequest, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists recipes, ordered by name.
   */
  ListRecipes(argument: _tenon_data_v1_ListRecipesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_ListRecipesResponse__Output>): grpc.ClientUnaryCall;
  ListRecipes(argument: _tenon_data_v1_ListRecipesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_ListRecipesResponse__Output>): grpc.ClientUnaryCall;
  ListRecipes(argument: _tenon_data_v1_ListRecipesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_ListRecipesResponse__Output>): grpc.ClientUnaryCall;
  ListRecipes(argument: _tenon_data_v1_ListRecipesRequest, callback: grpc.requestCallback<_tenon_data_v1_ListRecipesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists recipes, ordered by name.
   */
  listRecipes(argument: _tenon_data_v1_ListRecipesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_ListRecipesResponse__Output>): grpc.ClientUnaryCall;
  listRecipes(argument: _tenon_data_v1_ListRecipesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_ListRecipesResponse__Output>): grpc.ClientUnaryCall;
  listRecipes(argument: _tenon_data_v1_ListRecipesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_ListRecipesResponse__Output>): grpc.ClientUnaryCall;
  listRecipes(argument: _tenon_data_v1_ListRecipesRequest, callback: grpc.requestCallback<_tenon_data_v1_ListRecipesResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Fits a recipe on a version's training part and returns the first rows as the
   * estimator would see them. Returns NOT_FOUND if recipe or version do not exist.
   */
  PreviewRecipe(argument: _tenon_data_v1_PreviewRecipeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_PreviewRecipeResponse__Output>): grpc.ClientUnaryCall;
  PreviewRecipe(argument: _tenon_data_v1_PreviewRecipeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_PreviewRecipeResponse__Output>): grpc.ClientUnaryCall;
  PreviewRecipe(argument: _tenon_data_v1_PreviewRecipeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_PreviewRecipeResponse__Output>): grpc.ClientUnaryCall;
  PreviewRecipe(argument: _tenon_data_v1_PreviewRecipeRequest, callback: grpc.requestCallback<_tenon_data_v1_PreviewRecipeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Fits a recipe on a version's training part and returns the first rows as the
   * estimator would see them. Returns NOT_FOUND if recipe or version do not exist.
   */
  previewRecipe(argument: _tenon_data_v1_PreviewRecipeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_PreviewRecipeResponse__Output>): grpc.ClientUnaryCall;
  previewRecipe(argument: _tenon_data_v1_PreviewRecipeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_PreviewRecipeResponse__Output>): grpc.ClientUnaryCall;
  previewRecipe(argument: _tenon_data_v1_PreviewRecipeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_PreviewRecipeResponse__Output>): grpc.ClientUnaryCall;
  previewRecipe(argument: _tenon_data_v1_PreviewRecipeRequest, callback: grpc.requestCallback<_tenon_data_v1_PreviewRecipeResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Updates a recipe's display name or steps. Returns NOT_FOUND if it does not exist,
   * ABORTED if the etag differs.
   */
  UpdateRecipe(argument: _tenon_data_v1_UpdateRecipeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  UpdateRecipe(argument: _tenon_data_v1_UpdateRecipeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  UpdateRecipe(argument: _tenon_data_v1_UpdateRecipeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  UpdateRecipe(argument: _tenon_data_v1_UpdateRecipeRequest, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  /**
   * Updates a recipe's display name or steps. Returns NOT_FOUND if it does not exist,
   * ABORTED if the etag differs.
   */
  updateRecipe(argument: _tenon_data_v1_UpdateRecipeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  updateRecipe(argument: _tenon_data_v1_UpdateRecipeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  updateRecipe(argument: _tenon_data_v1_UpdateRecipeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  updateRecipe(argument: _tenon_data_v1_UpdateRecipeRequest, callback: grpc.requestCallback<_tenon_data_v1_Recipe__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Manages recipes.
 * 
 * - The service has a collection of `Recipe`, named `recipes/*`.
 */
export interface RecipeServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Creates a recipe. Returns ALREADY_EXISTS if the name is taken.
   */
  CreateRecipe: grpc.handleUnaryCall<_tenon_data_v1_CreateRecipeRequest__Output, _tenon_data_v1_Recipe>;
  
  /**
   * Deletes a recipe. Models trained with it keep their own fitted copy. Returns
   * NOT_FOUND if it does not exist.
   */
  DeleteRecipe: grpc.handleUnaryCall<_tenon_data_v1_DeleteRecipeRequest__Output, _google_protobuf_Empty>;
  
  /**
   * Gets a recipe. Returns NOT_FOUND if it does not exist.
   */
  GetRecipe: grpc.handleUnaryCall<_tenon_data_v1_GetRecipeRequest__Output, _tenon_data_v1_Recipe>;
  
  /**
   * Lists recipes, ordered by name.
   */
  ListRecipes: grpc.handleUnaryCall<_tenon_data_v1_ListRecipesRequest__Output, _tenon_data_v1_ListRecipesResponse>;
  
  /**
   * Fits a recipe on a version's training part and returns the first rows as the
   * estimator would see them. Returns NOT_FOUND if recipe or version do not exist.
   */
  PreviewRecipe: grpc.handleUnaryCall<_tenon_data_v1_PreviewRecipeRequest__Output, _tenon_data_v1_PreviewRecipeResponse>;
  
  /**
   * Updates a recipe's display name or steps. Returns NOT_FOUND if it does not exist,
   * ABORTED if the etag differs.
   */
  UpdateRecipe: grpc.handleUnaryCall<_tenon_data_v1_UpdateRecipeRequest__Output, _tenon_data_v1_Recipe>;
  
}

export interface RecipeServiceDefinition extends grpc.ServiceDefinition {
  CreateRecipe: MethodDefinition<_tenon_data_v1_CreateRecipeRequest, _tenon_data_v1_Recipe, _tenon_data_v1_CreateRecipeRequest__Output, _tenon_data_v1_Recipe__Output>
  DeleteRecipe: MethodDefinition<_tenon_data_v1_DeleteRecipeRequest, _google_protobuf_Empty, _tenon_data_v1_DeleteRecipeRequest__Output, _google_protobuf_Empty__Output>
  GetRecipe: MethodDefinition<_tenon_data_v1_GetRecipeRequest, _tenon_data_v1_Recipe, _tenon_data_v1_GetRecipeRequest__Output, _tenon_data_v1_Recipe__Output>
  ListRecipes: MethodDefinition<_tenon_data_v1_ListRecipesRequest, _tenon_data_v1_ListRecipesResponse, _tenon_data_v1_ListRecipesRequest__Output, _tenon_data_v1_ListRecipesResponse__Output>
  PreviewRecipe: MethodDefinition<_tenon_data_v1_PreviewRecipeRequest, _tenon_data_v1_PreviewRecipeResponse, _tenon_data_v1_PreviewRecipeRequest__Output, _tenon_data_v1_PreviewRecipeResponse__Output>
  UpdateRecipe: MethodDefinition<_tenon_data_v1_UpdateRecipeRequest, _tenon_data_v1_Recipe, _tenon_data_v1_UpdateRecipeRequest__Output, _tenon_data_v1_Recipe__Output>
}
