import { featureSources } from '../../native/explain/feature-groups.js';
import { permutationImportance } from '../../native/explain/permutation-importance.js';
import { resolveMetric } from '../../native/metrics/catalogue.js';
import { MetricError } from '../../native/metrics/metric-error.js';
import type { ColumnImportances__Output, JobSpec__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { type FitPlan, type FittedPair, scorable, weightsOf } from './evaluate.js';
import { defaultImportanceRepeats, maxImportanceRepeats } from './limits.js';

/** How often a spec has each column permuted; null for not at all. Throws INVALID_FIELD. */
export function importanceRepeatsOf({
  permutationImportance: asked,
  task,
  testFraction,
  _testFraction,
}: Pick<JobSpec__Output, 'permutationImportance' | 'task' | 'testFraction' | '_testFraction'>): number | null {
  if (asked === null) return null;
  const field = 'job.spec.permutation_importance';
  const { repeats } = asked;
  if (repeats < 0 || repeats > maxImportanceRepeats) {
    throw invalidField(`${field}.repeats`, repeats, `must be 1 to ${maxImportanceRepeats}, or 0`);
  }
  if (task === 'TASK_CLUSTERING') {
    throw invalidField(
      field,
      repeats,
      'must be unset for TASK_CLUSTERING: it is measured on what rows are known to be',
    );
  }
  if (_testFraction !== undefined && testFraction === 0) {
    throw invalidField(field, repeats, 'must be unset where test_fraction is 0: it is measured on the rows held out');
  }
  return repeats === 0 ? defaultImportanceRepeats : repeats;
}

/**
 * How much worse `metric` gets on these rows when a column's values are dealt to other rows, for
 * each input column: what the recipe made of it moves together. Null where the metric is not defined.
 */
export async function columnImportances(
  plan: FitPlan,
  { recipe, model }: FittedPair,
  rows: Uint32Array,
  { metric, repeats }: { metric: string; repeats: number },
  onProgress: (step: number, total: number) => void,
): Promise<ColumnImportances__Output | null> {
  const { data, task, seed, signal } = plan;
  const { features, keptRows } = scorable(plan, recipe, rows);
  if (keptRows.length === 0) return null;
  const { higherIsBetter } = resolveMetric(metric, { task, classCount: data.classes.length });
  const sources = featureSources(recipe.data);
  // A column of nulls alone has no categories, and so no features: nothing of it can matter.
  const permuted = sources.filter((source) => source.features.length > 0);
  try {
    const { baseline, mean, stdDev } = await permutationImportance({
      model: {
        task,
        classCount: data.classes.length,
        featureCount: model.featureCount,
        predict: (matrix, options) => model.predict(matrix, options),
      },
      features,
      target: Float64Array.from(keptRows, (row) => data.values[row] ?? 0),
      weights: weightsOf(data, keptRows) ?? undefined,
      metric,
      groups: permuted.map((source) => source.features),
      repeats,
      seed,
      signal,
      onProgress,
    });
    return {
      baseline: { name: metric, value: baseline, stdDev: 0, higherIsBetter },
      columns: sources.map((source) => {
        const index = permuted.indexOf(source);
        return { column: source.name, mean: mean[index] ?? 0, stdDev: stdDev[index] ?? 0 };
      }),
    };
  } catch (error) {
    // Such as the area under a curve where all rows held out are of one class.
    if (error instanceof MetricError) return null;
    throw error;
  }
}
