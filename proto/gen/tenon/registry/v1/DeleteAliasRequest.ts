// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * Request of DeleteAlias.
 */
export interface DeleteAliasRequest {
  /**
   * The model. Format: `models/{model}`.
   */
  'model'?: (string);
  /**
   * The alias.
   */
  'alias'?: (string);
  /**
   * The model's etag, to refuse if it has changed; empty for no guard.
   */
  'etag'?: (string);
}

/**
 * Request of DeleteAlias.
 */
export interface DeleteAliasRequest__Output {
  /**
   * The model. Format: `models/{model}`.
   */
  'model': (string);
  /**
   * The alias.
   */
  'alias': (string);
  /**
   * The model's etag, to refuse if it has changed; empty for no guard.
   */
  'etag': (string);
}
