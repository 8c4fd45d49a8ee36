import type { Column__Output } from '../../proto/gen/tenon/common/v1/index.js';
import type {
  ColumnProfile__Output,
  DatasetVersion__Output,
  RecipeStep__Output,
} from '../../proto/gen/tenon/data/v1/index.js';
import type {
  Candidate__Output,
  EstimatorSpec__Output,
  JobSpec__Output,
} from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { defaultSteps } from './default-recipe.js';
import { unknownColumn } from './errors.js';
import { defaultFolds, defaultTestFraction } from './limits.js';
import { cellsOf } from './memory.js';
import { checkMetric } from './metrics.js';
import type { AutomaticTable } from './search/automatic.js';
import type { DecidedTask } from './target.js';
import { taskOf } from './target.js';
import { isSearch } from './validate.js';
import { dividingColumn, foldCountOf, type ValidationPlan, validationPlanOf } from './validation.js';

/** What an estimator means for the rest of a spec. */
export interface EstimatorTraits {
  tasks: readonly DecidedTask[];
  /** Whether features of different scales mislead it. */
  scaled: boolean;
  /** Whether it splits columns of categories by sets of them. */
  categorical: boolean;
}

/** What the rest of a spec means for its estimators. */
export interface SpecTraits {
  /** The traits of an estimator by its name. Throws INVALID_FIELD at `field` if it is unknown. */
  traitsOf(estimator: string, field: string): EstimatorTraits;
  /** The candidates of an automatic search. */
  automatic(table: AutomaticTable): Candidate__Output[];
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
  const target = targetOf(spec, version);
  for (const [index, feature] of spec.features.entries()) {
    const column = columns.find(({ name }) => name === feature);
    if (column === undefined) throw unknownColumn(`job.spec.features[${index}]`, feature, names);
    if (column.type === 'COLUMN_TYPE_TIMESTAMP') {
      throw invalidField(`job.spec.features[${index}]`, feature, 'is a timestamp, which no recipe step encodes');
    }
  }
  const plan = validationPlanOf(spec);
  checkHelpers(spec, plan, columns);
  const kept = [spec.target, spec.weightColumn, dividingColumn(plan)];
  const usable = columns.filter(({ name, type }) => !kept.includes(name) && type !== 'COLUMN_TYPE_TIMESTAMP');
  const features = spec.features.length > 0 ? spec.features : usable.map(({ name }) => name);
  if (features.length === 0)
    throw invalidField('job.spec.features', features, 'must leave a column besides the target and timestamps');

  const given = spec.steps.length > 0 ? spec.steps : recipeSteps;
  checkStepColumns(given ?? [], features, 'job.spec.steps');
  const chosen = columns.filter(({ name }) => features.includes(name));
  const task = target === null ? 'TASK_CLUSTERING' : taskOf(spec.task, target.column, target.profile);
  checkMetric(spec.metric, task, task === 'TASK_CLASSIFICATION' ? (target?.profile.distinctCount ?? 0) : 0);
  /** The steps of an estimator that brings none. */
  const stepsFor = (estimator: EstimatorSpec__Output | null, field: string) => {
    const name = estimator?.estimator ?? '';
    const traits = traitsOf(name, `${field}.estimator`);
    if (!traits.tasks.includes(task)) {
      throw invalidField(`${field}.estimator`, name, `cannot do ${task}; it does ${traits.tasks.join(', ')}`);
    }
    return [...(given ?? defaultSteps(chosen, traits))];
  };
  if (plan !== null && 'stratified' in plan && plan.stratified && task !== 'TASK_CLASSIFICATION') {
    const at = spec.validation?.method === 'stratifiedKFold' ? plan.field : `${plan.field}.stratified`;
    throw invalidField(at, task, 'must be classification');
  }

  const testFraction = spec._testFraction === undefined ? defaultTestFraction : (spec.testFraction ?? 0);
  const decided = plan ?? defaultPlan(task, isSearch(spec));
  const rows = version.rowCount - (target?.profile.nullCount ?? 0);
  const trainRows = rows - Math.ceil(rows * testFraction);
  const folds = 'folds' in decided ? decided.folds : Math.min(1, foldCountOf(decided, trainRows));
  if (trainRows < Math.max(1, folds)) {
    const at = 'folds' in decided && plan !== null ? `${plan.field}.folds` : decided.field;
    const kind = target === null ? '' : ' with a target';
    throw invalidField(at, folds, `must be at most the ${trainRows} rows${kind} that are left to train on`);
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
      automatic: () => automatic({ task, rows, features: cellsOf(chosen), image: isImage(chosen) }),
    }),
    validation: validationMessage(decided),
    testFraction,
    _testFraction: 'testFraction',
  };
}

