import type { Column__Output } from '../../proto/gen/tenon/common/v1/index.js';
import type { RecipeStep__Output } from '../../proto/gen/tenon/data/v1/index.js';

/**
 * The recipe of a job that names none: missing values filled, numbers and tensors standardized for
 * estimators that scales mislead, text one-hot encoded, or numbered for estimators that split sets of categories. Columns are named one by one, because an empty
 * list would have one-hot take integers and booleans too. Unknown categories are encoded
 * as all zeros or as missing: a category that is rare enough to fall into one fold alone must not fail
 * the job.
 */
export function defaultSteps(
  features: readonly Column__Output[],
  { scaled, categorical }: { scaled: boolean; categorical: boolean },
): RecipeStep__Output[] {
  const named = (...types: Column__Output['type'][]) =>
    features.filter(({ type }) => types.includes(type)).map(({ name }) => name);
  const fillable = named('COLUMN_TYPE_BOOLEAN', 'COLUMN_TYPE_INTEGER', 'COLUMN_TYPE_DOUBLE', 'COLUMN_TYPE_STRING');
  const numbers = named('COLUMN_TYPE_INTEGER', 'COLUMN_TYPE_DOUBLE', 'COLUMN_TYPE_TENSOR');
  const texts = named('COLUMN_TYPE_STRING');
  const steps: RecipeStep__Output[] = [];
  if (fillable.length > 0) {
    steps.push({
      columns: fillable,
      step: 'fillMissing',
      fillMissing: { strategy: 'STRATEGY_UNSPECIFIED', constant: null },
    });
  }
  if (scaled && numbers.length > 0) steps.push({ columns: numbers, step: 'standardize', standardize: {} });
  if (texts.length > 0 && categorical) {
    steps.push({ columns: texts, step: 'ordinal', ordinal: { unknown: 'UNKNOWN_CATEGORY_IGNORE' } });
  } else if (texts.length > 0) {
    steps.push({
      columns: texts,
      step: 'oneHot',
      oneHot: { unknown: 'UNKNOWN_CATEGORY_IGNORE', maxCategories: 0 },
    });
  }
  return steps;
}
