import { createHash } from 'node:crypto';
import type { Metric, Signature__Output } from '../../proto/gen/tenon/common/v1/index.js';
import type { Lineage__Output, ModelVersion } from '../../proto/gen/tenon/registry/v1/index.js';
import { timestampOf } from '../mesh/resource/timestamp.js';
import { canonicalJson } from '../mesh/storage/canonical-json.js';
import { versionName } from './model.js';

/** A file of a version. */
export interface VersionFile {
  path: string;
  /** `artifacts/{sha256}`. */
  artifact: string;
  sizeBytes: number;
}

/** What a caller says of a version; it never changes. Plain JSON. */
export interface VersionContent {
  description: string;
  signature: Signature__Output;
  files: readonly VersionFile[];
  metrics: readonly Required<Metric>[];
  lineage: Lineage__Output | null;
}

/** A version as the store keeps it. Plain JSON. */
export interface VersionRecord {
  /** The id of its model. */
  model: string;
  /** Counts from 1. */
  version: number;
  content: VersionContent;
  /** 64 lower-case hexadecimal digits. */
  manifestDigest: string;
  /** Milliseconds since 1970. */
  createMs: number;
}

/** Which version of a model is meant. */
export type VersionPick = { version: number } | { alias: string } | 'latest';

/** The manifest of a version: canonical JSON of its name and content. */
export function manifestOf(model: string, version: number, content: VersionContent): string {
  return canonicalJson({ name: versionName(model, version), ...content });
}

/** The sha256 of the manifest, in hexadecimal. */
export function manifestDigestOf(model: string, version: number, content: VersionContent): string {
  return createHash('sha256')
    .update(manifestOf(model, version, content))
    .digest('hex');
}

/** The version as the contract shows it. */
export function toModelVersion({ model, version, content, manifestDigest, createMs }: VersionRecord): ModelVersion {
  return {
    name: versionName(model, version),
    description: content.description,
    signature: content.signature,
    files: [...content.files],
    metrics: [...content.metrics],
    lineage: content.lineage,
    manifestDigest,
    createTime: timestampOf(createMs),
  };
}
