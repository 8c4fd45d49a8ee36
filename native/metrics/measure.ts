import type { Matrix } from '../table/matrix.js';
import { definitionsOf, metricNamed } from './catalogue.js';
import { classificationMetrics } from './classification-metrics.js';
import { inertia, silhouette } from './clustering-metrics.js';
import type { Metric } from './metric.js';
import { regressionMetrics } from './regression-metrics.js';

/** A model's answers beside what is true. */
export interface Answers {
  readonly task: 'classification' | 'regression' | 'clustering';
  /** 0 unless the task is classification. */
  readonly classCount: number;
  /** Rows × classCount probabilities, or a number per row: what `Model.predict` returns. */
  readonly outputs: ArrayLike<number>;
  /** Class indices, or numbers; empty for clustering. */
  readonly target: ArrayLike<number>;
  /** The rows that were put into clusters; clustering only, which is judged by their distances. */
  readonly features?: Matrix | undefined;
  /** One number >= 0 per row; 1 each by default. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** Every metric of the task that is reported by default, or those named, where they are defined. */
export function measure(answers: Answers, names?: readonly string[]): Metric[] {
  const { task, classCount, outputs, target, weights } = answers;
  if (task === 'clustering') return clusteringMetrics(answers, names);
  if (task === 'regression') return regressionMetrics(outputs, target, { weights, names });
  return classificationMetrics(outputs, target, classCount, { weights, names });
}

// Comparing rows with each other takes a second or so for this many differences of numbers.
const silhouetteWork = 1e9;

function clusteringMetrics({ features, outputs, weights }: Answers, names?: readonly string[]): Metric[] {
  if (features === undefined) throw new TypeError('clusters are judged by the features of their rows');
  const bySquare = Math.floor(Math.sqrt(silhouetteWork / features.columnCount));
  const sampleRows = Math.min(10_000, Math.max(500, bySquare));
  return definitionsOf('clustering', names).flatMap(({ name, higherIsBetter }) => {
    const value =
      name === 'inertia' ? inertia(features, outputs, weights) : silhouette(features, outputs, { sampleRows });
    return value === null ? [] : [{ name, value, higherIsBetter }];
  });
}

/** One metric's value; null where it is not defined. Throws MetricError for one that is not of the task. */
export function measureOne(answers: Answers, name: string): number | null {
  return measure(answers, [name])[0]?.value ?? null;
}

/** Whether the first of two values of a metric is better. */
export function isBetter(name: string, value: number, other: number): boolean {
  return metricNamed(name)?.higherIsBetter === false ? value < other : value > other;
}
