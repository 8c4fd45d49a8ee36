import type { DatasetVersion__Output, RecipeStep__Output } from '../../proto/gen/tenon/data/v1/index.js';
import type { JobSpec__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { defaultSteps } from './default-recipe.js';
import { unknownColumn } from './errors.js';
import { defaultTestFraction } from './limits.js';
import type { DecidedTask } from './target.js';
import { taskOf } from './target.js';
import { foldsOf } from './validate.js';

/** What a spec's estimator means for the rest of it. */
export interface EstimatorTraits {
  tasks: readonly DecidedTask[];
  linear: boolean;
}

/**
 * The spec with everything it leaves open written out, fitted to the data it names:
 * version, features, task, steps, folds and test share. `recipeSteps` are those of the
 * stored recipe, null where the spec names none. Throws UNKNOWN_COLUMN, WRONG_TYPE or
 * INVALID_FIELD. What only the rows can tell (the rarest class) is left to the worker.
 */
export function resolvedSpec(
  spec: JobSpec__Output,
  version: DatasetVersion__Output,
  recipeSteps: readonly RecipeStep__Output[] | null,
  estimator: EstimatorTraits,
): JobSpec__Output {
  const columns = version.schema?.columns ?? [];
  const names = columns.map(({ name }) => name);
  const target = columns.find(({ name }) => name === spec.target);
  const profile = version.profile.find(({ name }) => name === spec.target);
  if (target === undefined || profile === undefined) throw unknownColumn('job.spec.target', spec.target, names);
  for (const [index, feature] of spec.features.entries()) {
    const column = columns.find(({ name }) => name === feature);
    if (column === undefined) throw unknownColumn(`job.spec.features[${index}]`, feature, names);
    if (column.type === 'COLUMN_TYPE_TIMESTAMP') {
      throw invalidField(`job.spec.features[${index}]`, feature, 'is a timestamp, which no recipe step encodes');
    }
  }
  const usable = columns.filter(({ name, type }) => name !== spec.target && type !== 'COLUMN_TYPE_TIMESTAMP');
  const features = spec.features.length > 0 ? spec.features : usable.map(({ name }) => name);
  if (features.length === 0)
    throw invalidField('job.spec.features', features, 'must leave a column besides the target and timestamps');

  const given = spec.steps.length > 0 ? spec.steps : recipeSteps;
  for (const [index, step] of (given ?? []).entries()) {
    for (const [place, column] of step.columns.entries()) {
      if (!features.includes(column))
        throw unknownColumn(`job.spec.steps[${index}].columns[${place}]`, column, features);
    }
  }
  const chosen = columns.filter(({ name }) => features.includes(name));
  const task = taskOf(spec.task, target, profile);
  if (!estimator.tasks.includes(task)) {
    const bound = `cannot do ${task}; it does ${estimator.tasks.join(', ')}`;
    throw invalidField('job.spec.estimator.estimator', spec.estimator?.estimator, bound);
  }
  if (spec.validation?.method === 'stratifiedKFold' && task !== 'TASK_CLASSIFICATION') {
    throw invalidField('job.spec.validation.stratified_k_fold', task, 'must be classification');
  }

  const testFraction = spec._testFraction === undefined ? defaultTestFraction : (spec.testFraction ?? 0);
  const { folds, field } = foldsOf(spec);
  const rows = version.rowCount - profile.nullCount;
  const trainRows = rows - Math.ceil(rows * testFraction);
  if (trainRows < Math.max(1, folds)) {
    throw invalidField(field, folds, `must be at most the ${trainRows} rows with a target that are left to train on`);
  }
  return {
    ...spec,
    datasetVersion: version.name,
    features: [...features],
    task,
    steps: [...(given ?? defaultSteps(chosen, estimator))],
    validation: validationOf(spec, task, folds),
    testFraction,
    _testFraction: 'testFraction',
  };
}

function validationOf(spec: JobSpec__Output, task: DecidedTask, folds: number): JobSpec__Output['validation'] {
  if (folds === 0) return { method: 'none', none: {} };
  const stratified =
    spec.validation === null ? task === 'TASK_CLASSIFICATION' : spec.validation.method === 'stratifiedKFold';
  return stratified ? { method: 'stratifiedKFold', stratifiedKFold: { folds } } : { method: 'kFold', kFold: { folds } };
}
