import { fitRecipe } from '../../native/recipe/fit-recipe.js';
import type { FittedRecipe } from '../../native/recipe/fitted-recipe.js';
import { stepsFromMessage } from '../../native/recipe/from-message.js';
import { columnTypeNamed } from '../../native/table/from-chunks.js';
import { type ColumnShape, tableFromRows } from '../../native/table/from-rows.js';
import type { Cell, ColumnType } from '../../native/table/table.js';
import { elementCount, elementTypeNamed } from '../../native/table/tensor-type.js';
import type { Column__Output } from '../../proto/gen/tenon/common/v1/index.js';
import type {
  DatasetVersion__Output,
  GetDatasetVersionRequest,
  GetRecipeRequest,
  Recipe__Output,
  RecipeStep__Output,
} from '../../proto/gen/tenon/data/v1/index.js';
import type { EstimatorSpec__Output, JobSpec__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import type { CallContext } from '../mesh/rpc/handler.js';
import { checkCells } from './cells.js';
import { categoricalColumns, columnParametersOf, columnRolesOf } from './column-parameters.js';
import type { EstimatorInfo, ParameterValue } from './estimators.js';
import { parameterValues, taskNamed } from './estimators.js';
import { jobBoundsOf } from './job-bounds.js';
import { resolvedSpec } from './job-spec.js';
import { cellsOf, checkMemory, featureColumns, memoryEstimate } from './memory.js';
import { refusalOf } from './refusal.js';
import { automaticCandidates } from './search/automatic.js';
import { candidatesOf, ofCombination } from './search/candidates.js';

/** Estimators that look at one feature at a time, so that its scale does not matter. */
const scaleFree: ReadonlySet<string> = new Set([
  'random-forest',
  'extra-trees',
  'gradient-boosting',
  'gaussian-naive-bayes',
  'multinomial-naive-bayes',
]);

/** What the lookup of a spec stands on. */
export interface ResolveParts {
  getDatasetVersion(request: GetDatasetVersionRequest, context: CallContext): Promise<DatasetVersion__Output>;
  getRecipe(request: GetRecipeRequest, context: CallContext): Promise<Recipe__Output>;
  catalogue: readonly EstimatorInfo[];
  /** All parameters of an estimator, those not given at their default. Throws INVALID_FIELD below `field`. */
  resolveParameters(
    estimator: string,
    given: Readonly<Record<string, ParameterValue>>,
    field: string,
  ): Readonly<Record<string, ParameterValue>>;
  maxCells: number;
  /** In bytes. */
  maxMemory: number;
}

/** A spec with nothing left open, and the digest of its data. */
export interface Resolved {
  spec: JobSpec__Output;
  datasetDigest: string;
}

/**
 * Looks up what a spec names and writes it out: `latest`, the recipe's steps,
 * task, folds and shares. Parameters are checked, and the whole recipe is tried on the
 * data's schema, so that what can only fail fails here. Throws RESOURCE_NOT_FOUND, INVALID_FIELD, UNKNOWN_COLUMN, WRONG_TYPE or
 * QUOTA_EXCEEDED.
 */
export async function resolveJob(asked: JobSpec__Output, parts: ResolveParts, context: CallContext): Promise<Resolved> {
  if (asked.estimator !== null) checkEstimator(asked.estimator, parts, 'job.spec.estimator');
  for (const [index, { estimator }] of asked.candidates.entries()) {
    if (estimator !== null) checkEstimator(estimator, parts, `job.spec.candidates[${index}].estimator`);
  }
  const [version, recipe] = await Promise.all([
    parts.getDatasetVersion({ name: asked.datasetVersion }, context),
    asked.recipe === '' ? null : parts.getRecipe({ name: asked.recipe }, context),
  ]);
  const spec = resolvedSpec(asked, version, recipe?.steps ?? null, {
    traitsOf(name, field) {
      const { id, tasks, parameters } = estimatorNamed(name, parts.catalogue, field);
      const categorical = parameters.some((parameter) => parameter.name === categoricalColumns.name);
      return { tasks: tasks.map(taskNamed), scaled: !scaleFree.has(id), categorical };
    },
    automatic: (table) => automaticCandidates(table, parts.catalogue),
  });
  await tryCandidates(spec, version, parts);
  const columns = featureColumns(spec, version);
  checkCells(version.name, version.rowCount, cellsOf(columns) + 1, parts.maxCells);
  const { maxMemoryBytes } = jobBoundsOf(spec);
  checkMemory(memoryEstimate(spec, version), { asked: maxMemoryBytes, most: parts.maxMemory });
  return { spec, datasetDigest: version.digest };
}

function estimatorNamed(name: string, catalogue: readonly EstimatorInfo[], field: string): EstimatorInfo {
  const info = catalogue.find(({ id }) => `estimators/${id}` === name);
  if (info !== undefined) return info;
  const known = catalogue.map(({ id }) => `estimators/${id}`).join(', ');
  throw invalidField(field, name, `must be one of ${known}`);
}

/**
 * Throws INVALID_FIELD for an unknown estimator or a wrong parameter. Parameters are kept as given: what is written out
 * could not be sent again, as some go only with some values of others.
 */
function checkEstimator({ estimator, parameters }: EstimatorSpec__Output, parts: ResolveParts, field: string): void {
  const info = estimatorNamed(estimator, parts.catalogue, `${field}.estimator`);
  const at = `${field}.parameters`;
  parts.resolveParameters(info.id, parameterValues(parameters, at), at);
}

/** Checks the columns that parameters name against what the recipe leaves of them. */
function checkColumns(
  { estimator, parameters }: EstimatorSpec__Output,
  recipe: FittedRecipe,
  classCount: number,
  { catalogue }: ResolveParts,
  field: string,
): void {
  const at = `${field}.parameters`;
  const known = estimatorNamed(estimator, catalogue, `${field}.estimator`).parameters;
  const { columns } = columnParametersOf(known, parameterValues(parameters, at), at);
  columnRolesOf(columns, recipe.data, classCount);
}

/** Checks every combination that the job will score: its parameters, and its recipe on the data's schema. */
async function tryCandidates(
  spec: JobSpec__Output,
  { schema, profile }: DatasetVersion__Output,
  parts: ResolveParts,
): Promise<void> {
  const columns = schema?.columns ?? [];
  const classified = spec.task === 'TASK_CLASSIFICATION';
  const classes = classified ? (profile.find(({ name }) => name === spec.target)?.distinctCount ?? 0) : 0;
  if (spec.candidates.length === 0) {
    const recipe = await tryRecipe(spec.steps, columns, spec.features, 'job.spec.steps');
    if (spec.estimator !== null) checkColumns(spec.estimator, recipe, classes, parts, 'job.spec.estimator');
    return;
  }
  const tried = new Map<string, FittedRecipe>();
  for (const candidate of candidatesOf(spec, parts.catalogue)) {
    const field = `job.spec.candidates[${candidate.source}]`;
    try {
      checkEstimator(candidate.estimator, parts, `${field}.estimator`);
      const steps = JSON.stringify(candidate.steps);
      const known = tried.get(steps);
      const recipe = known ?? (await tryRecipe(candidate.steps, columns, spec.features, `${field}.steps`));
      tried.set(steps, recipe);
      checkColumns(candidate.estimator, recipe, classes, parts, `${field}.estimator`);
    } catch (error) {
      throw ofCombination(error, candidate);
    }
  }
}

const samples = { boolean: false, integer: 0, double: 0, string: '', timestamp: 0 } as const satisfies Record<
  Exclude<ColumnType, 'tensor'>,
  unknown
>;

/** The shape of a column as `tableFromRows` takes it, and a made-up value; null for a type that is not known. */
function sampleOf({ name, type, tensor }: Column__Output): { shape: ColumnShape; cell: Cell } | null {
  const known = columnTypeNamed(type);
  if (known === undefined) return null;
  if (known !== 'tensor') return { shape: { name, type: known }, cell: samples[known] };
  const dtype = elementTypeNamed(tensor?.dtype ?? '');
  if (tensor === null || dtype === undefined) return null;
  const elements = elementCount(tensor.shape);
  const cell = dtype === 'u8' ? new Uint8Array(elements) : new Float32Array(elements);
  return { shape: { name, type: known, dtype, shape: tensor.shape }, cell };
}

/** Fits the steps on one made-up row of the schema: types, names and encodings show, values do not matter. */
async function tryRecipe(
  messages: readonly RecipeStep__Output[],
  columns: readonly Column__Output[],
  features: readonly string[],
  field: string,
): Promise<FittedRecipe> {
  const known = columns.flatMap((column) => sampleOf(column) ?? []);
  try {
    const table = tableFromRows(
      known.map(({ shape }) => shape),
      [known.map(({ cell }) => cell)],
    );
    const steps = stepsFromMessage(messages, field);
    const fields = { steps: field, inputs: 'job.spec.features' };
    return await fitRecipe(steps, table, { inputs: features, fields, schemaOnly: true });
  } catch (error) {
    throw refusalOf(error);
  }
}
