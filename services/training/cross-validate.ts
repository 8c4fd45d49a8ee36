import { summarizeMetrics } from '../../native/metrics/metric.js';
import type { SplitRows } from '../../native/validation/split.js';
import type { FoldResult__Output } from '../../proto/gen/tenon/training/v1/index.js';
import type { FitPlan } from './evaluate.js';
import { fitPrepared, measureOn, prepare, scorable } from './evaluate.js';
import type { FoldCache } from './fold-cache.js';
import type { FoldOutputs } from './out-of-fold.js';
import type { ProgressMeter } from './progress.js';
import type { Score } from './search/leaderboard.js';

/** What validating one candidate takes besides its plan. */
export interface CrossValidation {
  folds: readonly SplitRows[];
  /** From 1; 0 without a search. */
  candidate: number;
  /** What tells one recipe and one share of rows from another. */
  recipeKey: string;
  cache: FoldCache;
  meter: ProgressMeter;
  onFold(fold: FoldResult__Output): void;
}

/** Fits on the training rows of every fold, scores the rows left out, and keeps what was predicted for them. */
export async function crossValidate(
  plan: FitPlan,
  { folds, candidate, recipeKey, cache, meter, onFold }: CrossValidation,
): Promise<Score & { outputs: FoldOutputs[] }> {
  const results: FoldResult__Output[] = [];
  const outputs: FoldOutputs[] = [];
  const measured: Parameters<typeof summarizeMetrics>[0][number][] = [];
  let scoreSeconds = 0;
  let scoredRows = 0;
  let sizeBytes = 0;
  for (const [index, { train, test }] of folds.entries()) {
    plan.signal.throwIfAborted();
    meter.enter('STAGE_VALIDATING', index + 1, candidate);
    // Whether rows with missing features can be scored depends on the estimator.
    const key = `${index} ${plan.acceptsMissing} ${recipeKey}`;
    const fold = cache.get(key, () => {
      const prepared = prepare(plan, train);
      return { train: prepared, test: scorable(plan, prepared.recipe, test) };
    });
    const pair = await fitPrepared(plan, fold.train, (step, total) => meter.step(step, total));
    try {
      const found = await measureOn(plan, pair, fold.test);
      const { trainRows, fitSeconds } = pair;
      const metrics = summarizeMetrics([found.metrics]);
      const result = { fold: index + 1, trainRows, testRows: found.rows, metrics, fitSeconds, candidate };
      results.push(result);
      measured.push(found.metrics);
      outputs.push({ fold: index + 1, rows: found.keptRows, outputs: found.outputs });
      scoreSeconds += found.scoreSeconds;
      scoredRows += found.rows;
      sizeBytes += pair.model.sizeBytes;
      onFold(result);
    } finally {
      pair.model.dispose();
    }
  }
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return {
    folds: results,
    metrics: summarizeMetrics(measured),
    fitSeconds: mean(results.map(({ fitSeconds }) => fitSeconds)),
    scoreSeconds: scoredRows === 0 ? 0 : (scoreSeconds / scoredRows) * 1_000,
    sizeBytes: Math.round(sizeBytes / Math.max(1, folds.length)),
    trainRows: Math.round(mean(results.map(({ trainRows }) => trainRows))),
    outputs,
  };
}
