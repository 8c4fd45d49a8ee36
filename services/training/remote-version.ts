import { createHash } from 'node:crypto';
import type { BundleFile, ScoringModel } from '../../native/bundle/bundle.js';
import { BundleError, bundlePaths, readBundle } from '../../native/bundle/bundle.js';
import { loadModel } from '../../native/estimators/load-model.js';
import type { Model } from '../../native/estimators/model.js';
import { ModelError } from '../../native/estimators/model-error.js';
import { SafetensorsError } from '../../native/safetensors.js';
import type {
  DownloadArtifactRequest,
  DownloadArtifactResponse__Output,
  GetModelVersionRequest,
  ModelVersion__Output,
} from '../../proto/gen/tenon/registry/v1/index.js';
import { TenonError } from '../mesh/errors.js';
import { callDeadlineMs, streamDeadlineMs } from './limits.js';
import type { StreamOptions } from './remote-data.js';

/** The part of the registry that gives versions and their bytes. */
export interface VersionSource {
  getModelVersion(request: GetModelVersionRequest, options: StreamOptions): Promise<ModelVersion__Output>;
  downloadArtifact(
    request: DownloadArtifactRequest,
    options: StreamOptions,
  ): AsyncIterable<DownloadArtifactResponse__Output>;
}

/** A version with the files that make it servable. */
export interface FetchedVersion {
  version: ModelVersion__Output;
  files: BundleFile[];
}

/**
 * Gets a version and its bundle. Throws RESOURCE_NOT_FOUND, MODEL_NOT_LOADABLE where a file is
 * missing, DIGEST_MISMATCH where bytes are not those of their name.
 */
export async function fetchVersion(
  source: VersionSource,
  name: string,
  options: Omit<StreamOptions, 'deadlineMs'>,
): Promise<FetchedVersion> {
  const version = await source.getModelVersion({ name }, { ...options, deadlineMs: callDeadlineMs });
  const files: BundleFile[] = [];
  for (const path of bundlePaths) {
    const file = version.files.find((other) => other.path === path);
    if (file === undefined) {
      const facts = { version: name, path };
      throw new TenonError({ reason: 'MODEL_NOT_LOADABLE', message: `${name} has no file ${path}`, facts });
    }
    files.push({ path, bytes: await download(source, file, options) });
  }
  return { version, files };
}

/** Gets the bytes of a file. Throws DIGEST_MISMATCH where they are not those of its name. */
export async function download(
  source: Pick<VersionSource, 'downloadArtifact'>,
  { path, artifact, sizeBytes }: ModelVersion__Output['files'][number],
  options: Omit<StreamOptions, 'deadlineMs'>,
): Promise<Buffer> {
  const hash = createHash('sha256');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const { chunk } of source.downloadArtifact(
    { name: artifact },
    { ...options, deadlineMs: streamDeadlineMs },
  )) {
    length += chunk.length;
    if (length > sizeBytes) break;
    hash.update(chunk);
    chunks.push(chunk);
  }
  if (length !== sizeBytes || `artifacts/${hash.digest('hex')}` !== artifact) {
    const message = `the bytes of ${path} do not match ${artifact} or its size, ${sizeBytes}`;
    throw new TenonError({ reason: 'DIGEST_MISMATCH', message, facts: { path, artifact } });
  }
  return Buffer.concat(chunks);
}

/** The version as a model that has reproduced its parity rows. Rejects with MODEL_NOT_LOADABLE. */
export async function scoringOf(files: readonly BundleFile[], name: string): Promise<ScoringModel & { model: Model }> {
  let scoring: ScoringModel | null = null;
  try {
    scoring = readBundle(files, loadModel);
    await scoring.verifyParity();
    // `loadModel` made it.
    return scoring as ScoringModel & { model: Model };
  } catch (error) {
    scoring?.dispose();
    const known = error instanceof BundleError || error instanceof ModelError || error instanceof SafetensorsError;
    if (!known) throw error;
    const message = `${name} cannot be loaded: ${error.message}`;
    throw new TenonError({ reason: 'MODEL_NOT_LOADABLE', message, facts: { version: name }, cause: error });
  }
}
