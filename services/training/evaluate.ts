import { performance } from 'node:perf_hooks';
import { measure as measureAnswers } from '../../native/metrics/measure.js';
import type { Metric } from '../../native/metrics/metric.js';
import { fitRecipeOnRows } from '../../native/recipe/fit-recipe.js';
import type { Applied, FittedRecipe } from '../../native/recipe/fitted-recipe.js';
import { featureGroupAt, imageShape } from '../../native/recipe/fitted-recipe-data.js';
import { completeRows, firstMissingFeature } from '../../native/recipe/missing-features.js';
import { RecipeError } from '../../native/recipe/recipe-error.js';
import type { RecipeStep } from '../../native/recipe/recipe-step.js';
import { checkCells } from './cells.js';
import type { KeptFit } from './checkpoint.js';
import { type ColumnParameters, columnRolesOf } from './column-parameters.js';
import type { ParameterValue, TaskId } from './estimators.js';
import { fitRefusal } from './fit-refusal.js';
import type { Fit, FitRequest, FittedModel } from './model-fit.js';
import type { ProgressMeter } from './progress.js';
import type { Labelled } from './target-values.js';

/** Everything that stays the same over the fits of one job. */
export interface JobPlan {
  data: Labelled;
  task: TaskId;
  inputs: readonly string[];
  /** The names of the metrics to measure. */
  metrics: readonly string[];
  seed: number;
  maxCells: number;
  fit: Fit;
  signal: AbortSignal;
}

/** What is fitted: everything that stays the same over the fits of one candidate. */
export interface FitPlan extends JobPlan {
  steps: readonly RecipeStep[];
  /** Without `estimators/`. */
  estimator: string;
  parameters: Readonly<Record<string, ParameterValue>>;
  /** What is said of columns by name; null where the estimator is told nothing of them. */
  columns: ColumnParameters | null;
  /** Where they stand in the job. */
  parametersField: string;
  acceptsMissing: boolean;
}

/** A recipe fitted on some rows, and what it makes of them. */
export interface Prepared {
  recipe: FittedRecipe;
  features: Applied['features'];
  /** The rows that the recipe left. */
  keptRows: Uint32Array;
}

/** A recipe and a model fitted on the same rows; the model is to be disposed of. */
export interface FittedPair {
  recipe: FittedRecipe;
  model: FittedModel;
  /** The rows that the recipe left. */
  trainRows: number;
  /** The time the estimator took, that of an earlier attempt included if it went on from there. */
  fitSeconds: number;
}

/** Who follows a fit, and what is kept of it while it runs. */
export interface Following {
  meter: ProgressMeter;
  kept: KeptFit;
}

/** Fits the recipe on these rows of the table and no other, and applies it to them. */
export async function prepare(plan: FitPlan, rows: Uint32Array): Promise<Prepared> {
  const { data, inputs, signal } = plan;
  const fields = { steps: 'job.spec.steps', inputs: 'job.spec.features' };
  const fitted = await fitRecipeOnRows(plan.steps, data.table, { inputs, rows, fields, signal });
  checkCells('features', rows.length, fitted.recipe.featureCount, plan.maxCells);
  return { recipe: fitted.recipe, ...fitted.apply() };
}

/** Fits recipe and estimator on these rows of the table and no other. */
export async function fitOn(plan: FitPlan, rows: Uint32Array, following: Following): Promise<FittedPair> {
  plan.signal.throwIfAborted();
  return fitPrepared(plan, await prepare(plan, rows), following);
}

/** Fits the estimator on rows that a recipe has been fitted on. */
export async function fitPrepared(
  plan: FitPlan,
  { recipe, features, keptRows }: Prepared,
  { meter, kept }: Following,
): Promise<FittedPair> {
  const { data, task, parameters, estimator, seed, signal } = plan;
  signal.throwIfAborted();
  if (!plan.acceptsMissing) refuseMissing(plan, recipe, { features, keptRows });
  const target = targetOf(plan, keptRows);
  const start = performance.now();
  let earlierSeconds = 0;
  const fitSeconds = () => earlierSeconds + (performance.now() - start) / 1_000;
  const classCount = data.classes.length;
  const weights = weightsOf(data, keptRows);
  const { categorical, monotone } = columnRolesOf(plan.columns, recipe.data, classCount);
  const request: FitRequest = {
    estimator,
    parameters,
    task,
    features,
    target,
    classCount,
    categorical,
    monotone,
    weights,
    imageShape: imageShape(recipe.data),
    seed,
    signal,
    onProgress: (step, total) => meter.step(step, total),
    kept: kept.enabled
      ? {
          intervalMs: kept.intervalMs,
          resume: kept.snapshot?.bytes,
          save: (bytes, step) => kept.save({ bytes, step, fitSeconds: fitSeconds() }),
          onResume(step, refusal) {
            kept.resumed(step, refusal);
            if (refusal !== null) return;
            earlierSeconds = kept.snapshot?.fitSeconds ?? 0;
            meter.resumed(step);
          },
        }
      : null,
  };
  const model = await plan.fit(request).catch((error: unknown) => {
    throw fitRefusal(error, {
      parametersField: plan.parametersField,
      featureNames: recipe.featureNames,
      classes: data.classes,
      target,
      sourceRow: (row) => data.sourceRows[keptRows[row] ?? 0] ?? 0,
    });
  });
  return { recipe, model, trainRows: keptRows.length, fitSeconds: fitSeconds() };
}

