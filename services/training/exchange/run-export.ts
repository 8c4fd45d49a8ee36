import type { BundleFile } from '../../../native/bundle/bundle.js';
import { exportOnnx } from '../../../native/exchange/export-onnx.js';
import type { ExportSpec__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import { emptyResult } from '../job.js';
import type { ProgressMeter } from '../progress.js';
import type { PublishedFile } from '../publication.js';
import { type FetchedVersion, scoringOf } from '../remote-version.js';
import type { Trained } from '../worker-protocol.js';

/** What an export stands on besides its job. */
export interface ExportParts {
  fetchVersion(name: string): Promise<FetchedVersion>;
  /** Stores a file in the registry. */
  upload(file: BundleFile): Promise<PublishedFile>;
  meter: ProgressMeter;
}

/**
 * Writes a version as ONNX and uploads the file. Rejects with MODEL_NOT_LOADABLE if the version is none that can be read,
 * with ExchangeError for what ONNX cannot say.
 */
export async function exportVersion(
  spec: ExportSpec__Output,
  { fetchVersion, upload, meter }: ExportParts,
): Promise<Trained> {
  meter.enter('STAGE_READING');
  const { version, files } = await fetchVersion(spec.modelVersion);
  const scoring = await scoringOf(files, version.name);
  let bytes: Uint8Array;
  try {
    bytes = exportOnnx(scoring.model.toTensors(), { recipe: scoring.recipe.data, signature: scoring.signature });
  } finally {
    scoring.dispose();
  }
  meter.enter('STAGE_REGISTERING');
  const { artifact, sizeBytes } = await upload({ path: 'model.onnx', bytes });
  const result = { ...emptyResult(), exported: { artifact, sizeBytes, format: spec.format } };
  return { publication: null, result };
}
