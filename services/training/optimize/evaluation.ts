import type { BundledModel, ScoringModel } from '../../../native/bundle/bundle.js';
import type { Metric } from '../../../native/metrics/metric.js';
import type { Matrix } from '../../../native/table/matrix.js';
import type { Table } from '../../../native/table/table.js';
import type { JobSpec__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import { invalidField, TenonError } from '../../mesh/errors.js';
import { metricsOf, scorable } from '../evaluate.js';
import { reportedMetrics } from '../metrics.js';
import { rowPlan } from '../rows.js';
import type { DecidedTask } from '../target.js';
import { type Labelled, labelled } from '../target-values.js';

const calibrationRowCount = 512; // Ranges of inputs settle within some hundred rows.
const trainingRowCount = 8192; // Directions of variance need several rows per column.

/** The rows that variants are measured on, as the model takes them. */
export interface Evaluation {
  features: Matrix;
  /** How many there are. */
  rowCount: number;
  /** Other rows than those where there are any. */
  calibrationRows: Matrix;
  /** More of them. */
  trainingRows(): Matrix;
  /** Every metric that a job reports, and the deciding one. */
  measure(model: BundledModel, signal: AbortSignal): Promise<Metric[]>;
}

/**
 * The rows that the spec's job held out, or all rows where it held out none, with the bundle's own
 * recipe applied. Rows that a prediction would refuse are left out. Throws EMPTY_TABLE if none is
 * left, INVALID_FIELD for a class that the model does not have.
 */
export function evaluationOf(spec: JobSpec__Output, table: Table, scoring: ScoringModel): Evaluation {
  const { signature, recipe } = scoring;
  const data = inClassesOf(signature.classes, labelled(table, spec, spec.task as DecidedTask));
  const { train, test } = rowPlan(spec, data);
  const plan = { data, acceptsMissing: signature.acceptsMissing };
  const { features, keptRows } = scorable(plan, recipe, spec.testFraction ? test : train);
  if (keptRows.length === 0) {
    throw new TenonError({
      reason: 'EMPTY_TABLE',
      message: `${spec.datasetVersion} has no row to measure on that the model accepts; must have at least 1`,
      facts: { name: spec.datasetVersion },
    });
  }
  const some = (count: number) => {
    const step = Math.max(1, Math.floor(train.length / count));
    const rows = train.filter((_, index) => index % step === 0).subarray(0, count);
    return scorable(plan, recipe, rows).features;
  };
  const metrics = reportedMetrics(spec);
  return {
    features,
    rowCount: keptRows.length,
    calibrationRows: some(calibrationRowCount),
    trainingRows: () => some(trainingRowCount),
    async measure(model, signal) {
      const outputs = await model.predict(features, { signal });
      return metricsOf({ data, task: signature.task, metrics }, keptRows, outputs);
    },
  };
}

/** The same rows with targets that count the model's classes and not those that the table happens to hold. */
function inClassesOf(classes: readonly string[], data: Labelled): Labelled {
  const places = data.classes.map((name) => {
    const place = classes.indexOf(name);
    if (place < 0) {
      const bound = `is no class of the model; it has ${classes.slice(0, 20).join(', ')}`;
      throw invalidField('evaluation_dataset_version', name, bound);
    }
    return place;
  });
  if (places.every((place, index) => place === index) && places.length === classes.length) return data;
  return { ...data, classes: [...classes], values: data.values.map((value) => places[value] ?? value) };
}