/** Two poolings by two leave something of a side this long. */
const leastImageSide = 8;

/** Whether the columns are one of images, which a convolutional network may look at. */
function isImage([only, ...others]: readonly Column__Output[]): boolean {
  const shape = only?.tensor?.shape ?? [];
  const plausible = others.length === 0 && (shape.length === 2 || shape.length === 3);
  return plausible && shape.slice(0, 2).every((side) => side >= leastImageSide);
}

/** The target column with its profile; null for clustering. Throws UNKNOWN_COLUMN. */
function targetOf(
  { target, task }: JobSpec__Output,
  { schema, profile: profiles }: DatasetVersion__Output,
): { column: Column__Output; profile: ColumnProfile__Output } | null {
  if (task === 'TASK_CLUSTERING') return null;
  const columns = schema?.columns ?? [];
  const column = columns.find(({ name }) => name === target);
  const profile = profiles.find(({ name }) => name === target);
  if (column !== undefined && profile !== undefined) return { column, profile };
  throw unknownColumn(
    'job.spec.target',
    target,
    columns.map(({ name }) => name),
  );
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

/** Checks the columns that divide or weigh rows. */
function checkHelpers(
  { weightColumn }: JobSpec__Output,
  plan: ValidationPlan | null,
  columns: readonly Column__Output[],
): void {
  const known = (name: string, field: string) => {
    const column = columns.find((each) => each.name === name);
    if (column !== undefined) return column;
    throw unknownColumn(
      field,
      name,
      columns.map((each) => each.name),
    );
  };
  if (weightColumn !== '') {
    const { type } = known(weightColumn, 'job.spec.weight_column');
    if (type !== 'COLUMN_TYPE_INTEGER' && type !== 'COLUMN_TYPE_DOUBLE') {
      throw invalidField('job.spec.weight_column', type, 'must be an integer or double column');
    }
  }
  const dividing = dividingColumn(plan);
  if (plan === null || dividing === '') return;
  const { type } = known(dividing, `${plan.field}.column`);
  if (type === 'COLUMN_TYPE_TENSOR') {
    throw invalidField(`${plan.field}.column`, type, 'must be a column of single values');
  }
  const timed = ['COLUMN_TYPE_TIMESTAMP', 'COLUMN_TYPE_INTEGER', 'COLUMN_TYPE_DOUBLE'].includes(type);
  if (plan.kind === 'forward' && !timed) {
    throw invalidField(`${plan.field}.column`, type, 'must be a timestamp, integer or double column');
  }
}

/** Five folds, with equal shares of each class where there are classes; none for a clustering by itself. */
function defaultPlan(task: DecidedTask, search: boolean): ValidationPlan {
  const field = 'job.spec.validation';
  if (task === 'TASK_CLUSTERING' && !search) return { kind: 'none', field };
  const stratified = task === 'TASK_CLASSIFICATION';
  return { kind: 'kFold', field, folds: defaultFolds, stratified, repeats: 1 };
}

/** A plan as the contract spells it, with nothing left open. */
function validationMessage(plan: ValidationPlan): NonNullable<JobSpec__Output['validation']> {
  switch (plan.kind) {
    case 'none':
      return { method: 'none', none: {} };
    case 'leaveOneOut':
      return { method: 'leaveOneOut', leaveOneOut: {} };
    case 'holdout':
      return { method: 'holdout', holdout: { fraction: plan.fraction } };
    case 'group': {
      const { folds, column, stratified } = plan;
      return { method: 'groupKFold', groupKFold: { folds, column, stratified } };
    }
    case 'forward': {
      const { folds, column, gap, testRows, trainRows } = plan;
      return { method: 'forwardChaining', forwardChaining: { folds, column, gap, testRows, trainRows } };
    }
    default: {
      const { folds, repeats, stratified } = plan;
      if (repeats > 1) return { method: 'repeatedKFold', repeatedKFold: { folds, repeats, stratified } };
      return stratified
        ? { method: 'stratifiedKFold', stratifiedKFold: { folds } }
        : { method: 'kFold', kFold: { folds } };
    }
  }
}
