import { nearestName } from '../table/nearest-name.js';
import { entryPath, shownValue } from '../table/table-error.js';

/** A parameter's value. */
export type ParameterValue = number | boolean | string;

/** One parameter of an estimator. Names follow scikit-learn where the idea is the same. */
export interface ParameterDefinition {
  readonly name: string;
  /** `integers` are whole numbers in a text, separated by commas: `256,128`. */
  readonly type: 'integer' | 'double' | 'boolean' | 'choice' | 'integers';
  readonly default: ParameterValue;
  /** The smallest value allowed; numbers only, of `integers` each. */
  readonly min?: number;
  /** The largest value allowed; numbers only, of `integers` each. */
  readonly max?: number;
  /** Whether `min` itself is refused. */
  readonly minExclusive?: boolean;
  /** How many `integers` there may be; at least one. */
  readonly maxItems?: number;
  /** The values allowed; choices only. */
  readonly choices?: readonly string[];
  /** One line on what it does. */
  readonly help: string;
  /**
   * Values of other parameters, any of which gives this one a meaning. A value other than the
   * default is refused without, as it would be ignored.
   */
  readonly onlyWith?: readonly { readonly parameter: string; readonly values: readonly string[] }[];
  /** Choices that go only with some values of another parameter. */
  readonly excludes?: readonly {
    readonly choice: string;
    readonly parameter: string;
    readonly values: readonly string[];
  }[];
}

/** A parameter that an estimator refuses: its field, the value seen and the bound. */
export class ParameterError extends Error {
  readonly reason = 'INVALID_FIELD';
  /** In proto spelling: `job.spec.estimator.parameters["max_depth"]`. */
  readonly field: string;
  readonly seen: unknown;
  /** In words, beginning with "must". */
  readonly bound: string;

  constructor(field: string, seen: unknown, bound: string) {
    super(`${field} ${shownValue(seen)} ${bound}`);
    this.name = 'ParameterError';
    this.field = field;
    this.seen = seen;
    this.bound = bound;
  }
}

/**
 * Every parameter of `definitions`, those not in `given` at their defaults; resolving again changes
 * nothing. Throws ParameterError
 * naming `fieldPrefix["name"]` for an unknown name, a wrong type, a value out of range, and a
 * combination that would leave a given parameter without effect.
 */
export function resolveDefinitions(
  definitions: readonly ParameterDefinition[],
  given: Readonly<Record<string, unknown>>,
  fieldPrefix: string,
): Record<string, ParameterValue> {
  const fieldOf = (name: string) => entryPath(fieldPrefix, name);
  const names = definitions.map((definition) => definition.name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const near = nearestName(name, names);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    throw new ParameterError(fieldOf(name), given[name], `must not be given: no such parameter${hint}`);
  }
  const resolved: Record<string, ParameterValue> = {};
  for (const definition of definitions) {
    const value = Object.hasOwn(given, definition.name) ? given[definition.name] : undefined;
    if (value === undefined) resolved[definition.name] = definition.default;
    else resolved[definition.name] = checkedValue(definition, value, fieldOf(definition.name));
  }
  for (const definition of definitions) {
    const { name, onlyWith, excludes = [] } = definition;
    if (onlyWith !== undefined && resolved[name] !== definition.default) {
      const used = onlyWith.some(({ parameter, values }) => values.includes(String(resolved[parameter])));
      const wanted = onlyWith.map(({ parameter, values }) => `${parameter} is ${values.join(', ')}`).join(' or ');
      if (!used) throw new ParameterError(fieldOf(name), given[name], `must not be given unless ${wanted}`);
    }
    for (const { choice, parameter, values } of excludes) {
      if (resolved[name] !== choice || !values.includes(String(resolved[parameter]))) continue;
      throw new ParameterError(
        fieldOf(name),
        choice,
        `must not be used with ${parameter} ${String(resolved[parameter])}`,
      );
    }
  }
  return resolved;
}

function checkedValue(definition: ParameterDefinition, value: unknown, field: string): ParameterValue {
  const { type, choices = [], min, max, minExclusive = false } = definition;
  if (type === 'boolean') {
    if (typeof value !== 'boolean') throw new ParameterError(field, value, 'must be true or false');
    return value;
  }
  if (type === 'choice') {
    if (typeof value === 'string' && choices.includes(value)) return value;
    throw new ParameterError(field, value, `must be one of ${choices.join(', ')}`);
  }
  if (type === 'integers') return checkedIntegers(definition, value, field);
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ParameterError(field, value, `must be ${kind}`);
  if (type === 'integer' && !Number.isSafeInteger(value)) throw new ParameterError(field, value, `must be ${kind}`);
  if (min !== undefined && (minExclusive ? value <= min : value < min)) {
    throw new ParameterError(field, value, `must be ${minExclusive ? '>' : '>='} ${min}`);
  }
  if (max !== undefined && value > max) throw new ParameterError(field, value, `must be <= ${max}`);
  return value;
}

/** One number may come as such; the result is the text `256,128` without spaces. */
function checkedIntegers(definition: ParameterDefinition, value: unknown, field: string): string {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, maxItems = 1 } = definition;
  const bound = `must be 1 to ${maxItems} whole numbers from ${min} to ${max}, separated by commas`;
  const items = (typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '').split(',');
  const numbers = items.map((item) => (/^\s*[0-9]{1,15}\s*$/.test(item) ? Number(item) : Number.NaN));
  if (items.length > maxItems || !numbers.every((number) => number >= min && number <= max)) {
    throw new ParameterError(field, value, bound);
  }
  return numbers.join(',');
}

/** A resolved number; parameters are resolved by their definitions, so another type is a bug here. */
export function numberOf(parameters: Readonly<Record<string, ParameterValue>>, name: string): number {
  const value = parameters[name];
  if (typeof value !== 'number') throw new TypeError(`parameter ${name} is not resolved to a number`);
  return value;
}

/** A resolved boolean. */
export function booleanOf(parameters: Readonly<Record<string, ParameterValue>>, name: string): boolean {
  const value = parameters[name];
  if (typeof value !== 'boolean') throw new TypeError(`parameter ${name} is not resolved to a boolean`);
  return value;
}

/** A resolved choice. */
export function choiceOf(parameters: Readonly<Record<string, ParameterValue>>, name: string): string {
  const value = parameters[name];
  if (typeof value !== 'string') throw new TypeError(`parameter ${name} is not resolved to a choice`);
  return value;
}

/** Resolved `integers`. */
export function integersOf(parameters: Readonly<Record<string, ParameterValue>>, name: string): number[] {
  return choiceOf(parameters, name).split(',').map(Number);
}
