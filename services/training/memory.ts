import { totalmem } from 'node:os';
import { elementBytes, elementCount, elementTypeNamed } from '../../native/table/tensor-type.js';
import type { Column__Output } from '../../proto/gen/tenon/common/v1/index.js';
import type { DatasetVersion__Output } from '../../proto/gen/tenon/data/v1/index.js';
import type { JobSpec__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { formatBytes } from '../mesh/config/parse-value.js';
import { TenonError } from '../mesh/errors.js';

// What a job holds at its peak, from the sizes of the arrays in native/table and native/recipe.
const bytesPerCell = 9; // A double and its validity.
const bytesPerFeature = 4 + 4 + 2; // The features of the fit, those being scored, and their bins by row and by column.
const baseBytes = 64 * 2 ** 20; // A process with the addon and no data.
const defaultCategories = 1_000;
/** The types that one_hot takes where it names no columns. */
const encodable: ReadonlySet<string> = new Set(['COLUMN_TYPE_STRING', 'COLUMN_TYPE_BOOLEAN', 'COLUMN_TYPE_INTEGER']);

/** The part of the machine's memory that jobs may use where no option says. */
export function defaultMaxMemory(): number {
  return Math.floor(totalmem() * 0.75);
}

/**
 * The memory that a resolved job needs at most, in bytes, judged from the profile of its data before any of it is read:
 * cells and targets, and the widest features that its recipes make of them.
 */
export function memoryEstimate(spec: JobSpec__Output, version: DatasetVersion__Output): number {
  const recipes = spec.candidates.length > 0 ? spec.candidates.map(({ steps }) => steps) : [spec.steps];
  const columns = featureColumns(spec, version);
  const widths = recipes.map((steps) => {
    const encoded = new Map<string, number>();
    for (const { step, columns: named, oneHot } of steps) {
      if (step !== 'oneHot') continue;
      const most = oneHot?.maxCategories || defaultCategories;
      const all = columns.filter(({ type }) => encodable.has(type)).map(({ name }) => name);
      for (const name of named.length > 0 ? named : all) {
        const distinct = version.profile.find((profile) => profile.name === name)?.distinctCount ?? 1;
        encoded.set(name, Math.max(1, Math.min(most, distinct)));
      }
    }
    return columns.reduce((sum, column) => sum + (encoded.get(column.name) ?? cellsOf([column])), 0);
  });
  const rowBytes = columns.reduce((sum, { tensor }) => sum + tensorBytes(tensor), 0);
  const scalars = columns.filter(({ tensor }) => tensor === null).length + 1;
  const { rowCount } = version;
  return baseBytes + rowCount * (scalars * bytesPerCell + rowBytes + Math.max(...widths) * bytesPerFeature);
}

/** The columns of a version that a spec predicts from. */
export function featureColumns(spec: JobSpec__Output, version: DatasetVersion__Output): Column__Output[] {
  return (version.schema?.columns ?? []).filter(({ name }) => spec.features.includes(name));
}

/** The cells of one row of these columns; each element of a tensor is one. */
export function cellsOf(columns: readonly Pick<Column__Output, 'tensor'>[]): number {
  return columns.reduce((sum, { tensor }) => sum + (tensor === null ? 1 : elementCount(tensor.shape)), 0);
}

/** What a tensor takes while it is read: as it arrives, and in the table. */
function tensorBytes(tensor: Column__Output['tensor']): number {
  const dtype = elementTypeNamed(tensor?.dtype ?? '');
  return tensor === null || dtype === undefined ? 0 : 2 * elementBytes[dtype] * elementCount(tensor.shape);
}

/** Refuses a job that needs more. Throws QUOTA_EXCEEDED with the estimate, the bound and the option that sets it. */
export function checkMemory(
  estimate: number,
  { asked, most, field = 'job.spec.limits.max_memory_bytes' }: { asked: number | null; most: number; field?: string },
): void {
  const bound = Math.min(asked ?? most, most);
  if (estimate <= bound) return;
  const option = bound === asked ? field : 'training.max-memory';
  throw new TenonError({
    reason: 'QUOTA_EXCEEDED',
    message: `the job needs about ${formatBytes(Math.ceil(estimate / 2 ** 20) * 2 ** 20)} of memory; ${option} is ${formatBytes(bound)}`,
    facts: { estimated_bytes: estimate, bound, option },
  });
}
