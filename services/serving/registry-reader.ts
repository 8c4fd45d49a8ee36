import type {
  DownloadArtifactRequest,
  DownloadArtifactResponse__Output,
  GetModelVersionRequest,
  ModelVersion__Output,
  WatchModelRequest,
  WatchModelResponse__Output,
} from '../../proto/gen/tenon/registry/v1/index.js';
import type { CallContext } from '../mesh/rpc/handler.js';

/** The bounds of one call to the registry. */
export interface RegistryCallOptions {
  deadlineMs: number;
  signal?: AbortSignal;
  /** The call on whose behalf this one is made. */
  parent?: CallContext;
}

/** What serving needs of the registry: a part of its client. */
export interface RegistryReader {
  getModelVersion(request: GetModelVersionRequest, options: RegistryCallOptions): Promise<ModelVersion__Output>;
  watchModel(request: WatchModelRequest, options: RegistryCallOptions): AsyncIterable<WatchModelResponse__Output>;
  downloadArtifact(
    request: DownloadArtifactRequest,
    options: RegistryCallOptions,
  ): AsyncIterable<DownloadArtifactResponse__Output>;
}
