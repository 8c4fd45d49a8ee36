import type { Cell } from '../table/table.js';
import { RecipeError } from './recipe-error.js';
import type { FillStrategy, RecipeStep, UnknownCategory } from './recipe-step.js';
import { maxCategories, maxSteps, stepFields } from './recipe-step.js';

/** `tenon.common.v1.Value` as it arrives; an unset value is null. */
export interface ValueLike {
  readonly kind?: string | undefined;
  readonly boolValue?: boolean | undefined;
  readonly integerValue?: number | undefined;
  readonly doubleValue?: number | undefined;
  readonly stringValue?: string | undefined;
  readonly timestampValue?: { readonly seconds: number; readonly nanos: number } | null | undefined;
  readonly tensorValue?:
    | { readonly dtype: string; readonly shape: readonly number[]; readonly data: Uint8Array }
    | null
    | undefined;
}

/** `tenon.data.v1.RecipeStep` as it arrives. */
export interface RecipeStepLike {
  readonly columns: readonly string[];
  readonly step?: string | undefined;
  readonly fillMissing?: { readonly strategy: string; readonly constant: ValueLike | null } | null | undefined;
  readonly minMax?: { readonly lower: number; readonly upper: number } | null | undefined;
  readonly robust?: { readonly lowerQuantile: number; readonly upperQuantile: number } | null | undefined;
  readonly pca?:
    | { readonly components: number; readonly explainedVariance: number; readonly whiten: boolean }
    | null
    | undefined;
  readonly oneHot?: { readonly unknown: string; readonly maxCategories: number } | null | undefined;
  readonly ordinal?: { readonly unknown: string } | null | undefined;
}

const strategies: ReadonlyMap<string, FillStrategy> = new Map([
  ['STRATEGY_UNSPECIFIED', 'default'],
  ['STRATEGY_MEAN', 'mean'],
  ['STRATEGY_MEDIAN', 'median'],
  ['STRATEGY_MODE', 'mode'],
  ['STRATEGY_CONSTANT', 'constant'],
]);

const unknowns: ReadonlyMap<string, UnknownCategory> = new Map([
  ['UNKNOWN_CATEGORY_UNSPECIFIED', 'error'],
  ['UNKNOWN_CATEGORY_ERROR', 'error'],
  ['UNKNOWN_CATEGORY_IGNORE', 'ignore'],
]);

/**
 * Checks the steps of a request and writes out their defaults. `field` is where they stand
 * in the request (`recipe.steps`). Whether the columns exist is decided by `fitRecipe`.
 * Throws RecipeError INVALID_FIELD or NOT_FINITE.
 */
export function stepsFromMessage(steps: readonly RecipeStepLike[], field = 'steps'): RecipeStep[] {
  if (steps.length > maxSteps)
    throw new RecipeError('INVALID_FIELD', field, steps.length, `steps must be <= ${maxSteps}`);
  return steps.map((step, index) => stepFromMessage(step, `${field}[${index}]`));
}

function stepFromMessage(message: RecipeStepLike, field: string): RecipeStep {
  const columns = columnsOf(message.columns, `${field}.columns`);
  switch (message.step) {
    case 'dropMissing':
    case 'dropDuplicates':
    case 'standardize':
    case 'maxAbs':
      return { kind: message.step, columns };
    case 'fillMissing':
      return { kind: 'fillMissing', columns, ...fillOf(message.fillMissing, `${field}.fill_missing`) };
    case 'minMax':
      return { kind: 'minMax', columns, ...intervalOf(message.minMax, `${field}.min_max`) };
    case 'robust':
      return { kind: 'robust', columns, ...quantilesOf(message.robust, `${field}.robust`) };
    case 'pca':
      return { kind: 'pca', columns, ...pcaOf(message.pca, `${field}.pca`) };
    case 'oneHot': {
      const most = message.oneHot?.maxCategories ?? 0;
      if (most < 0 || most > maxCategories.most) {
        const bound = `must be 0 to ${maxCategories.most}`;
        throw new RecipeError('INVALID_FIELD', `${field}.one_hot.max_categories`, most, bound);
      }
      const unknown = unknownOf(message.oneHot?.unknown, `${field}.one_hot.unknown`);
      return { kind: 'oneHot', columns, unknown, maxCategories: most === 0 ? maxCategories.unstated : most };
    }
    case 'ordinal':
      return { kind: 'ordinal', columns, unknown: unknownOf(message.ordinal?.unknown, `${field}.ordinal.unknown`) };
    default: {
      const bound = `must be one of ${Object.values(stepFields).join(', ')}`;
      throw new RecipeError('INVALID_FIELD', `${field}.step`, message.step ?? null, bound);
    }
  }
}

function columnsOf(columns: readonly string[], field: string): string[] {
  for (const [index, column] of columns.entries()) {
    if (column.length < 1 || column.length > 128) {
      throw new RecipeError('INVALID_FIELD', `${field}[${index}]`, column, 'must have 1 to 128 characters');
    }
    if (columns.indexOf(column) < index) {
      throw new RecipeError('INVALID_FIELD', `${field}[${index}]`, column, 'must be named once', { column });
    }
  }
  return [...columns];
}

