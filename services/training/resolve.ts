import { fitRecipe } from '../../native/recipe/fit-recipe.js';
import { stepsFromMessage } from '../../native/recipe/from-message.js';
import { columnTypeNamed } from '../../native/table/from-chunks.js';
import { tableFromRows } from '../../native/table/from-rows.js';
import type { ColumnType } from '../../native/table/table.js';
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
import type { EstimatorInfo, ParameterValue } from './estimators.js';
import { parameterValues, taskNamed } from './estimators.js';
import { resolvedSpec } from './job-spec.js';
import { refusalOf } from './refusal.js';

const linearEstimators: ReadonlySet<string> = new Set(['linear-regression', 'logistic-regression']);

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
  const { info, estimator } = resolvedEstimator(asked.estimator, parts);
  const [version, recipe] = await Promise.all([
    parts.getDatasetVersion({ name: asked.datasetVersion }, context),
    asked.recipe === '' ? null : parts.getRecipe({ name: asked.recipe }, context),
  ]);
  const traits = { tasks: info.tasks.map(taskNamed), linear: linearEstimators.has(info.id) };
  const spec = resolvedSpec({ ...asked, estimator }, version, recipe?.steps ?? null, traits);
  tryRecipe(spec.steps, version.schema?.columns ?? [], spec.features);
  checkCells(version.name, version.rowCount, spec.features.length + 1, parts.maxCells);
  return { spec, datasetDigest: version.digest };
}

function resolvedEstimator(
  asked: EstimatorSpec__Output | null,
  { catalogue, resolveParameters }: ResolveParts,
): { info: EstimatorInfo; estimator: EstimatorSpec__Output } {
  const name = asked?.estimator ?? '';
  const info = catalogue.find(({ id }) => `estimators/${id}` === name);
  if (info === undefined) {
    const known = catalogue.map(({ id }) => `estimators/${id}`).join(', ');
    throw invalidField('job.spec.estimator.estimator', name, `must be one of ${known}`);
  }
  const field = 'job.spec.estimator.parameters';
  // Kept as given: what is written out could not be sent again, as some go only with some values of others.
  const parameters = asked?.parameters ?? {};
  resolveParameters(info.id, parameterValues(parameters), field);
  return { info, estimator: { estimator: name, parameters } };
}

const samples = { boolean: false, integer: 0, double: 0, string: '', timestamp: 0 } as const satisfies Record<
  ColumnType,
  unknown
>;

/** Fits the steps on one made-up row of the schema: types, names and encodings show, values do not matter. */
function tryRecipe(
  messages: readonly RecipeStep__Output[],
  columns: readonly Column__Output[],
  features: readonly string[],
): void {
  const shapes = columns.flatMap(({ name, type }) => {
    const known = columnTypeNamed(type);
    return known === undefined ? [] : [{ name, type: known }];
  });
  try {
    const table = tableFromRows(shapes, [shapes.map(({ type }) => samples[type])]);
    const steps = stepsFromMessage(messages, 'job.spec.steps');
    fitRecipe(steps, table, { inputs: features, fields: { steps: 'job.spec.steps', inputs: 'job.spec.features' } });
  } catch (error) {
    throw refusalOf(error);
  }
}
