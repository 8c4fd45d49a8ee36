import type { Signature__Output } from '../../proto/gen/tenon/common/v1/index.js';
import type { DeploymentRecord } from './deployment.js';

/** What makes a repeated CreateDeployment safe. */
export interface Idempotency {
  requestId: string;
  request: unknown;
}

/** One file of a version: all that is needed to find it in the local cache. */
export interface VersionFile {
  path: string;
  sha256: string;
  sizeBytes: number;
}

/** The files of a version that served: with them it loads while the registry is away. */
export interface VersionManifest {
  /** `models/{model}/versions/{version}`. */
  version: string;
  /** As it was registered. */
  signature: Signature__Output;
  files: readonly VersionFile[];
}

/** Deployments as they were asked for. Every write is on disk when its promise resolves. */
export interface DeploymentStore {
  /** What an earlier request with this id created, or null. Throws REQUEST_ID_REUSED for another request. */
  replay(idempotency: Idempotency): Promise<DeploymentRecord | null>;
  /**
   * Keeps a deployment unless `check` throws. Throws RESOURCE_EXISTS if the name is taken.
   * `created` is false where the request is a retry.
   */
  create(
    record: DeploymentRecord,
    idempotency: Idempotency,
    check: () => void,
  ): Promise<{ record: DeploymentRecord; created: boolean }>;
  /** At most `limit` deployments, ordered by name, after the name `after`. */
  list(limit: number, after: string | null): Promise<DeploymentRecord[]>;
  /** All deployments with the version that last served each, for a start. */
  all(): Promise<{ record: DeploymentRecord; served: VersionManifest | null }[]>;
  /** Changes a deployment. Throws RESOURCE_NOT_FOUND. */
  update(name: string, change: (record: DeploymentRecord) => DeploymentRecord): Promise<DeploymentRecord>;
  /** Remembers what serves; does nothing if the deployment is gone. */
  remember(record: Pick<DeploymentRecord, 'name' | 'uid'>, served: VersionManifest): Promise<void>;
  /** Deletes a deployment after `check` has looked at it. Throws RESOURCE_NOT_FOUND. */
  delete(name: string, check: (record: DeploymentRecord) => void): Promise<void>;
  close(): Promise<void>;
}
