import { nearestName } from '../table/nearest-name.js';
import { MetricError } from './metric-error.js';

export type MetricTask = 'classification' | 'regression' | 'clustering';

/** A metric, as people and settings see it. */
export interface MetricDefinition {
  /** As scikit-learn spells it. */
  readonly name: string;
  readonly task: MetricTask;
  readonly higherIsBetter: boolean;
  /** The least and the greatest value; infinite where there is none. */
  readonly low: number;
  readonly high: number;
  /**
   * What of a model it judges: its classes, how probable it takes them to be, the numbers it
   * predicts, or the clusters it divides rows into.
   */
  readonly judges: 'classes' | 'probabilities' | 'numbers' | 'clusters';
  /** Whether it is defined for two classes alone. */
  readonly twoClassesOnly: boolean;
  /** Whether it is reported when no one has said which. */
  readonly reported: boolean;
  readonly help: string;
}

const unbounded = Number.POSITIVE_INFINITY;

function classes(name: string, help: string, change: Partial<MetricDefinition> = {}): MetricDefinition {
  return {
    name,
    task: 'classification',
    higherIsBetter: true,
    low: 0,
    high: 1,
    judges: 'classes',
    twoClassesOnly: false,
    reported: true,
    help,
    ...change,
  };
}

function probabilities(name: string, help: string, change: Partial<MetricDefinition> = {}): MetricDefinition {
  return classes(name, help, { judges: 'probabilities', ...change });
}

function numbers(name: string, help: string, change: Partial<MetricDefinition> = {}): MetricDefinition {
  const least = { higherIsBetter: false, low: 0, high: unbounded };
  return classes(name, help, { task: 'regression', judges: 'numbers', ...least, ...change });
}

function clusters(name: string, help: string, change: Partial<MetricDefinition>): MetricDefinition {
  return classes(name, help, { task: 'clustering', judges: 'clusters', ...change });
}

const lower = { higherIsBetter: false };
const asked = { reported: false };
const two = { twoClassesOnly: true };

/** Every metric there is, per task the default first. */
export const metrics: readonly MetricDefinition[] = [
  classes('accuracy', 'The share of rows predicted rightly.'),
  classes('balanced_accuracy', 'The mean over classes of the share of their rows predicted rightly.'),
  classes('precision', 'Of the rows predicted as class 1, the share that is.', two),
  classes('precision_macro', "The mean over classes of each one's precision."),
  classes('precision_micro', 'Precision over all classes together, which is the accuracy.', asked),
  classes('precision_weighted', "The mean over classes of each one's precision, by their rows.", asked),
  classes('recall', 'Of the rows of class 1, the share predicted as such.', two),
  classes('recall_macro', "The mean over classes of each one's recall."),
  classes('recall_micro', 'Recall over all classes together, which is the accuracy.', asked),
  classes('recall_weighted', "The mean over classes of each one's recall, by their rows.", asked),
  classes('f1', 'The harmonic mean of precision and recall of class 1.', two),
  classes('f1_macro', "The mean over classes of each one's harmonic mean of precision and recall."),
  classes('f1_micro', 'F1 over all classes together, which is the accuracy.', asked),
  classes('f1_weighted', "The mean over classes of each one's F1, by their rows.", asked),
  classes('matthews_corrcoef', 'The correlation of labels and predictions; 0 is no better than chance.', { low: -1 }),
  probabilities('log_loss', 'The mean of minus the logarithm of the probability given to what happened.', {
    ...lower,
    high: unbounded,
  }),
  probabilities(
    'brier_score',
    'The mean squared distance of probabilities from what happened; for more than two classes summed over them.',
    {
      ...lower,
      high: 2,
    },
  ),
  probabilities(
    'roc_auc',
    'The chance that a row of a class is given a higher probability of it than another row; mean over classes beyond two.',
  ),
  probabilities(
    'average_precision',
    'The area under the steps of precision over recall; mean over classes beyond two.',
  ),
  probabilities(
    'expected_calibration_error',
    'The mean distance of probabilities from how often it happened, in ten bins.',
    lower,
  ),

  numbers('rmse', 'The square root of the mean squared error, in the unit of the target.'),
  numbers('mae', 'The mean absolute error, in the unit of the target.'),
  numbers('mape', 'The mean absolute error as a share of the target.', asked),
  numbers('r2', 'The share of the variance of the target that is explained; below 0 worse than its mean.', {
    higherIsBetter: true,
    low: -unbounded,
    high: 1,
  }),
  numbers(
    'explained_variance',
    'The share of the variance of the target that is explained, not counting a constant error.',
    {
      ...asked,
      higherIsBetter: true,
      low: -unbounded,
      high: 1,
    },
  ),
  numbers('max_error', 'The largest error, in the unit of the target.', asked),
  numbers('pinball_loss', 'The mean error, too low costing the quantile and too high the rest to one.', asked),

  clusters('silhouette', 'How much nearer rows are to their own cluster than to the next, on average.', { low: -1 }),
  clusters('inertia', "The sum of squared distances of rows from their cluster's mean.", {
    ...lower,
    high: unbounded,
  }),
];

const byName = new Map(metrics.map((metric) => [metric.name, metric]));

/** The metric of that name, or undefined. */
export function metricNamed(name: string): MetricDefinition | undefined {
  return byName.get(name);
}

/** The metric that models of a task are compared by when no one has said which: the task's first. */
export function defaultMetric(task: MetricTask): MetricDefinition {
  return metrics.find((metric) => metric.task === task) as MetricDefinition;
}

/**
 * The metric of that name, if it can judge models of the task; the default for an empty name.
 * `classCount` is that of classification. Throws MetricError naming `field`.
 */
export function resolveMetric(
  name: string,
  { task, classCount = 0 }: { task: MetricTask; classCount?: number },
  field = 'metric',
): MetricDefinition {
  if (name === '') return defaultMetric(task);
  const metric = byName.get(name);
  const fitting = metrics.filter((other) => other.task === task).map((other) => other.name);
  if (metric?.task !== task) {
    const near = metric === undefined ? nearestName(name, fitting) : undefined;
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    throw new MetricError(field, name, `must be a metric of ${task}: ${fitting.join(', ')}${hint}`);
  }
  if (metric.twoClassesOnly && classCount > 2) {
    throw new MetricError(field, name, `must be defined for ${classCount} classes: ${name}_macro or another average`);
  }
  return metric;
}

/** The definitions of the given names, or those reported by default. Throws MetricError for one that is not of the task. */
export function definitionsOf(task: MetricTask, names: readonly string[] | undefined): readonly MetricDefinition[] {
  if (names === undefined) return metrics.filter((metric) => metric.task === task && metric.reported);
  return names.map((name, index) => resolveMetric(name, { task }, `names[${index}]`));
}
