import { entryPath } from '../../native/table/table-error.js';
import type { Value, Value__Output } from '../../proto/gen/tenon/common/v1/index.js';
import type { Estimator, EstimatorParameter } from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { maxParameters } from './limits.js';
import type { DecidedTask } from './target.js';

/** A parameter's value in plain words. */
export type ParameterValue = number | boolean | string;

/** A task in plain words. */
export type TaskId = 'classification' | 'regression' | 'clustering';

/** What the catalogue says of one parameter. */
export interface ParameterInfo {
  readonly name: string;
  readonly type: keyof typeof parameterTypes;
  readonly help: string;
  readonly default: ParameterValue;
  readonly min?: number | undefined;
  readonly minExclusive?: boolean | undefined;
  readonly max?: number | undefined;
  readonly choices?: readonly string[] | undefined;
  readonly maxItems?: number | undefined;
}

/** What the catalogue says of one estimator. */
export interface EstimatorInfo {
  /** Without `estimators/`. */
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly tasks: readonly TaskId[];
  readonly acceptsMissing: boolean;
  readonly parameters: readonly ParameterInfo[];
}

const parameterTypes = {
  integer: 'TYPE_INTEGER',
  double: 'TYPE_DOUBLE',
  boolean: 'TYPE_BOOLEAN',
  choice: 'TYPE_CHOICE',
  integers: 'TYPE_INTEGERS',
  columns: 'TYPE_COLUMNS',
  column_signs: 'TYPE_COLUMN_SIGNS',
} as const;

const taskNames = {
  classification: 'TASK_CLASSIFICATION',
  regression: 'TASK_REGRESSION',
  clustering: 'TASK_CLUSTERING',
} as const satisfies Record<TaskId, DecidedTask>;

/** The contract's name of a task. */
export function taskNamed(task: TaskId): DecidedTask {
  return taskNames[task];
}

/** The task that the contract names so. */
export function taskIdOf(task: DecidedTask): TaskId {
  if (task === 'TASK_CLUSTERING') return 'clustering';
  return task === 'TASK_CLASSIFICATION' ? 'classification' : 'regression';
}

/** The estimators as the contract shows them, ordered by name. */
export function estimatorMessages(catalogue: readonly EstimatorInfo[]): Estimator[] {
  const messages = catalogue.map(
    (info): Estimator => ({
      name: `estimators/${info.id}`,
      displayName: info.displayName,
      description: info.description,
      tasks: info.tasks.map(taskNamed),
      parameters: info.parameters.map(parameterMessage),
      acceptsMissing: info.acceptsMissing,
    }),
  );
  return messages.sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
}

function parameterMessage(info: ParameterInfo): EstimatorParameter {
  return {
    name: info.name,
    type: parameterTypes[info.type],
    help: info.help,
    defaultValue: valueOfParameter(info, info.default),
    min: info.min ?? 0,
    minExclusive: info.minExclusive ?? false,
    max: info.max ?? 0,
    choices: [...(info.choices ?? [])],
    maxItems: info.maxItems ?? 0,
  };
}

/** A parameter's value as a message of the parameter's type. */
export function valueOfParameter({ type }: Pick<ParameterInfo, 'type'>, value: ParameterValue): Value & Value__Output {
  if (typeof value === 'boolean') return { kind: 'boolValue', boolValue: value };
  if (typeof value === 'string') return { kind: 'stringValue', stringValue: value };
  return type === 'integer'
    ? { kind: 'integerValue', integerValue: value }
    : { kind: 'doubleValue', doubleValue: value };
}

/**
 * The parameters of a request as plain values, not checked against the estimator yet; `field` is where they stand. Throws
 * INVALID_FIELD naming `job.spec.estimator.parameters["max_depth"]`.
 */
export function parameterValues(
  parameters: Readonly<Record<string, Value__Output>>,
  field = 'job.spec.estimator.parameters',
): Record<string, ParameterValue> {
  const names = Object.keys(parameters);
  if (names.length > maxParameters) throw invalidField(field, names.length, `parameters must be <= ${maxParameters}`);
  // No prototype: a parameter named `__proto__` is an unknown name like any other.
  const values: Record<string, ParameterValue> = Object.create(null);
  for (const [name, value] of Object.entries(parameters)) {
    values[name] = parameterValue(value, entryPath(field, name));
  }
  return values;
}

/** One value as a plain one. Throws INVALID_FIELD. */
export function parameterValue(value: Value__Output, field: string): ParameterValue {
  switch (value.kind) {
    case 'boolValue':
      return value.boolValue ?? false;
    case 'stringValue':
      return value.stringValue ?? '';
    case 'integerValue': {
      const whole = value.integerValue ?? 0;
      if (!Number.isSafeInteger(whole)) throw invalidField(field, whole, 'must be within ±(2^53 - 1)');
      return whole;
    }
    case 'doubleValue': {
      const number = value.doubleValue ?? 0;
      if (!Number.isFinite(number)) throw invalidField(field, String(number), 'must be finite');
      return number;
    }
    default:
      throw invalidField(field, value.kind ?? null, 'must be a boolean, integer, double or string value');
  }
}
