// Original file: proto/tenon/registry/v1/model.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Where a version came from.
 */
export interface Lineage {
  /**
   * The data. Format: `datasets/{dataset}/versions/{version}`.
   */
  'datasetVersion'?: (string);
  /**
   * The data's sha256 in hexadecimal.
   */
  'datasetDigest'?: (string);
  /**
   * The job. Format: `jobs/{job}`.
   */
  'job'?: (string);
  /**
   * The estimator. Format: `estimators/{estimator}`.
   */
  'estimator'?: (string);
  /**
   * The estimator's parameters as JSON, defaults included.
   */
  'parametersJson'?: (string);
  /**
   * The seed.
   */
  'seed'?: (number | string | Long);
  /**
   * The instruction set the model was trained with: `scalar`, `avx2`, `avx512`, `amx`, `neon`.
   */
  'isa'?: (string);
  /**
   * The release of Tenon that trained it.
   */
  'tenonVersion'?: (string);
  /**
   * The version that this one was optimized from; empty where there is none.
   * Format: `models/{model}/versions/{version}`.
   */
  'parentVersion'?: (string);
  /**
   * What was done to it, for people; empty where there is no parent.
   */
  'optimization'?: (string);
}

/**
 * Where a version came from.
 */
export interface Lineage__Output {
  /**
   * The data. Format: `datasets/{dataset}/versions/{version}`.
   */
  'datasetVersion': (string);
  /**
   * The data's sha256 in hexadecimal.
   */
  'datasetDigest': (string);
  /**
   * The job. Format: `jobs/{job}`.
   */
  'job': (string);
  /**
   * The estimator. Format: `estimators/{estimator}`.
   */
  'estimator': (string);
  /**
   * The estimator's parameters as JSON, defaults included.
   */
  'parametersJson': (string);
  /**
   * The seed.
   */
  'seed': (number);
  /**
   * The instruction set the model was trained with: `scalar`, `avx2`, `avx512`, `amx`, `neon`.
   */
  'isa': (string);
  /**
   * The release of Tenon that trained it.
   */
  'tenonVersion': (string);
  /**
   * The version that this one was optimized from; empty where there is none.
   * Format: `models/{model}/versions/{version}`.
   */
  'parentVersion': (string);
  /**
   * What was done to it, for people; empty where there is no parent.
   */
  'optimization': (string);
}
