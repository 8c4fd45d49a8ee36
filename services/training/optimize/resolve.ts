import { resolveMetric } from '../../../native/metrics/catalogue.js';
import { MetricError } from '../../../native/metrics/metric-error.js';
import { optimizableEstimators, variantsOf } from '../../../native/optimize/variants.js';
import type { Column__Output, Signature__Output } from '../../../proto/gen/tenon/common/v1/index.js';
import type { DatasetVersion__Output, GetDatasetVersionRequest } from '../../../proto/gen/tenon/data/v1/index.js';
import type { GetModelVersionRequest, ModelVersion__Output } from '../../../proto/gen/tenon/registry/v1/index.js';
import type { JobSpec__Output, OptimizeSpec__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../../mesh/errors.js';
import { parseName } from '../../mesh/resource/name.js';
import type { CallContext } from '../../mesh/rpc/handler.js';
import { checkCells } from '../cells.js';
import { unknownColumn } from '../errors.js';
import { taskIdOf } from '../estimators.js';
import { emptySpec, type JobRecord } from '../job.js';
import { jobBoundsOf } from '../job-bounds.js';
import { cellsOf, checkMemory, featureColumns, memoryEstimate } from '../memory.js';
import type { DecidedTask } from '../target.js';
import type { MethodName } from './methods.js';
import { nameOfMethod } from './methods.js';

// A version is held as its files, as the original model, and as one variant with its file.
const memoryPerFileByte = 4;

/** What the lookup of an optimization stands on. */
export interface ResolveOptimizationParts {
  getModelVersion(request: GetModelVersionRequest, context: CallContext): Promise<ModelVersion__Output>;
  getDatasetVersion(request: GetDatasetVersionRequest, context: CallContext): Promise<DatasetVersion__Output>;
  getJob(name: string): Promise<JobRecord | null>;
  maxCells: number;
  /** In bytes. */
  maxMemory: number;
}

/** An optimization with nothing left open. */
export interface ResolvedOptimization {
  optimize: OptimizeSpec__Output;
  /** How the rows to measure on are read and divided. */
  spec: JobSpec__Output;
  datasetDigest: string;
}

/**
 * Looks up what an optimization names and writes it out: metric, methods, and where the rows come
 * from. Throws RESOURCE_NOT_FOUND, INVALID_FIELD, UNKNOWN_COLUMN or QUOTA_EXCEEDED.
 */
export async function resolveOptimization(
  asked: OptimizeSpec__Output,
  parts: ResolveOptimizationParts,
  context: CallContext,
): Promise<ResolvedOptimization> {
  const version = await parts.getModelVersion({ name: asked.modelVersion }, context);
  const { signature } = version;
  if (signature === null) throw invalidField('model_version', version.name, 'must have a signature');
  const methods = methodsFor(version, asked.methods);
  const metric = metricFor(signature, asked.metric);
  const rows = asked.evaluationDatasetVersion === '' ? await rowsOfJob(version, parts) : rowsOfDataset(asked, version);
  const dataset = await parts.getDatasetVersion({ name: rows.datasetVersion }, context);
  if (asked.evaluationDatasetVersion !== '') checkColumns(rows, signature, dataset);
  const { model } = parseName('models/{model}/versions/{version}', version.name, 'model_version');
  const spec = { ...rows, datasetVersion: dataset.name, model: `models/${model}`, metric, limits: asked.limits };
  checkCells(dataset.name, dataset.rowCount, cellsOf(featureColumns(spec, dataset)) + 1, parts.maxCells);
  const { maxMemoryBytes } = jobBoundsOf(spec, 'limits');
  const fileBytes = version.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  checkMemory(memoryEstimate(spec, dataset) + fileBytes * memoryPerFileByte, {
    asked: maxMemoryBytes,
    most: parts.maxMemory,
    field: 'limits.max_memory_bytes',
  });
  const evaluationDatasetVersion = asked.evaluationDatasetVersion === '' ? '' : dataset.name;
  return {
    optimize: { ...asked, metric, methods, evaluationDatasetVersion },
    spec,
    datasetDigest: dataset.digest,
  };
}

function methodsFor({ name, lineage }: ModelVersion__Output, asked: readonly MethodName[]): MethodName[] {
  const estimator = lineage?.estimator.replace('estimators/', '') ?? '';
  const maker = variantsOf(estimator);
  if (maker === undefined) {
    const known = optimizableEstimators().map((id) => `estimators/${id}`);
    const seen = estimator === '' ? `${name} without an estimator` : `${name} by estimators/${estimator}`;
    throw invalidField('model_version', seen, `must be trained by one of ${known.join(', ')}`);
  }
  const fitting = maker.methods.map(nameOfMethod);
  for (const [index, method] of asked.entries()) {
    if (!fitting.includes(method)) {
      throw invalidField(
        `methods[${index}]`,
        method,
        `must be one of ${fitting.join(', ')} for estimators/${estimator}`,
      );
    }
  }
  return asked.length > 0 ? [...asked] : fitting;
}

function metricFor({ task, classes }: Signature__Output, asked: string): string {
  const kind = taskIdOf(task as DecidedTask);
  try {
    return resolveMetric(asked, { task: kind, classCount: classes.length }, 'metric').name;
  } catch (error) {
    if (error instanceof MetricError) throw invalidField(error.field, error.seen, error.bound);
    throw error;
  }
}

/** The spec of the job that made the version: it says which rows were held out. */
async function rowsOfJob(
  { name, lineage }: ModelVersion__Output,
  parts: ResolveOptimizationParts,
): Promise<JobSpec__Output> {
  const refuse = (why: string) => invalidField('evaluation_dataset_version', '', `must be set: ${why}`);
  if (lineage === null || lineage.job === '') throw refuse(`the lineage of ${name} names no job`);
  const job = await parts.getJob(lineage.job);
  if (job?.result.modelVersion !== name) throw refuse(`${lineage.job}, which made ${name}, does not exist any more`);
  if (!job.spec.testFraction) throw refuse(`${lineage.job} held out no rows`);
  return { ...job.spec, alias: '' };
}

/** A spec that reads the version's columns from another dataset version and holds out nothing. */
function rowsOfDataset(
  { evaluationDatasetVersion, metric, limits }: OptimizeSpec__Output,
  { signature }: ModelVersion__Output,
): JobSpec__Output {
  return {
    ...emptySpec(),
    datasetVersion: evaluationDatasetVersion,
    target: signature?.target?.name ?? '',
    features: signature?.inputs?.columns.map(({ name }) => name) ?? [],
    task: signature?.task ?? 'TASK_UNSPECIFIED',
    metric,
    limits,
  };
}

function checkColumns(
  { features, target }: JobSpec__Output,
  { inputs, target: label }: Signature__Output,
  dataset: DatasetVersion__Output,
): void {
  const field = 'evaluation_dataset_version';
  const columns = dataset.schema?.columns ?? [];
  const names = columns.map(({ name }) => name);
  for (const name of [...features, target]) {
    const found = columns.find((column) => column.name === name);
    if (found === undefined) throw unknownColumn(field, name, names);
    const wanted = [...(inputs?.columns ?? []), ...(label === null ? [] : [label])].find((each) => each.name === name);
    if (wanted !== undefined && wanted.type !== found.type) {
      throw invalidField(field, `${name}: ${found.type}`, `must be ${wanted.type}, as the version's signature says`);
    }
    const [is, must] = [shapeOf(found.tensor), shapeOf(wanted?.tensor ?? null)];
    if (wanted !== undefined && is !== must) {
      throw invalidField(field, `${name}: ${is}`, `must be ${must}, as the version's signature says`);
    }
  }
}

/** The element type and shape of a tensor column: `DATA_TYPE_UINT8 [28, 28]`. */
function shapeOf(tensor: Column__Output['tensor']): string {
  return tensor === null ? '' : `${tensor.dtype} [${tensor.shape.join(', ')}]`;
}
