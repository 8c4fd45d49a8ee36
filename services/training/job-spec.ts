import type { DatasetVersion__Output, RecipeStep__Output } from '../../proto/gen/tenon/data/v1/index.js';
import type {
  Candidate__Output,
  EstimatorSpec__Output,
  JobSpec__Output,
} from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { defaultSteps } from './default-recipe.js';
import { unknownColumn } from './errors.js';
import { defaultTestFraction } from './limits.js';
import { checkMetric } from './metrics.js';
import type { DecidedTask } from './target.js';
import { taskOf } from './target.js';
import { foldsOf } from './validate.js';

/** What an estimator means for the rest of a spec. */
export interface EstimatorTraits {
  tasks: readonly DecidedTask[];
  /** Whether features of different scales mislead it. */
  scaled: boolean;
}

/** What the rest of a spec means for its estimators. */
export interface SpecTraits {
  /** The traits of an estimator by its name. Throws INVALID_FIELD at `field` if it is unknown. */
  traitsOf(estimator: string, field: string): EstimatorTraits;
  /** The candidates of an automatic search. */
  automatic(table: { task: DecidedTask; rows: number; features: number }): Candidate__Output[];
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
  { traitsOf, automatic }: SpecTraits,
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
  checkStepColumns(given ?? [], features, 'job.spec.steps');
  const chosen = columns.filter(({ name }) => features.includes(name));
  const task = taskOf(spec.task, target, profile);
  checkMetric(spec.metric, task);
  /** The steps of an estimator that brings none. */
  const stepsFor = (estimator: EstimatorSpec__Output | null, field: string) => {
    const name = estimator?.estimator ?? '';
    const traits = traitsOf(name, `${field}.estimator`);
    if (!traits.tasks.includes(task)) {
      throw invalidField(`${field}.estimator`, name, `cannot do ${task}; it does ${traits.tasks.join(', ')}`);
    }
    return [...(given ?? defaultSteps(chosen, traits))];
  };
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
    ...choiceOf(spec, {
      steps: given ?? [],
      stepsFor,
      features,
      automatic: () => automatic({ task, rows, features: features.length }),
    }),
    validation: validationOf(spec, task, folds),
    testFraction,
    _testFraction: 'testFraction',
  };
}

/** Steps and candidates with nothing left open. */
function choiceOf(
  spec: JobSpec__Output,
  parts: {
    steps: readonly RecipeStep__Output[];
    features: readonly string[];
    stepsFor(estimator: EstimatorSpec__Output | null, field: string): RecipeStep__Output[];
    automatic(): Candidate__Output[];
  },
): Pick<JobSpec__Output, 'steps' | 'candidates'> {
  const { steps, features, stepsFor } = parts;
  const candidates = spec.search?.strategy === 'automatic' ? parts.automatic() : spec.candidates;
  if (candidates.length === 0) return { steps: stepsFor(spec.estimator, 'job.spec.estimator'), candidates };
  return {
    steps: [...steps],
    candidates: candidates.map((candidate, index) => {
      const field = `job.spec.candidates[${index}]`;
      checkStepColumns(candidate.steps, features, `${field}.steps`);
      const inherited = stepsFor(candidate.estimator, `${field}.estimator`);
      return { ...candidate, steps: candidate.steps.length > 0 ? candidate.steps : inherited };
    }),
  };
}

function checkStepColumns(steps: readonly RecipeStep__Output[], features: readonly string[], field: string): void {
  for (const [index, step] of steps.entries()) {
    for (const [place, column] of step.columns.entries()) {
      if (!features.includes(column)) throw unknownColumn(`${field}[${index}].columns[${place}]`, column, features);
    }
  }
}

function validationOf(spec: JobSpec__Output, task: DecidedTask, folds: number): JobSpec__Output['validation'] {
  if (folds === 0) return { method: 'none', none: {} };
  const stratified =
    spec.validation === null ? task === 'TASK_CLASSIFICATION' : spec.validation.method === 'stratifiedKFold';
  return stratified ? { method: 'stratifiedKFold', stratifiedKFold: { folds } } : { method: 'kFold', kFold: { folds } };
}
