import type { Metric__Output } from '../../proto/gen/tenon/common/v1/index.js';

/** What people look at first; the others are in `--json`. */
const main = ['accuracy', 'f1_macro', 'matthews_corrcoef', 'log_loss', 'roc_auc', 'rmse', 'mae', 'r2'];

/** The metrics that fit a line, in their own order; all of them if none is known. */
export function mainMetrics(metrics: readonly Metric__Output[]): readonly Metric__Output[] {
  const shown = metrics.filter(({ name }) => main.includes(name));
  return shown.length > 0 ? shown : metrics;
}
