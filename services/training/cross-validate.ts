import type { Metric } from '../../native/metrics/metric.js';
import { summarizeMetrics } from '../../native/metrics/metric.js';
import type { SplitRows } from '../../native/validation/split.js';
import type { FoldResult__Output } from '../../proto/gen/tenon/training/v1/index.js';
import type { Checkpoint, FoldRecord, SpentTime } from './checkpoint.js';
import type { FitPlan } from './evaluate.js';
import { fitPrepared, measureOn, metricsOf, prepare, scorable } from './evaluate.js';
import type { FoldCache } from './fold-cache.js';
import { maxListedFolds } from './limits.js';
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
  checkpoint: Checkpoint;
  /** What the search has used until now. */
  spent(): SpentTime;
  onFold(fold: FoldResult__Output): void;
}

/** Names a fold of a candidate: the same spec counts candidates, rows and folds in the same way in every attempt. */
export function foldKey(candidate: number, train: Uint32Array, index: number): string {
  return `${candidate} ${train.length} ${index}`;
}

/** Fits on the training rows of every fold, scores the rows left out, and keeps what was predicted for them. */
export async function crossValidate(
  plan: FitPlan,
  { folds, candidate, recipeKey, cache, meter, checkpoint, spent, onFold }: CrossValidation,
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
    const key = foldKey(candidate, train, index);
    const kept = checkpoint.get(key);
    const record = kept ?? (await fitFold());
    if (kept === undefined) await checkpoint.put(key, record, spent());
    const metrics = summarizeMetrics([record.metrics]);
    const { trainRows, fitSeconds } = record;
    const result = { fold: index + 1, trainRows, testRows: record.rows.length, metrics, fitSeconds, candidate };
    results.push(result);
    measured.push(record.metrics);
    outputs.push({ fold: index + 1, rows: record.rows, outputs: record.outputs });
    scoreSeconds += record.scoreSeconds;
    scoredRows += record.rows.length;
    sizeBytes += record.sizeBytes;
    if (folds.length <= maxListedFolds) onFold(result);

    async function fitFold(): Promise<FoldRecord> {
      // Whether rows with missing features can be scored depends on the estimator.
      const fold = await cache.get(`${index} ${plan.acceptsMissing} ${recipeKey}`, async () => {
        const prepared = await prepare(plan, train);
        return { train: prepared, test: scorable(plan, prepared.recipe, test) };
      });
      const pair = await fitPrepared(plan, fold.train, { meter, kept: checkpoint.fit(key, spent) });
      try {
        const found = await measureOn(plan, pair, fold.test);
        const { metrics, keptRows, outputs, scoreSeconds } = found;
        const { trainRows, fitSeconds, model } = pair;
        return { metrics, trainRows, fitSeconds, scoreSeconds, sizeBytes: model.sizeBytes, rows: keptRows, outputs };
      } finally {
        pair.model.dispose();
      }
    }
  }
  const listed = folds.length <= maxListedFolds;
  // Numbers of clusters mean nothing from one model to the next.
  const apart = listed || plan.task === 'clustering';
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return {
    folds: listed ? results : [],
    metrics: apart ? summarizeMetrics(measured) : summarizeMetrics([together(plan, outputs)]),
    fitSeconds: mean(results.map(({ fitSeconds }) => fitSeconds)),
    scoreSeconds: scoredRows === 0 ? 0 : (scoreSeconds / scoredRows) * 1_000,
    sizeBytes: Math.round(sizeBytes / Math.max(1, folds.length)),
    trainRows: Math.round(mean(results.map(({ trainRows }) => trainRows))),
    outputs,
  };
}

/** The metrics of all predictions at once: single rows, of which there may be thousands, have few of their own. */
function together(plan: FitPlan, folds: readonly FoldOutputs[]): Metric[] {
  const rows = Uint32Array.from(folds.flatMap((fold) => Array.from(fold.rows)));
  const width = Math.max(1, plan.data.classes.length);
  const outputs = new Float32Array(rows.length * width);
  let at = 0;
  for (const fold of folds) {
    outputs.set(fold.outputs, at);
    at += fold.outputs.length;
  }
  return metricsOf(plan, rows, outputs);
}
