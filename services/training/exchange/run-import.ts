import type { BundleFile } from '../../../native/bundle/bundle.js';
import { BundleError } from '../../../native/bundle/bundle.js';
import { signatureMessage } from '../../../native/bundle/signature-message.js';
import { unsupported } from '../../../native/exchange/exchange-error.js';
import { importBundle } from '../../../native/exchange/import-bundle.js';
import { importModel } from '../../../native/exchange/import-model.js';
import type { Artifact__Output, GetArtifactRequest } from '../../../proto/gen/tenon/registry/v1/index.js';
import type { ImportSpec__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import { emptyResult } from '../job.js';
import { callDeadlineMs } from '../limits.js';
import type { ProgressMeter } from '../progress.js';
import type { PublishedFile } from '../publication.js';
import type { StreamOptions } from '../remote-data.js';
import { download, type VersionSource } from '../remote-version.js';
import type { Trained, WorkerJob } from '../worker-protocol.js';

/** The part of the registry that gives artifacts. */
export interface ArtifactSource extends Pick<VersionSource, 'downloadArtifact'> {
  getArtifact(request: GetArtifactRequest, options: StreamOptions): Promise<Artifact__Output>;
}

/** Gets the bytes of an artifact. Throws RESOURCE_NOT_FOUND, DIGEST_MISMATCH. */
export async function fetchArtifact(
  source: ArtifactSource,
  name: string,
  options: Omit<StreamOptions, 'deadlineMs'>,
): Promise<Buffer> {
  const { sizeBytes } = await source.getArtifact({ name }, { ...options, deadlineMs: callDeadlineMs });
  return download(source, { path: name, artifact: name, sizeBytes }, options);
}

/** What an import stands on besides its job. */
export interface ImportParts {
  fetchArtifact(name: string): Promise<Buffer>;
  /** Stores a file in the registry. */
  upload(file: BundleFile): Promise<PublishedFile>;
  meter: ProgressMeter;
  isa: string;
  tenonVersion: string;
  signal: AbortSignal;
}

/**
 * Reads a model of another library and uploads it as the files of a version. Rejects with ExchangeError for what is no
 * such model, or the signal's reason.
 */
export async function importArtifact(job: WorkerJob, spec: ImportSpec__Output, parts: ImportParts): Promise<Trained> {
  const { meter, signal } = parts;
  meter.enter('STAGE_READING');
  const bytes = await parts.fetchArtifact(spec.artifact);
  signal.throwIfAborted();
  const imported = importModel(bytes);
  const { files, signature, recipe, importances } = bundleOf(imported, spec);
  meter.enter('STAGE_REGISTERING');
  const uploaded: PublishedFile[] = [];
  for (const [index, file] of files.entries()) {
    signal.throwIfAborted();
    uploaded.push(await parts.upload(file));
    meter.step(index + 1, files.length);
  }
  const isKnown = importances.some((share) => share > 0);
  return {
    publication: {
      description: `Imported by ${job.name} from ${spec.artifact}: ${imported.origin}.`,
      signature: signatureMessage(signature, recipe.data),
      files: uploaded,
      metrics: [],
      lineage: {
        datasetVersion: '',
        datasetDigest: '',
        job: job.name,
        estimator: `estimators/${imported.model.metadata.estimator}`,
        parametersJson: '',
        seed: 0,
        isa: parts.isa,
        tenonVersion: parts.tenonVersion,
        parentVersion: '',
        optimization: '',
      },
    },
    result: {
      ...emptyResult(),
      features: [...recipe.featureNames],
      importances: isKnown ? [...importances] : [],
    },
  };
}

function bundleOf(imported: ReturnType<typeof importModel>, spec: ImportSpec__Output) {
  const names = { features: spec.featureNames, classes: spec.classes, target: spec.target };
  try {
    return importBundle(imported, names);
  } catch (error) {
    // Weights that are finite, but whose sums are not.
    if (error instanceof BundleError) throw unsupported('model', error.message, 'must give finite predictions');
    throw error;
  }
}