/** What a model made of rows it had not seen. */
export interface Measured {
  metrics: Metric[];
  /** How many rows there were. */
  rows: number;
  /** Which rows: those that a prediction accepts. */
  keptRows: Uint32Array;
  /** Per row one output per class, or one number. */
  outputs: Float32Array;
  /** The time that scoring took. */
  scoreSeconds: number;
}

/** Metrics on rows the model has not seen; rows that a prediction would refuse are left out. */
export function measure(plan: FitPlan, pair: FittedPair, rows: Uint32Array): Promise<Measured> {
  return measureOn(plan, pair, scorable(plan, pair.recipe, rows));
}

/** The same on rows that the pair's recipe has been applied to. */
export async function measureOn(
  plan: JobPlan,
  { model }: Pick<FittedPair, 'model'>,
  { features, keptRows }: Applied,
): Promise<Measured> {
  const { signal } = plan;
  signal.throwIfAborted();
  if (keptRows.length === 0) return { metrics: [], rows: 0, keptRows, outputs: new Float32Array(), scoreSeconds: 0 };
  const start = performance.now();
  const outputs = await model.predict(features, { signal });
  const scoreSeconds = (performance.now() - start) / 1000;
  const metrics = metricsOf(plan, keptRows, outputs, features);
  return { metrics, rows: keptRows.length, keptRows, outputs, scoreSeconds };
}

/** The metrics of what was predicted for these rows of the table; clustering needs their features too. */
export function metricsOf(
  plan: Pick<JobPlan, 'data' | 'task' | 'metrics'>,
  rows: Uint32Array,
  outputs: Float32Array,
  features?: Applied['features'],
): Metric[] {
  const { data, task, metrics } = plan;
  const target = targetOf(plan, rows);
  const weights = weightsOf(data, rows) ?? undefined;
  return measureAnswers({ task, classCount: data.classes.length, outputs, target, features, weights }, metrics);
}

function targetOf({ data, task }: Pick<JobPlan, 'data' | 'task'>, rows: Uint32Array): Float64Array {
  if (task === 'clustering') return new Float64Array();
  return valuesAt(data.values, rows);
}

/** What each of these rows of the table counts; null where every row counts once. */
export function weightsOf({ weights }: Labelled, rows: Uint32Array): Float64Array | null {
  return weights === null ? null : valuesAt(weights, rows);
}

function valuesAt(values: ArrayLike<number>, rows: Uint32Array): Float64Array {
  const taken = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index++) taken[index] = values[rows[index] as number] ?? 0;
  return taken;
}

/** The rows among these that a prediction would accept, with their features. */
export function scorable(
  { data, acceptsMissing }: Pick<FitPlan, 'data' | 'acceptsMissing'>,
  recipe: FittedRecipe,
  rows: Uint32Array,
): Applied {
  const applied = recipe.apply(data.table, { training: false, leaveOut: true, rows });
  if (acceptsMissing || firstMissingFeature(applied.features) < 0) return applied;
  const complete = completeRows(applied.features).map((row) => applied.keptRows[row] as number);
  return recipe.apply(data.table, { training: false, leaveOut: true, rows: complete });
}

function refuseMissing({ estimator }: FitPlan, recipe: FittedRecipe, { features, keptRows }: Applied): void {
  const at = firstMissingFeature(features);
  if (at < 0) return;
  const column = featureGroupAt(recipe.data, at % features.columnCount);
  const row = keptRows[Math.floor(at / features.columnCount)] ?? 0;
  const bound = `is missing in a training row, which estimators/${estimator} refuses: add a fill_missing or drop_missing step`;
  throw new RecipeError('NOT_FINITE', 'job.spec.features', column, bound, { row, column });
}
