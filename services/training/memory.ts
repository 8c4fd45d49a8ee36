import { totalmem } from 'node:os';
import type { DatasetVersion__Output } from '../../proto/gen/tenon/data/v1/index.js';
import type { JobSpec__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { formatBytes } from '../mesh/config/parse-value.js';
import { TenonError } from '../mesh/errors.js';

// What a job holds at its peak, from the sizes of the arrays in native/table and native/recipe.
const bytesPerCell = 9; // A double and its validity.
const bytesPerFeature = 4 + 4 + 1; // The features of the fit, those being scored, and their bins.
const baseBytes = 64 * 2 ** 20; // A process with the addon and no data.
const defaultCategories = 1_000;

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
  const widths = recipes.map((steps) => {
    const encoded = new Map<string, number>();
    for (const { step, columns, oneHot } of steps) {
      if (step !== 'oneHot') continue;
      const most = oneHot?.maxCategories || defaultCategories;
      const named = columns.length > 0 ? columns : spec.features;
      for (const name of named) {
        const distinct = version.profile.find((profile) => profile.name === name)?.distinctCount ?? 1;
        encoded.set(name, Math.max(1, Math.min(most, distinct)));
      }
    }
    return spec.features.reduce((sum, name) => sum + (encoded.get(name) ?? 1), 0);
  });
  const cells = version.rowCount * (spec.features.length + 1);
  return baseBytes + cells * bytesPerCell + version.rowCount * Math.max(...widths) * bytesPerFeature;
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
