import type { Metric__Output, Signature__Output } from '../../proto/gen/tenon/common/v1/index.js';
import type { Lineage__Output } from '../../proto/gen/tenon/registry/v1/index.js';

/** A file of the version to come; its bytes are in the registry already. */
export interface PublishedFile {
  /** The name inside the version, `weights.safetensors`. */
  path: string;
  /** `artifacts/{sha256}`. */
  artifact: string;
  sizeBytes: number;
}

/** A trained model whose files are uploaded: all that is needed to register it, on disk before it is tried. */
export interface Publication {
  description: string;
  signature: Signature__Output;
  files: readonly PublishedFile[];
  metrics: readonly Metric__Output[];
  lineage: Lineage__Output;
}
