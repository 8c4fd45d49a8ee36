import { shapeBound } from '../table/tensor-type.js';
import type { FillOp, FillValue, FittedOp, PcaOp } from './fitted-op.js';
import type { FittedRecipe } from './fitted-recipe.js';
import { fittedRecipeOf } from './fitted-recipe.js';
import type { FittedRecipeData, InputColumn } from './fitted-recipe-data.js';
import { numbersOf } from './projection.js';
import { RecipeError } from './recipe-error.js';

const maxInputs = 100_000;
const maxCategoriesPerOp = 10_000_000;

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a fitted recipe from parsed JSON of any origin. Everything is checked and nothing
 * unknown is accepted. Throws RecipeError INVALID_FIELD naming the place (`ops[3].divisor`).
 */
export function fittedRecipeFromJSON(json: unknown): FittedRecipe {
  const root = objectAt(json, 'recipe', ['formatVersion', 'inputs', 'ops']);
  if (root['formatVersion'] !== 1)
    throw wrong('formatVersion', root['formatVersion'], 'must be 1, the only layout this release reads');
  const inputs = arrayAt(root['inputs'], 'inputs', maxInputs).map((input, index) => inputAt(input, `inputs[${index}]`));
  if (inputs.length === 0) throw wrong('inputs', 0, 'columns must be >= 1');
  const types = new Map<string, string>(inputs.map(({ name, type }) => [name, type]));
  if (types.size !== inputs.length) throw wrong('inputs', inputs.length, 'must have unique names');
  const ops = arrayAt(root['ops'], 'ops', maxInputs * 100).map((op, index) => opAt(op, `ops[${index}]`, types));
  for (const [name, type] of types) if (type === 'string') throw wrong('ops', name, 'is text and must be encoded');
  const data: FittedRecipeData = { formatVersion: 1, inputs, ops };
  const recipe = fittedRecipeOf(data);
  if (recipe.featureCount === 0) throw wrong('ops', 0, 'features must be >= 1');
  return recipe;
}

function inputAt(json: unknown, field: string): InputColumn {
  if (objectAt(json, field)['type'] === 'tensor') return tensorAt(json, field);
  const { name, type } = objectAt(json, field, ['name', 'type']);
  if (type !== 'boolean' && type !== 'integer' && type !== 'double' && type !== 'string') {
    throw wrong(`${field}.type`, type, 'must be boolean, integer, double, string or tensor');
  }
  return { name: textAt(name, `${field}.name`), type };
}

function tensorAt(json: unknown, field: string): InputColumn {
  const { name, dtype, shape } = objectAt(json, field, ['name', 'type', 'dtype', 'shape']);
  if (dtype !== 'u8' && dtype !== 'f32') throw wrong(`${field}.dtype`, dtype, 'must be u8 or f32');
  if (!Array.isArray(shape)) throw wrong(`${field}.shape`, shape, 'must be an array');
  const bound = shapeBound(shape as number[]);
  if (bound !== null) throw wrong(`${field}.shape`, shape, bound);
  return { name: textAt(name, `${field}.name`), type: 'tensor', dtype, shape: shape as number[] };
}

/** Reads one operation and follows what it does to the columns' types. */
function opAt(json: unknown, field: string, types: Map<string, string>): FittedOp {
  const { kind } = objectAt(json, field);
  switch (kind) {
    case 'dropMissing':
    case 'dropDuplicates': {
      const { columns } = objectAt(json, field, ['kind', 'columns']);
      const names = arrayAt(columns, `${field}.columns`, maxInputs).map((name, index) => {
        const at = `${field}.columns[${index}]`;
        return typed(
          textAt(name, at),
          at,
          types,
          kind === 'dropDuplicates' ? null : ['boolean', 'integer', 'double', 'string', 'tensor'],
        );
      });
      return { kind, columns: names };
    }
    case 'fill':
      return fillAt(json, field, types);
    case 'scale': {
      const op = objectAt(json, field, ['kind', 'column', 'center', 'divisor', 'span', 'lower']);
      const column = typed(textAt(op['column'], `${field}.column`), `${field}.column`, types, [
        'integer',
        'double',
        'tensor',
      ]);
      const [center, divisor, span, lower] = (['center', 'divisor', 'span', 'lower'] as const).map((key) =>
        finiteAt(op[key], `${field}.${key}`),
      ) as [number, number, number, number];
      if (divisor < 0) throw wrong(`${field}.divisor`, divisor, 'must be >= 0');
      // A tensor keeps its shape.
      if (types.get(column) !== 'tensor') types.set(column, 'double');
      return { kind, column, center, divisor, span, lower };
    }
    case 'oneHot':
    case 'ordinal': {
      const op = objectAt(json, field, ['kind', 'column', 'categories', 'unknown']);
      const column = typed(textAt(op['column'], `${field}.column`), `${field}.column`, types, [
        'string',
        'boolean',
        'integer',
      ]);
      const categories = arrayAt(op['categories'], `${field}.categories`, maxCategoriesPerOp).map((category, index) => {
        if (typeof category !== 'string') throw wrong(`${field}.categories[${index}]`, category, 'must be text');
        return category;
      });
      if (new Set(categories).size !== categories.length)
        throw wrong(`${field}.categories`, categories.length, 'must be unique');
      const { unknown } = op;
      if (unknown !== 'error' && unknown !== 'ignore')
        throw wrong(`${field}.unknown`, unknown, 'must be error or ignore');
      types.set(column, kind === 'oneHot' ? 'encoded' : 'double');
      return { kind, column, categories, unknown };
    }
    case 'pca':
      return pcaAt(json, field, types);
    default:
      throw wrong(`${field}.kind`, kind, 'must be a known operation');
  }
}

