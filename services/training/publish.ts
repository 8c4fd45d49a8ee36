import { createHash } from 'node:crypto';
import type {
  CreateModelRequest,
  CreateModelVersionRequest,
  Model,
  ModelVersion,
  SetAliasRequest,
} from '../../proto/gen/tenon/registry/v1/index.js';
import { TenonError } from '../mesh/errors.js';
import type { JobRecord } from './job.js';
import type { Publication } from './publication.js';

/** The three calls of the registry that make a version known. */
export interface VersionRegistry {
  createModel(request: CreateModelRequest): Promise<Model>;
  createModelVersion(request: CreateModelVersionRequest): Promise<ModelVersion>;
  setAlias(request: SetAliasRequest): Promise<Model>;
}

/**
 * The request id of one step of a job's registration: the same however often the job or
 * the service is started again, different for a later job of the same name.
 */
export function requestIdOf(job: Pick<JobRecord, 'name' | 'uid'>, step: string): string {
  return createHash('sha256').update(`${job.name}\n${job.uid}\n${step}`).digest('hex');
}

/**
 * Registers a job's version: creates the model if there is none, the version, and points
 * the alias at it. Repeating it, after an unknown outcome too, changes nothing more.
 * Returns the version's name.
 */
export async function publishVersion(
  registry: VersionRegistry,
  job: JobRecord,
  { description, signature, files, metrics, lineage }: Publication,
): Promise<string> {
  const { model, alias } = job.spec;
  // A version that is optimized has its model; one that was deleted meanwhile is not to come back.
  if (job.optimize === null) await createModel();
  async function createModel(): Promise<void> {
    try {
      await registry.createModel({ model: { name: model }, requestId: requestIdOf(job, 'model') });
    } catch (error) {
      if (!(error instanceof TenonError && error.reason === 'RESOURCE_EXISTS')) throw error;
    }
  }
  const version = await registry.createModelVersion({
    parent: model,
    version: { description, signature, files: [...files], metrics: [...metrics], lineage },
    requestId: requestIdOf(job, 'version'),
  });
  const name = version.name ?? '';
  if (alias !== '') {
    await registry.setAlias({ model, alias, version: name, requestId: requestIdOf(job, 'alias') });
  }
  return name;
}
