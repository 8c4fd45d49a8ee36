import type { Random } from '../../../native/validation/random.js';
import type { RecipeStep__Output } from '../../../proto/gen/tenon/data/v1/index.js';
import type { SearchDimension__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../../mesh/errors.js';
import type { EstimatorInfo, ParameterValue } from '../estimators.js';
import { parameterValue } from '../estimators.js';
import { maxListedValues } from '../limits.js';
import { type StepPath, stepPath } from './parameter-path.js';

/** One parameter to vary, checked. */
export interface Dimension {
  /** As the request spells it. */
  readonly parameter: string;
  /** Where it goes in the recipe; null for a parameter of the estimator. */
  readonly step: StepPath | null;
  /** The values listed, in order; null for an interval. */
  readonly values: readonly ParameterValue[] | null;
  /** A value drawn evenly. */
  draw(random: Random): ParameterValue;
}

/**
 * Reads a dimension of a candidate. `field` is where it stands in the request. Whether a value is in range is decided
 * where it is used. Throws INVALID_FIELD.
 */
export function dimensionOf(
  { parameter, values: kind, list, range }: SearchDimension__Output,
  candidate: { estimator: EstimatorInfo; steps: readonly RecipeStep__Output[] },
  field: string,
): Dimension {
  const { estimator, steps } = candidate;
  const step = stepPath(parameter, steps);
  if (step !== null && 'problem' in step) throw invalidField(`${field}.parameter`, parameter, step.problem);
  const info = estimator.parameters.find(({ name }) => name === parameter);
  if (step === null && info === undefined) {
    const known = estimator.parameters.map(({ name }) => name).join(', ');
    throw invalidField(`${field}.parameter`, parameter, `is no parameter of estimators/${estimator.id}: ${known}`);
  }
  if (kind === 'list' && list) {
    const { length } = list.values;
    if (length < 1 || length > maxListedValues) {
      throw invalidField(`${field}.list.values`, length, `values must be 1 to ${maxListedValues}`);
    }
    const values = list.values.map((value, index) => parameterValue(value, `${field}.list.values[${index}]`));
    return { parameter, step, values, draw: (random) => values[random.below(values.length)] as ParameterValue };
  }
  if (kind !== 'range' || !range) throw invalidField(field, null, 'must have a list or a range');
  const { low, high, log } = range;
  if (info !== undefined && info.type !== 'integer' && info.type !== 'double') {
    throw invalidField(`${field}.range`, info.type, 'must be a list: only numbers have a range');
  }
  if (!Number.isFinite(low) || (log && low <= 0)) {
    throw invalidField(`${field}.range.low`, low, log ? 'must be above 0 for a logarithm' : 'must be finite');
  }
  if (!Number.isFinite(high) || high < low) throw invalidField(`${field}.range.high`, high, `must be >= ${low}`);
  const integer = info === undefined ? (step?.integer ?? false) : info.type === 'integer';
  return { parameter, step, values: null, draw: (random) => drawn({ low, high, log, integer }, random) };
}

function drawn(range: { low: number; high: number; log: boolean; integer: boolean }, random: Random): number {
  const { low, high, log, integer } = range;
  const share = random.next() / 2 ** 32;
  // Each whole number has the same width, those at the ends too.
  const [from, to] = integer ? [Math.ceil(low) - 0.5 * Number(log), Math.floor(high) + (log ? 0.5 : 1)] : [low, high];
  const value = log ? Math.exp(Math.log(from) + share * (Math.log(to) - Math.log(from))) : from + share * (to - from);
  if (!integer) return Math.min(high, Math.max(low, value));
  return Math.min(Math.floor(high), Math.max(Math.ceil(low), log ? Math.round(value) : Math.floor(value)));
}
