import type { FittedRecipeData, InputColumn } from '../recipe/fitted-recipe-data.js';
import { fateOfNull } from '../recipe/fitted-recipe-data.js';
import type { ColumnType } from '../table/table.js';
import { BundleError, checkKeys } from './bundle-error.js';

/** What a model version takes and gives: `tenon.common.v1.Signature` in plain words. */
export interface Signature {
  readonly formatVersion: 1;
  /** `nullable` says whether a prediction may hold a null there. */
  readonly inputs: readonly (InputColumn & { readonly nullable: boolean })[];
  /** Null for clustering. */
  readonly target: { readonly name: string; readonly type: ColumnType } | null;
  readonly task: 'classification' | 'regression' | 'clustering';
  /** The classes in the order of the probabilities, as text; empty but for classification. */
  readonly classes: readonly string[];
  /** Whether the estimator scores missing features. */
  readonly acceptsMissing: boolean;
}

/** The signature of a model: a null is allowed where the recipe replaces it or the estimator bears it. */
export function signatureOf(
  recipe: FittedRecipeData,
  model: Pick<Signature, 'target' | 'task' | 'classes' | 'acceptsMissing'>,
): Signature {
  const inputs = recipe.inputs.map((input) => {
    const fate = fateOfNull(recipe, input.name);
    return { ...input, nullable: fate !== 'refused' && (fate !== 'missing' || model.acceptsMissing) };
  });
  const { target, task, classes, acceptsMissing } = model;
  return { formatVersion: 1, inputs, target, task, classes, acceptsMissing };
}

const integerText = /^(0|-?[1-9]\d{0,18})$/;

/** Reads `signature.json` of any origin. Throws BundleError unless it is complete and says what the recipe says. */
export function signatureFromJSON(json: unknown, recipe: FittedRecipeData): Signature {
  const at = 'signature.json';
  const keys = ['formatVersion', 'inputs', 'target', 'task', 'classes', 'acceptsMissing'];
  const { formatVersion, inputs, target, task, classes, acceptsMissing } = checkKeys(at, json, keys);
  if (formatVersion !== 1) throw new BundleError(`${at}.formatVersion`, formatVersion, 'must be 1');
  if (task !== 'classification' && task !== 'regression' && task !== 'clustering') {
    throw new BundleError(`${at}.task`, task, 'must be classification, regression or clustering');
  }
  if (typeof acceptsMissing !== 'boolean') {
    throw new BundleError(`${at}.acceptsMissing`, acceptsMissing, 'must be true or false');
  }
  const checkedTarget = targetFromJSON(`${at}.target`, target, task);
  const checked = {
    target: checkedTarget,
    task,
    classes: classesFromJSON(`${at}.classes`, classes, task, checkedTarget?.type ?? 'integer'),
    acceptsMissing,
  } as const;
  const expected = signatureOf(recipe, checked);
  const expectedInputs = JSON.stringify(expected.inputs);
  if (JSON.stringify(inputs) !== expectedInputs) {
    throw new BundleError(`${at}.inputs`, inputs, `must be ${expectedInputs}, as the recipe says`);
  }
  return expected;
}

function targetFromJSON(at: string, json: unknown, task: Signature['task']): Signature['target'] {
  if (task === 'clustering') {
    if (json !== null) throw new BundleError(at, json, 'must be null for clustering');
    return null;
  }
  const { name, type } = checkKeys(at, json, ['name', 'type']);
  if (typeof name !== 'string' || name === '') throw new BundleError(`${at}.name`, name, 'must be text, not empty');
  const types = task === 'regression' ? ['integer', 'double'] : ['boolean', 'integer', 'double', 'string'];
  if (typeof type !== 'string' || !types.includes(type)) {
    throw new BundleError(`${at}.type`, type, `must be one of ${types.join(', ')} for ${task}`);
  }
  return { name, type: type as ColumnType };
}

function classesFromJSON(at: string, json: unknown, task: Signature['task'], type: ColumnType): readonly string[] {
  if (!Array.isArray(json)) throw new BundleError(at, json, 'must be an array');
  if (task !== 'classification' && json.length > 0) throw new BundleError(at, json.length, `must be 0 for ${task}`);
  if (task === 'classification' && json.length < 2) throw new BundleError(at, json.length, 'must be >= 2');
  for (const [index, name] of (json as unknown[]).entries()) {
    if (typeof name !== 'string') throw new BundleError(`${at}[${index}]`, name, 'must be text');
    if (!isText(name, type)) throw new BundleError(`${at}[${index}]`, name, `must be the text of a ${type}`);
  }
  if (new Set(json).size !== json.length) throw new BundleError(at, json, 'must not repeat a class');
  return json as string[];
}

/** Whether the text is how a value of that type is written. */
function isText(text: string, type: ColumnType): boolean {
  if (type === 'boolean') return text === 'true' || text === 'false';
  if (type === 'integer') return integerText.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
  if (type === 'double') return text.trim() !== '' && Number.isFinite(Number(text));
  return true;
}
