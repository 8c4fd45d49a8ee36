import type { BundleFile } from '../../native/bundle/bundle.js';
import { writeBundle } from '../../native/bundle/bundle.js';
import { signatureOf } from '../../native/bundle/signature.js';
import { summarizeMetrics } from '../../native/metrics/metric.js';
import { stepsFromMessage } from '../../native/recipe/from-message.js';
import type { Cell, Table } from '../../native/table/table.js';
import { cellAt, columnNamed } from '../../native/table/table.js';
import type { FoldResult__Output } from '../../proto/gen/tenon/training/v1/index.js';
import type { ParameterValue } from './estimators.js';
import { parameterValues } from './estimators.js';
import type { FitPlan, FittedPair } from './evaluate.js';
import { fitOn, measure, scorable } from './evaluate.js';
import { parityRowCount } from './limits.js';
import type { Fit } from './model-fit.js';
import type { ProgressMeter } from './progress.js';
import type { PublishedFile } from './publication.js';
import type { RowPlan } from './rows.js';
import { rowPlan } from './rows.js';
import { signatureMessage } from './signature-message.js';
import type { DecidedTask } from './target.js';
import { labelled } from './target-values.js';
import type { Trained, WorkerJob } from './worker-protocol.js';

/** What a training stands on besides its job. */
export interface PipelineParts {
  /** Reads these columns of the job's dataset version. */
  readTable(columns: readonly string[]): Promise<Table>;
  fit: Fit;
  /** All parameters of the job's estimator, defaults included, for the lineage. */
  allParameters: Readonly<Record<string, ParameterValue>>;
  /** Whether the job's estimator takes missing features. */
  acceptsMissing: boolean;
  /** Stores a file in the registry. */
  upload(file: BundleFile): Promise<PublishedFile>;
  meter: ProgressMeter;
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
export async function train(job: WorkerJob, parts: PipelineParts): Promise<Trained> {
  const { spec } = job;
  const { meter, signal } = parts;
  meter.enter('STAGE_READING');
  const steps = stepsFromMessage(spec.steps, 'job.spec.steps');
  const data = labelled(await parts.readTable([...spec.features, spec.target]), spec.target, spec.task as DecidedTask);
  const rows = rowPlan(spec, data);
  const plan: FitPlan = {
    data,
    task: spec.task === 'TASK_CLASSIFICATION' ? 'classification' : 'regression',
    inputs: spec.features,
    steps,
    estimator: (spec.estimator?.estimator ?? '').replace('estimators/', ''),
    parameters: parameterValues(spec.estimator?.parameters ?? {}),
    acceptsMissing: parts.acceptsMissing,
    seed: spec.seed,
    maxCells: parts.maxCells,
    fit: parts.fit,
    signal,
  };
  const folds = await validate(plan, rows, parts);
  meter.enter('STAGE_FITTING');
  const pair = await fitOn(plan, rows.train, (step, total) => meter.step(step, total));
  try {
    meter.enter('STAGE_TESTING');
    const test = await measure(plan, pair, rows.test);
    const { recipe, model } = pair;
    const validationMetrics = summarizeMetrics(folds.map(({ metrics }) => metrics));
    const testMetrics = summarizeMetrics([test.metrics]);
    const signature = signatureOf(recipe.data, {
      target: { name: spec.target, type: data.targetType },
      task: plan.task,
      classes: data.classes,
      acceptsMissing: plan.acceptsMissing,
    });
    meter.enter('STAGE_REGISTERING');
    const files: PublishedFile[] = [];
    const bundle = writeBundle({ model, recipe, signature, parityRows: parityRows(plan, pair, rows) });
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
          estimator: spec.estimator?.estimator ?? '',
          parametersJson: JSON.stringify(parts.allParameters),
          seed: spec.seed,
          isa: parts.isa,
          tenonVersion: parts.tenonVersion,
        },
      },
      result: {
        folds,
        validationMetrics,
        testMetrics,
        trainRows: pair.trainRows,
        testRows: test.rows,
        fitSeconds: pair.fitSeconds,
        modelVersion: '',
        features: [...recipe.featureNames],
        importances: [...(model.importances ?? [])],
      },
    };
  } finally {
    pair.model.dispose();
  }
}

async function validate(plan: FitPlan, rows: RowPlan, { meter, onFold }: PipelineParts): Promise<FoldResult__Output[]> {
  const results: FoldResult__Output[] = [];
  for (const [index, fold] of rows.folds.entries()) {
    meter.enter('STAGE_VALIDATING', index + 1);
    const pair = await fitOn(plan, fold.train, (step, total) => meter.step(step, total));
    try {
      const { metrics, rows: testRows } = await measure(plan, pair, fold.test);
      const { trainRows, fitSeconds } = pair;
      const single = summarizeMetrics([metrics]);
      const result = { fold: index + 1, trainRows, testRows, metrics: single, fitSeconds };
      results.push(result);
      onFold(result);
    } finally {
      pair.model.dispose();
    }
  }
  return results;
}

/** Raw rows that a prediction accepts, held-out ones where there are any. */
function parityRows(plan: FitPlan, { recipe }: FittedPair, { train, test }: RowPlan): Cell[][] {
  // Most rows are accepted: a few hundred hold enough of them without applying the recipe to all.
  const candidates = Uint32Array.of(...test.subarray(0, 256), ...train.subarray(0, 256));
  const { keptRows } = scorable(plan, recipe, candidates);
  const columns = recipe.inputs.map(({ name }) => columnNamed(plan.data.table, name));
  return Array.from(keptRows.subarray(0, parityRowCount), (row) =>
    columns.map((column) => (column === undefined ? null : cellAt(column, row))),
  );
}

function descriptionOf({ name, spec }: WorkerJob, droppedRows: number): string {
  const trained = `Trained by ${name} on ${spec.datasetVersion}.`;
  return droppedRows === 0 ? trained : `${trained} Left out ${droppedRows} rows without a target.`;
}