function fillOf(message: RecipeStepLike['fillMissing'], field: string): { strategy: FillStrategy; constant: Cell } {
  const strategy = strategies.get(message?.strategy ?? 'STRATEGY_UNSPECIFIED');
  if (strategy === undefined) {
    throw new RecipeError(
      'INVALID_FIELD',
      `${field}.strategy`,
      message?.strategy,
      `must be one of ${[...strategies.keys()].join(', ')}`,
    );
  }
  const constant = message?.constant ?? null;
  if (strategy !== 'constant') {
    if (constant !== null && cellOf(constant, `${field}.constant`) !== null) {
      throw new RecipeError(
        'INVALID_FIELD',
        `${field}.constant`,
        cellOf(constant, field),
        'must be left out unless strategy is STRATEGY_CONSTANT',
      );
    }
    return { strategy, constant: null };
  }
  const cell = constant === null ? null : cellOf(constant, `${field}.constant`);
  if (cell === null)
    throw new RecipeError('INVALID_FIELD', `${field}.constant`, null, 'must be a value with STRATEGY_CONSTANT');
  return { strategy, constant: cell };
}

function cellOf(value: ValueLike, field: string): Cell {
  switch (value.kind) {
    case undefined:
    case 'nullValue':
      return null;
    case 'boolValue':
      return value.boolValue ?? false;
    case 'stringValue':
      return value.stringValue ?? '';
    case 'integerValue': {
      // A bigint marks that the sender meant a whole number; `fitRecipe` widens it for double columns.
      const whole = value.integerValue ?? 0;
      if (!Number.isSafeInteger(whole)) {
        throw new RecipeError(
          'INVALID_FIELD',
          field,
          whole,
          'must be within ±(2^53 - 1); send larger integers as string_value',
        );
      }
      return BigInt(whole);
    }
    case 'doubleValue': {
      const number = value.doubleValue ?? 0;
      if (!Number.isFinite(number)) throw new RecipeError('NOT_FINITE', field, number, 'must be finite');
      return number;
    }
    default:
      throw new RecipeError('INVALID_FIELD', field, value.kind, 'must be a boolean, integer, double or string value');
  }
}

function intervalOf(message: RecipeStepLike['minMax'], field: string): { lower: number; upper: number } {
  const lower = message?.lower ?? 0;
  const sent = message?.upper ?? 0;
  const upper = lower === 0 && sent === 0 ? 1 : sent;
  if (!Number.isFinite(lower)) throw new RecipeError('NOT_FINITE', `${field}.lower`, lower, 'must be finite');
  if (!Number.isFinite(upper)) throw new RecipeError('NOT_FINITE', `${field}.upper`, upper, 'must be finite');
  if (lower >= upper) throw new RecipeError('INVALID_FIELD', `${field}.lower`, lower, `must be < upper, ${upper}`);
  return { lower, upper };
}

function quantilesOf(
  message: RecipeStepLike['robust'],
  field: string,
): { lowerQuantile: number; upperQuantile: number } {
  const { lowerQuantile: low = 0, upperQuantile: high = 0 } = message ?? {};
  const unset = low === 0 && high === 0;
  const [lowerQuantile, upperQuantile] = unset ? [0.25, 0.75] : [low, high];
  if (!(lowerQuantile >= 0 && lowerQuantile < upperQuantile)) {
    const bound = `must be >= 0 and < upper_quantile, ${upperQuantile}`;
    throw new RecipeError('INVALID_FIELD', `${field}.lower_quantile`, lowerQuantile, bound);
  }
  if (!(upperQuantile <= 1)) {
    throw new RecipeError('INVALID_FIELD', `${field}.upper_quantile`, upperQuantile, 'must be <= 1');
  }
  return { lowerQuantile, upperQuantile };
}

function pcaOf(
  message: RecipeStepLike['pca'],
  field: string,
): { components: number; explainedVariance: number; whiten: boolean } {
  const { components = 0, explainedVariance: asked = 0, whiten = false } = message ?? {};
  if (components < 0) throw new RecipeError('INVALID_FIELD', `${field}.components`, components, 'must be >= 0');
  if (components > 0 && asked !== 0) {
    const bound = `must be left out together with components, ${components}`;
    throw new RecipeError('INVALID_FIELD', `${field}.explained_variance`, asked, bound);
  }
  const explainedVariance = asked === 0 ? 0.95 : asked;
  if (!(explainedVariance > 0 && explainedVariance <= 1)) {
    const bound = 'must be above 0 to 1, or 0 for 0.95';
    throw new RecipeError('INVALID_FIELD', `${field}.explained_variance`, asked, bound);
  }
  return { components, explainedVariance, whiten };
}

function unknownOf(name: string | undefined, field: string): UnknownCategory {
  const unknown = unknowns.get(name ?? 'UNKNOWN_CATEGORY_UNSPECIFIED');
  if (unknown === undefined) {
    throw new RecipeError('INVALID_FIELD', field, name, `must be one of ${[...unknowns.keys()].join(', ')}`);
  }
  return unknown;
}
