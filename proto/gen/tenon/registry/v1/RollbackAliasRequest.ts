// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * Request of RollbackAlias.
 */
export interface RollbackAliasRequest {
  /**
   * The model. Format: `models/{model}`.
   */
  'model'?: (string);
  /**
   * The alias; empty means `production`.
   */
  'alias'?: (string);
  /**
   * The model's etag, to refuse if it has changed; empty for no guard.
   */
  'etag'?: (string);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId'?: (string);
}

/**
 * Request of RollbackAlias.
 */
export interface RollbackAliasRequest__Output {
  /**
   * The model. Format: `models/{model}`.
   */
  'model': (string);
  /**
   * The alias; empty means `production`.
   */
  'alias': (string);
  /**
   * The model's etag, to refuse if it has changed; empty for no guard.
   */
  'etag': (string);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId': (string);
}
