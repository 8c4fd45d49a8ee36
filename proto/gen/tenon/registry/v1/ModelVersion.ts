// Original file: proto/tenon/registry/v1/model.proto

import type { Signature as _tenon_common_v1_Signature, Signature__Output as _tenon_common_v1_Signature__Output } from '../../../tenon/common/v1/Signature.js';
import type { ArtifactFile as _tenon_registry_v1_ArtifactFile, ArtifactFile__Output as _tenon_registry_v1_ArtifactFile__Output } from '../../../tenon/registry/v1/ArtifactFile.js';
import type { Metric as _tenon_common_v1_Metric, Metric__Output as _tenon_common_v1_Metric__Output } from '../../../tenon/common/v1/Metric.js';
import type { Lineage as _tenon_registry_v1_Lineage, Lineage__Output as _tenon_registry_v1_Lineage__Output } from '../../../tenon/registry/v1/Lineage.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';

/**
 * One immutable version of a model: all that is needed to serve it.
 */
export interface ModelVersion {
  /**
   * The resource name. Format: `models/{model}/versions/{version}`; the version is a
   * counter from 1.
   */
  'name'?: (string);
  /**
   * What changed, at most 4,096 characters.
   */
  'description'?: (string);
  /**
   * What the version takes and gives.
   */
  'signature'?: (_tenon_common_v1_Signature | null);
  /**
   * The files: fitted recipe, weights, parity rows. 1 to 100, unique paths.
   */
  'files'?: (_tenon_registry_v1_ArtifactFile)[];
  /**
   * The quality measured at training, on held-out rows where there were any.
   */
  'metrics'?: (_tenon_common_v1_Metric)[];
  /**
   * Where the version came from.
   */
  'lineage'?: (_tenon_registry_v1_Lineage | null);
  /**
   * The sha256 of the version's manifest, in hexadecimal; output only.
   */
  'manifestDigest'?: (string);
  /**
   * When the version was created; output only.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
}

/**
 * One immutable version of a model: all that is needed to serve it.
 */
export interface ModelVersion__Output {
  /**
   * The resource name. Format: `models/{model}/versions/{version}`; the version is a
   * counter from 1.
   */
  'name': (string);
  /**
   * What changed, at most 4,096 characters.
   */
  'description': (string);
  /**
   * What the version takes and gives.
   */
  'signature': (_tenon_common_v1_Signature__Output | null);
  /**
   * The files: fitted recipe, weights, parity rows. 1 to 100, unique paths.
   */
  'files': (_tenon_registry_v1_ArtifactFile__Output)[];
  /**
   * The quality measured at training, on held-out rows where there were any.
   */
  'metrics': (_tenon_common_v1_Metric__Output)[];
  /**
   * Where the version came from.
   */
  'lineage': (_tenon_registry_v1_Lineage__Output | null);
  /**
   * The sha256 of the version's manifest, in hexadecimal; output only.
   */
  'manifestDigest': (string);
  /**
   * When the version was created; output only.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
}
