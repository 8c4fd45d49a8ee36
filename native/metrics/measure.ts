import { metricNamed } from './catalogue.js';
import { classificationMetrics } from './classification-metrics.js';
import type { Metric } from './metric.js';
import { regressionMetrics } from './regression-metrics.js';

/** A model's answers beside what is true. */
export interface Answers {
  readonly task: 'classification' | 'regression';
  /** 0 for regression. */
  readonly classCount: number;
  /** Rows × classCount probabilities, or a number per row: what `Model.predict` returns. */
  readonly outputs: ArrayLike<number>;
  /** Class indices, or numbers. */
  readonly target: ArrayLike<number>;
  /** One number >= 0 per row; 1 each by default. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** Every metric of the task that is reported by default, or those named, where they are defined. */
export function measure(answers: Answers, names?: readonly string[]): Metric[] {
  const { task, classCount, outputs, target, weights } = answers;
  if (task === 'regression') return regressionMetrics(outputs, target, { weights, names });
  return classificationMetrics(outputs, target, classCount, { weights, names });
}

/** One metric's value; null where it is not defined. Throws MetricError for one that is not of the task. */
export function measureOne(answers: Answers, name: string): number | null {
  return measure(answers, [name])[0]?.value ?? null;
}

/** Whether the first of two values of a metric is better. */
export function isBetter(name: string, value: number, other: number): boolean {
  return metricNamed(name)?.higherIsBetter === false ? value < other : value > other;
}
