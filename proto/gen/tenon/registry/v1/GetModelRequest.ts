// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * Request of GetModel.
 */
export interface GetModelRequest {
  /**
   * The model. Format: `models/{model}`.
   */
  'name'?: (string);
}

/**
 * Request of GetModel.
 */
export interface GetModelRequest__Output {
  /**
   * The model. Format: `models/{model}`.
   */
  'name': (string);
}
