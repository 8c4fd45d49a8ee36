// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * Request of SetAlias.
 */
export interface SetAliasRequest {
  /**
   * The model. Format: `models/{model}`.
   */
  'model'?: (string);
  /**
   * The alias, 1 to 63 characters of `[a-z0-9-]`, starting with a letter; not `latest`.
   */
  'alias'?: (string);
  /**
   * The version. Format: `models/{model}/versions/{version}`.
   */
  'version'?: (string);
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
 * Request of SetAlias.
 */
export interface SetAliasRequest__Output {
  /**
   * The model. Format: `models/{model}`.
   */
  'model': (string);
  /**
   * The alias, 1 to 63 characters of `[a-z0-9-]`, starting with a letter; not `latest`.
   */
  'alias': (string);
  /**
   * The version. Format: `models/{model}/versions/{version}`.
   */
  'version': (string);
  /**
   * The model's etag, to refuse if it has changed; empty for no guard.
   */
  'etag': (string);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId': (string);
}
