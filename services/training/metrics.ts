import type { JobSpec__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import type { DecidedTask } from './target.js';

/** The metrics of each task; the first decides between candidates where the spec names none. */
export const metricNames: Readonly<Record<DecidedTask, readonly string[]>> = {
  TASK_CLASSIFICATION: ['accuracy', 'precision_macro', 'recall_macro', 'f1_macro', 'log_loss', 'roc_auc'],
  TASK_REGRESSION: ['rmse', 'mae', 'r2'],
};

/** The metric that decides between the candidates of a resolved spec. */
export function decidingMetric({ metric, task }: Pick<JobSpec__Output, 'metric' | 'task'>): string {
  return metric === '' ? (metricNames[task as DecidedTask][0] ?? '') : metric;
}

/** Throws INVALID_FIELD unless the metric is one of the task's. */
export function checkMetric(metric: string, task: DecidedTask): void {
  const known = metricNames[task];
  if (metric !== '' && !known.includes(metric)) {
    throw invalidField('job.spec.metric', metric, `must be one of ${known.join(', ')}`);
  }
}
