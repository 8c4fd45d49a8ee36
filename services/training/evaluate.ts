import { performance } from 'node:perf_hooks';
import { classificationMetrics } from '../../native/metrics/classification-metrics.js';
import type { Metric } from '../../native/metrics/metric.js';
import { regressionMetrics } from '../../native/metrics/regression-metrics.js';
import { fitRecipe } from '../../native/recipe/fit-recipe.js';
import type { Applied, FittedRecipe } from '../../native/recipe/fitted-recipe.js';
import { RecipeError } from '../../native/recipe/recipe-error.js';
import type { RecipeStep } from '../../native/recipe/recipe-step.js';
import { checkCells } from './cells.js';
import type { ParameterValue } from './estimators.js';
import type { Fit, FittedModel } from './model-fit.js';
import type { Labelled } from './target-values.js';

/** Everything that stays the same over the fits of one job. */
export interface FitPlan {
  data: Labelled;
  task: 'classification' | 'regression';
  inputs: readonly string[];
  steps: readonly RecipeStep[];
  /** Without `estimators/`. */
  estimator: string;
  parameters: Readonly<Record<string, ParameterValue>>;
  acceptsMissing: boolean;
  seed: number;
  maxCells: number;
  fit: Fit;
  signal: AbortSignal;
}

/** A recipe and a model fitted on the same rows; the model is to be disposed of. */
export interface FittedPair {
  recipe: FittedRecipe;
  model: FittedModel;
  /** The rows that the recipe left. */
  trainRows: number;
  /** The time the estimator took. */
  fitSeconds: number;
}

/** Fits recipe and estimator on these rows of the table and no other. */
export async function fitOn(
  plan: FitPlan,
  rows: Uint32Array,
  onProgress: (step: number, total: number) => void,
): Promise<FittedPair> {
  const { data, task, inputs, parameters, estimator, seed, signal } = plan;
  signal.throwIfAborted();
  const fields = { steps: 'job.spec.steps', inputs: 'job.spec.features' };
  const recipe = fitRecipe(plan.steps, data.table, { inputs, rows, fields });
  checkCells('features', rows.length, recipe.featureNames.length, plan.maxCells);
  const { features, keptRows } = recipe.apply(data.table, { training: true, rows });
  if (!plan.acceptsMissing) refuseMissing(plan, recipe, { features, keptRows });
  const target = Float64Array.from(keptRows, (row) => data.values[row] ?? 0);
  const start = performance.now();
  const classCount = data.classes.length;
  const model = await plan.fit({ estimator, parameters, task, features, target, classCount, seed, signal, onProgress });
  return { recipe, model, trainRows: keptRows.length, fitSeconds: (performance.now() - start) / 1000 };
}

/** Metrics on rows the model has not seen; rows that a prediction would refuse are left out. */
export async function measure(
  plan: FitPlan,
  { recipe, model }: FittedPair,
  rows: Uint32Array,
): Promise<{ metrics: Metric[]; rows: number }> {
  const { data, task, signal } = plan;
  signal.throwIfAborted();
  const { features, keptRows } = scorable(plan, recipe, rows);
  if (keptRows.length === 0) return { metrics: [], rows: 0 };
  const outputs = await model.predict(features, { signal });
  const target = Float64Array.from(keptRows, (row) => data.values[row] ?? 0);
  const metrics =
    task === 'classification'
      ? classificationMetrics(outputs, target, data.classes.length)
      : regressionMetrics(outputs, target);
  return { metrics, rows: keptRows.length };
}

/** The rows among these that a prediction would accept, with their features. */
export function scorable({ data, acceptsMissing }: FitPlan, recipe: FittedRecipe, rows: Uint32Array): Applied {
  const applied = recipe.apply(data.table, { training: false, leaveOut: true, rows });
  if (acceptsMissing || !applied.features.data.some(Number.isNaN)) return applied;
  const { columnCount } = applied.features;
  const complete = applied.keptRows.filter((_, index) => {
    const start = index * columnCount;
    return !applied.features.data.subarray(start, start + columnCount).some(Number.isNaN);
  });
  return recipe.apply(data.table, { training: false, leaveOut: true, rows: complete });
}

function refuseMissing({ estimator }: FitPlan, recipe: FittedRecipe, { features, keptRows }: Applied): void {
  const at = features.data.findIndex(Number.isNaN);
  if (at < 0) return;
  const column = recipe.featureNames[at % features.columnCount] ?? '';
  const row = keptRows[Math.floor(at / features.columnCount)] ?? 0;
  const bound = `is missing in a training row, which estimators/${estimator} refuses: add a fill_missing or drop_missing step`;
  throw new RecipeError('NOT_FINITE', 'job.spec.features', column, bound, { row, column });
}
