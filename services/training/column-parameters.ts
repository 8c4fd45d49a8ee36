import type { FittedRecipeData } from '../../native/recipe/fitted-recipe-data.js';
import { featureWidths } from '../../native/recipe/fitted-recipe-data.js';
import { entryPath } from '../../native/table/table-error.js';
import { invalidField } from '../mesh/errors.js';
import { unknownColumn } from './errors.js';
import type { ParameterInfo, ParameterValue } from './estimators.js';

// Parameters that name columns. Estimators know features by number alone, so that these are read here and become
// numbers once the recipe is fitted.

const categorical = 'categorical_columns';
const monotone = 'monotone_constraints';
const automatic = 'automatic';

/** The parameters of estimators that split columns of categories by sets of them. */
export const categoricalColumns: ParameterInfo = {
  name: categorical,
  type: 'columns',
  default: automatic,
  help: 'Columns whose numbers are categories without an order, which are split by sets of them; automatic for the columns that an ordinal step encodes, none for none.',
};

/** The parameters of estimators whose predictions can be made to follow a column. */
export const monotoneConstraints: ParameterInfo = {
  name: monotone,
  type: 'column_signs',
  default: '',
  help: 'Columns with which predictions must never fall (1) or never rise (-1), as "size=1,age=-1"; not for more than two classes.',
};

/** What a fit says of its columns, by name. */
export interface ColumnParameters {
  /** Null for what an ordinal step encodes. */
  readonly categorical: readonly string[] | null;
  readonly monotone: ReadonlyMap<string, number>;
  /** Where the parameters stand in the request. */
  readonly field: string;
}

/** The same by the number of the feature; null for none. */
export interface ColumnRoles {
  readonly categorical: Uint8Array | null;
  readonly monotone: Int8Array | null;
}

/** Parameters that name columns apart from the others; null where the estimator takes none such. Throws INVALID_FIELD. */
export function columnParametersOf(
  known: readonly ParameterInfo[],
  given: Readonly<Record<string, ParameterValue>>,
  field: string,
): { columns: ColumnParameters | null; others: Record<string, ParameterValue> } {
  const takes = (name: string) => known.some((parameter) => parameter.name === name);
  const columns = takes(categorical) || takes(monotone);
  if (!columns) return { columns: null, others: { ...given } };
  const { [categorical]: named = automatic, [monotone]: signs = '', ...others } = given;
  return {
    columns: {
      categorical: named === automatic ? null : columnNames(named, entryPath(field, categorical)),
      monotone: columnSigns(signs, entryPath(field, monotone)),
      field,
    },
    others,
  };
}

function columnNames(value: ParameterValue, field: string): string[] {
  const bound = 'must be columns separated by commas, a JSON array of them, automatic or none';
  if (typeof value !== 'string' || value === '') throw invalidField(field, value, bound);
  if (value === 'none') return [];
  const names: unknown = value.startsWith('[') ? jsonOf(value) : value.split(',').map((name) => name.trim());
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string' && name !== '')) {
    throw invalidField(field, value, bound);
  }
  return names;
}

function columnSigns(value: ParameterValue, field: string): Map<string, number> {
  const bound = 'must be columns with 1, 0 or -1, as "size=1,age=-1", or a JSON object of them';
  if (typeof value !== 'string') throw invalidField(field, value, bound);
  if (value === '') return new Map();
  const pairs = value.startsWith('{')
    ? Object.entries(jsonOf(value) ?? { '': '' })
    : value.split(',').map((pair): [string, unknown] => {
        const equals = pair.lastIndexOf('=');
        return [pair.slice(0, equals).trim(), Number(pair.slice(equals + 1).trim() || Number.NaN)];
      });
  const signs = new Map<string, number>();
  for (const [name, sign] of pairs) {
    const known = typeof sign === 'number' && [-1, 0, 1].includes(sign);
    if (name === '' || !known || signs.has(name)) throw invalidField(field, value, bound);
    signs.set(name, sign);
  }
  return signs;
}

function jsonOf(text: string): object | null {
  try {
    return JSON.parse(text) as object | null;
  } catch {
    return null;
  }
}

/** A column as an estimator sees it. */
interface SeenColumn {
  readonly type: string;
  /** The number of its feature; null where it is none by itself. */
  readonly feature: number | null;
  /** Why it is none. */
  readonly gone: string;
  readonly ordinal: boolean;
}

/**
 * The roles that columns have once the recipe is fitted. Throws UNKNOWN_COLUMN for a name that is no feature, and
 * INVALID_FIELD for a column that cannot have its role.
 */
export function columnRolesOf(
  parameters: ColumnParameters | null,
  recipe: FittedRecipeData,
  classCount: number,
): ColumnRoles {
  if (parameters === null) return { categorical: null, monotone: null };
  const columns = columnsOf(recipe);
  const count = featureCountOf(recipe);
  const at = (name: string, field: string): SeenColumn & { feature: number } => {
    const column = columns.get(name);
    if (column === undefined) throw unknownColumn(field, name, [...columns.keys()]);
    const { feature, gone } = column;
    if (feature === null) throw invalidField(field, name, gone);
    return { ...column, feature };
  };

  const signs = new Int8Array(count);
  const signField = entryPath(parameters.field, monotone);
  for (const [name, sign] of parameters.monotone) {
    const { feature, type } = at(name, signField);
    if (sign === 0) continue;
    if (type === 'string') throw invalidField(signField, name, 'is text, which has no order to follow');
    if (classCount > 2) throw invalidField(signField, name, `must not be given for ${classCount} classes`);
    signs[feature] = sign;
  }

  const marks = new Uint8Array(count);
  const markField = entryPath(parameters.field, categorical);
  for (const name of parameters.categorical ?? []) {
    const { feature } = at(name, markField);
    if (signs[feature] !== 0) throw invalidField(markField, name, `must not be constrained by ${monotone} too`);
    marks[feature] = 1;
  }
  if (parameters.categorical === null) {
    for (const { feature, ordinal } of columns.values()) {
      if (feature !== null && ordinal && signs[feature] === 0) marks[feature] = 1;
    }
  }
  const some = (roles: Uint8Array | Int8Array) => roles.some((role) => role !== 0);
  return { categorical: some(marks) ? marks : null, monotone: some(signs) ? signs : null };
}

function columnsOf(recipe: FittedRecipeData): Map<string, SeenColumn> {
  const { inputs, ops } = recipe;
  const widths = featureWidths(recipe);
  let offset = 0;
  const columns = inputs.map(({ name, type }, index): [string, SeenColumn] => {
    const by = (kind: string) => ops.some((op) => op.kind === kind && 'column' in op && op.column === name);
    const oneHot = by('oneHot');
    const reduced = ops.some((op) => op.kind === 'pca' && op.columns.includes(name));
    const tensor = type === 'tensor';
    const gone = tensor
      ? 'is a tensor, whose elements are a feature each'
      : reduced
        ? 'is reduced by a pca step and no feature any more'
        : 'is one-hot encoded into several features: encode it by an ordinal step';
    const column = { type, feature: oneHot || reduced || tensor ? null : offset, gone, ordinal: by('ordinal') };
    offset += widths[index] ?? 0;
    return [name, column];
  });
  return new Map(columns);
}

function featureCountOf(recipe: FittedRecipeData): number {
  const components = recipe.ops.reduce((sum, op) => sum + (op.kind === 'pca' ? op.componentCount : 0), 0);
  return featureWidths(recipe).reduce((sum, width) => sum + width, components);
}