function fillAt(json: unknown, field: string, types: Map<string, string>): FillOp {
  const op = objectAt(json, field, ['kind', 'column', 'fill']);
  const { type, value } = objectAt(op['fill'], `${field}.fill`, ['type', 'value']);
  const taken = type === 'double' ? ['double', 'integer'] : [String(type)];
  const column = typed(textAt(op['column'], `${field}.column`), `${field}.column`, types, taken);
  const at = `${field}.fill.value`;
  let fill: FillValue;
  if (type === 'double') {
    fill = { type, value: finiteAt(value, at) };
    types.set(column, 'double');
  } else if (type === 'boolean' && typeof value === 'boolean') fill = { type, value };
  else if (type === 'string' && typeof value === 'string') fill = { type, value };
  else if (type === 'integer' && typeof value === 'string' && isInt64(value)) fill = { type, value };
  else throw wrong(at, value, `must be of type ${String(type)}`);
  return { kind: 'fill', column, fill };
}

function pcaAt(json: unknown, field: string, types: Map<string, string>): PcaOp {
  const op = objectAt(json, field, ['kind', 'columns', 'componentCount', 'mean', 'weights']);
  const columns = arrayAt(op['columns'], `${field}.columns`, maxInputs).map((name, index) => {
    const at = `${field}.columns[${index}]`;
    const column = typed(textAt(name, at), at, types, ['integer', 'double']);
    types.set(column, 'reduced');
    return column;
  });
  if (columns.length === 0) throw wrong(`${field}.columns`, 0, 'columns must be >= 1');
  const { componentCount } = op;
  if (typeof componentCount !== 'number' || !Number.isInteger(componentCount) || componentCount < 1) {
    throw wrong(`${field}.componentCount`, componentCount, 'must be a whole number >= 1');
  }
  if (componentCount > columns.length) {
    throw wrong(`${field}.componentCount`, componentCount, `must be <= ${columns.length}, the columns`);
  }
  const base64At = (key: 'mean' | 'weights', numbers: Float64Array | Float32Array | null, count: number): string => {
    if (numbers === null || numbers.length !== count) {
      throw wrong(`${field}.${key}`, numbers?.length ?? null, `numbers in base64 must be ${count}`);
    }
    if (!numbers.every(Number.isFinite)) throw wrong(`${field}.${key}`, Number.NaN, 'must all be finite');
    return op[key] as string;
  };
  const text = (key: 'mean' | 'weights') => (typeof op[key] === 'string' ? (op[key] as string) : '');
  const mean = base64At('mean', numbersOf(text('mean'), Float64Array), columns.length);
  const weights = base64At('weights', numbersOf(text('weights'), Float32Array), componentCount * columns.length);
  return { kind: 'pca', columns, componentCount, mean, weights };
}

function isInt64(text: string): boolean {
  return /^(0|-?[1-9]\d{0,18})$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function typed(
  name: string,
  field: string,
  types: ReadonlyMap<string, string>,
  taken: readonly string[] | null,
): string {
  const type = types.get(name);
  if (type === undefined) throw wrong(field, name, 'must be an input column');
  if (taken !== null && !taken.includes(type))
    throw wrong(field, name, `is ${type} here; must be ${taken.join(' or ')}`);
  return name;
}

function objectAt(json: unknown, field: string, keys?: readonly string[]): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong(field, json, 'must be an object');
  if (keys !== undefined) {
    for (const key of Object.keys(json))
      if (!keys.includes(key)) throw wrong(`${field}.${key}`, key, 'is no known key');
    for (const key of keys) if (!Object.hasOwn(json, key)) throw wrong(`${field}.${key}`, null, 'must be there');
  }
  return json as Json;
}

function arrayAt(json: unknown, field: string, most: number): readonly unknown[] {
  if (!Array.isArray(json)) throw wrong(field, json, 'must be an array');
  if (json.length > most) throw wrong(field, json.length, `entries must be <= ${most}`);
  return json;
}

function textAt(json: unknown, field: string): string {
  if (typeof json !== 'string' || json.length < 1 || json.length > 128)
    throw wrong(field, json, 'must be text of 1 to 128 characters');
  return json;
}

function finiteAt(json: unknown, field: string): number {
  if (typeof json !== 'number' || !Number.isFinite(json)) throw wrong(field, json, 'must be a finite number');
  return json;
}

function wrong(field: string, seen: unknown, bound: string): RecipeError {
  return new RecipeError('INVALID_FIELD', field, seen, bound);
}
