import { defaultMetric, metrics, resolveMetric } from '../../native/metrics/catalogue.js';
import { MetricError } from '../../native/metrics/metric-error.js';
import type { JobSpec__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { taskIdOf } from './estimators.js';
import type { DecidedTask } from './target.js';

/** The metric that decides between the candidates of a resolved spec. */
export function decidingMetric({ metric, task }: Pick<JobSpec__Output, 'metric' | 'task'>): string {
  return metric === '' ? defaultMetric(taskIdOf(task as DecidedTask)).name : metric;
}

/** The metrics that a job reports: those that are reported anyway, and the deciding one. */
export function reportedMetrics(spec: Pick<JobSpec__Output, 'metric' | 'task'>): string[] {
  const task = taskIdOf(spec.task as DecidedTask);
  const usual = metrics.filter((metric) => metric.task === task && metric.reported).map(({ name }) => name);
  return [...new Set([...usual, decidingMetric(spec)])];
}

/** Throws INVALID_FIELD unless the metric can judge models of the task, and of so many classes. */
export function checkMetric(metric: string, task: DecidedTask, classCount: number): void {
  try {
    resolveMetric(metric, { task: taskIdOf(task), classCount }, 'job.spec.metric');
  } catch (error) {
    if (error instanceof MetricError) throw invalidField(error.field, error.seen, error.bound);
    throw error;
  }
}
