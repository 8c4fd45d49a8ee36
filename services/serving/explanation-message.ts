import type { Explainer, ExplanationMethod, ExplanationSpace } from '../../native/explain/explainer.js';
import type {
  ExplanationMethod as MessageMethod,
  ExplanationSpace as MessageSpace,
  OutputExplanation,
} from '../../proto/gen/tenon/serving/v1/index.js';
import { largest } from './largest.js';

/** The contract's names of spaces and methods. */
export const messageSpaces = {
  value: 'EXPLANATION_SPACE_VALUE',
  'log-value': 'EXPLANATION_SPACE_LOG_VALUE',
  probability: 'EXPLANATION_SPACE_PROBABILITY',
  'log-odds': 'EXPLANATION_SPACE_LOG_ODDS',
  score: 'EXPLANATION_SPACE_SCORE',
} as const satisfies Record<ExplanationSpace, MessageSpace>;
export const messageMethods = {
  'tree-shap': 'EXPLANATION_METHOD_TREE_SHAP',
  'linear-shap': 'EXPLANATION_METHOD_LINEAR_SHAP',
  sampling: 'EXPLANATION_METHOD_SAMPLING',
} as const satisfies Record<ExplanationMethod, MessageMethod>;

/** Where the contributions to a row are: `values` is rows × outputs × groups. */
export interface RowPlace {
  readonly values: Float64Array;
  readonly row: number;
  readonly outputCount: number;
  readonly groupCount: number;
}

/** One output of the model for a row: of a class, or the number predicted, as the contract has it. */
export function outputOf({
  explainer,
  place: { values, row, outputCount, groupCount },
  classes,
  index,
  kept,
}: {
  explainer: Pick<Explainer, 'baseValues'>;
  place: RowPlace;
  classes: readonly string[];
  /** The class; 0 for regression. */
  index: number;
  /** How many contributions to tell. */
  kept: number;
}): OutputExplanation {
  // Two classes have one log-odds, of the second; that of the first is its opposite.
  const opposite = outputCount === 1 && classes.length === 2;
  const output = opposite ? 0 : index;
  const sign = opposite && index === 0 ? -1 : 1;
  const start = (row * outputCount + output) * groupCount;
  // Adding 0 turns -0 into 0.
  const own = Array.from(values.subarray(start, start + groupCount), (value) => sign * value + 0);
  const baseValue = sign * (explainer.baseValues[output] ?? Number.NaN) + 0;
  return { class: classes[index] ?? '', baseValue, ...partsOf(own, baseValue, kept) };
}

/** The largest `kept` contributions with the sum of the others, and the output that all add up to. */
function partsOf(
  own: number[],
  base: number,
  kept: number,
): Pick<OutputExplanation, 'output' | 'contributions' | 'indices' | 'rest'> {
  const output = own.reduce((sum, value) => sum + value, base);
  if (kept >= own.length) return { output, contributions: own, indices: [], rest: 0 };
  const indices = largest(own, kept);
  const contributions = indices.map((index) => own[index] ?? 0);
  for (const index of indices) own[index] = 0;
  const rest = own.reduce((sum, value) => sum + value, 0);
  return { output, contributions, indices, rest };
}
