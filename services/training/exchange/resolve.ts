import { maxImportBytes } from '../../../native/exchange/import-model.js';
import type {
  Artifact__Output,
  GetArtifactRequest,
  GetModelVersionRequest,
  ModelVersion__Output,
} from '../../../proto/gen/tenon/registry/v1/index.js';
import type { JobSpec__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import { TenonError } from '../../mesh/errors.js';
import { parseName } from '../../mesh/resource/name.js';
import type { CallContext } from '../../mesh/rpc/handler.js';
import { emptySpec, type JobExchange } from '../job.js';
import { jobBoundsOf } from '../job-bounds.js';
import { checkMemory } from '../memory.js';

// A file is held as bytes, as text, as parsed JSON and as arrays; JSON is what takes the most.
const memoryPerImportedByte = 24;
// A version is held as its files, as the model, and as the graph with its bytes.
const memoryPerExportedByte = 24;

/** What the lookup of an import or export stands on. */
export interface ResolveExchangeParts {
  getArtifact(request: GetArtifactRequest, context: CallContext): Promise<Artifact__Output>;
  getModelVersion(request: GetModelVersionRequest, context: CallContext): Promise<ModelVersion__Output>;
  /** In bytes. */
  maxMemory: number;
}

/**
 * Looks up the file to import or the version to export. Throws RESOURCE_NOT_FOUND, or QUOTA_EXCEEDED for one that is too
 * large.
 */
export async function resolveExchange(
  exchange: JobExchange,
  parts: ResolveExchangeParts,
  context: CallContext,
): Promise<{ spec: JobSpec__Output; exchange: JobExchange }> {
  const { limits } = exchange.spec;
  const { maxMemoryBytes } = jobBoundsOf(exchange.spec, 'spec.limits');
  const memory = { asked: maxMemoryBytes, most: parts.maxMemory, field: 'spec.limits.max_memory_bytes' };
  if (exchange.kind === 'import') {
    const { artifact, model, alias } = exchange.spec;
    const { sizeBytes } = await parts.getArtifact({ name: artifact }, context);
    if (sizeBytes > maxImportBytes) {
      const message = `spec.artifact: ${artifact} has ${sizeBytes} bytes, must have at most ${maxImportBytes}`;
      const facts = { field: 'spec.artifact', size_bytes: sizeBytes, bound: maxImportBytes };
      throw new TenonError({ reason: 'QUOTA_EXCEEDED', message, facts });
    }
    checkMemory(sizeBytes * memoryPerImportedByte, memory);
    return { exchange, spec: { ...emptySpec(), model, alias, limits } };
  }
  const version = await parts.getModelVersion({ name: exchange.spec.modelVersion }, context);
  const { model } = parseName('models/{model}/versions/{version}', version.name, 'spec.model_version');
  const bytes = version.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  checkMemory(bytes * memoryPerExportedByte, memory);
  const resolved = { ...exchange, spec: { ...exchange.spec, modelVersion: version.name } };
  return { exchange: resolved, spec: { ...emptySpec(), model: `models/${model}`, limits } };
}
