import type { BundleFile } from '../../native/bundle/bundle.js';
import { writeBundle } from '../../native/bundle/bundle.js';
import { signatureOf } from '../../native/bundle/signature.js';
import { summarizeMetrics } from '../../native/metrics/metric.js';
import type { Cell, Table } from '../../native/table/table.js';
import { cellAt, columnNamed } from '../../native/table/table.js';
import { elementCount } from '../../native/table/tensor-type.js';
import type { FoldResult__Output } from '../../proto/gen/tenon/training/v1/index.js';
import type { Checkpoint } from './checkpoint.js';
import { choose } from './choose.js';
import { type EstimatorInfo, taskIdOf } from './estimators.js';
import type { FitPlan, FittedPair, JobPlan } from './evaluate.js';
import { fitOn, measure, scorable } from './evaluate.js';
import { featureShares } from './feature-shares.js';
import { columnImportances, importanceRepeatsOf } from './importance.js';
import { maxParityElements, parityRowCount } from './limits.js';
import { decidingMetric, reportedMetrics } from './metrics.js';
import type { Fit } from './model-fit.js';
import type { ResolveParameters } from './native.js';
import { outOfFoldFile, outOfFoldPath } from './out-of-fold.js';
import type { ProgressMeter } from './progress.js';
import type { PublishedFile } from './publication.js';
import type { RowPlan } from './rows.js';
import { rowPlan } from './rows.js';
import type { BudgetClock } from './search/budget.js';
import { signatureMessage } from './signature-message.js';
import type { DecidedTask } from './target.js';
import { labelled } from './target-values.js';
import { dividingColumn, validationPlanOf } from './validation.js';
import type { TrainedVersion, WorkerJob } from './worker-protocol.js';

/** What a training stands on besides its job. */
export interface PipelineParts {
  /** Reads these columns of the job's dataset version. */
  readTable(columns: readonly string[]): Promise<Table>;
  fit: Fit;
  catalogue: readonly EstimatorInfo[];
  resolveParameters: ResolveParameters;
  /** Stores a file in the registry. */
  upload(file: BundleFile): Promise<PublishedFile>;
  meter: ProgressMeter;
  /** What earlier attempts have finished. */
  checkpoint: Checkpoint;
  /** What a search measures its budget by. */
  clock: BudgetClock;
  onFold(fold: FoldResult__Output): void;
  maxCells: number;
  /** The instruction set in use and the release, for the lineage. */
  isa: string;
  tenonVersion: string;
  signal: AbortSignal;
}

/**
 * Trains a job's resolved spec: folds, final fit, test, bundle, upload. Every recipe is
 * fitted on the training rows of its own fold. Rejects with what was wrong in the job's
 * own fields, or with the signal's reason.
 */
export async function train(job: WorkerJob, parts: PipelineParts): Promise<TrainedVersion> {
  const { spec } = job;
  const { meter, signal } = parts;
  meter.enter('STAGE_READING');
  const plan = validationPlanOf(spec);
  const columns = new Set([...spec.features, spec.target, spec.weightColumn, dividingColumn(plan)]);
  columns.delete('');
  const data = labelled(await parts.readTable([...columns]), spec, spec.task as DecidedTask);
  const rows = rowPlan(spec, data);
  const jobPlan: JobPlan = {
    data,
    task: taskIdOf(spec.task as DecidedTask),
    inputs: spec.features,
    metrics: reportedMetrics(spec),
    seed: spec.seed,
    maxCells: parts.maxCells,
    fit: parts.fit,
    signal,
  };
  const chosen = await choose(spec, jobPlan, rows.folds, parts);
  meter.enter('STAGE_FITTING');
  const kept = parts.checkpoint.fit('final', () => parts.checkpoint.spent);
  const pair = await fitOn(chosen.plan, rows.train, { meter, kept });
  try {
    meter.enter('STAGE_TESTING');
    const test = await measure(chosen.plan, pair, rows.test);
    const repeats = importanceRepeatsOf(spec);
    const asked = repeats === null ? null : { metric: decidingMetric(spec), repeats };
    const importances =
      asked && (await columnImportances(chosen.plan, pair, rows.test, asked, (step, total) => meter.step(step, total)));
    const { recipe, model } = pair;
    const validationMetrics = chosen.score?.metrics ?? [];
    const testMetrics = summarizeMetrics([test.metrics]);
    const signature = signatureOf(recipe.data, {
      target: data.targetType && { name: spec.target, type: data.targetType },
      task: jobPlan.task,
      classes: data.classes,
      acceptsMissing: chosen.plan.acceptsMissing,
    });
    meter.enter('STAGE_REGISTERING');
    const files: PublishedFile[] = [];
    const bundle = writeBundle({ model, recipe, signature, parityRows: parityRows(chosen.plan, pair, rows) });
    if (chosen.outputs.length > 0) {
      bundle.push(outOfFoldFile(chosen.outputs, Math.max(1, data.classes.length), (row) => data.sourceRows[row] ?? 0));
    }
    for (const [index, file] of bundle.entries()) {
      signal.throwIfAborted();
      files.push(await parts.upload(file));
      meter.step(index + 1, bundle.length);
    }
    return {
      publication: {
        description: descriptionOf(job, data.droppedRows),
        signature: signatureMessage(signature, recipe.data, data.table, rows.train),
        files,
        metrics: test.rows > 0 ? testMetrics : validationMetrics,
        lineage: {
          datasetVersion: spec.datasetVersion,
          datasetDigest: job.datasetDigest,
          job: job.name,
          estimator: `estimators/${chosen.plan.estimator}`,
          parametersJson: JSON.stringify(chosen.allParameters),
          seed: spec.seed,
          isa: parts.isa,
          tenonVersion: parts.tenonVersion,
          parentVersion: '',
          optimization: '',
        },
      },
      result: {
        folds: chosen.score?.folds ?? [],
        validationMetrics,
        testMetrics,
        trainRows: pair.trainRows,
        testRows: test.rows,
        fitSeconds: pair.fitSeconds,
        modelVersion: '',
        ...featureShares(recipe.data, model.importances),
        leaderboard: chosen.leaderboard,
        outOfFoldArtifact: files.find(({ path }) => path === outOfFoldPath)?.artifact ?? '',
        variants: [],
        exported: null,
        columnImportances: importances,
      },
    };
  } finally {
    pair.model.dispose();
  }
}

/** Raw rows that a prediction accepts, held-out ones where there are any. */
function parityRows(plan: FitPlan, { recipe }: FittedPair, { train, test }: RowPlan): Cell[][] {
  // Most rows are accepted: a few hundred hold enough of them without applying the recipe to all.
  const candidates = Uint32Array.of(...test.subarray(0, 256), ...train.subarray(0, 256));
  const { keptRows } = scorable(plan, recipe, candidates);
  const columns = recipe.inputs.map(({ name }) => columnNamed(plan.data.table, name));
  const elements = recipe.inputs.reduce(
    (sum, input) => sum + (input.type === 'tensor' ? elementCount(input.shape) : 1),
    0,
  );
  const most = Math.max(1, Math.min(parityRowCount, Math.floor(maxParityElements / elements)));
  return Array.from(keptRows.subarray(0, most), (row) =>
    columns.map((column) => (column === undefined ? null : cellAt(column, row))),
  );
}

function descriptionOf({ name, spec }: WorkerJob, droppedRows: number): string {
  const trained = `Trained by ${name} on ${spec.datasetVersion}.`;
  return droppedRows === 0 ? trained : `${trained} Left out ${droppedRows} rows without a target.`;
}
