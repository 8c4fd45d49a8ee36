import { packageDefinition } from '../../../proto/contracts.js';
import type { RecipeStep__Output } from '../../../proto/gen/tenon/data/v1/index.js';
import type { ParameterValue } from '../estimators.js';

/** A field of a recipe step: `steps[1].min_max.upper`. */
export interface StepPath {
  /** Counts the steps from 0. */
  index: number;
  /** The step's kind, as messages spell it: `minMax`. */
  kind: string;
  /** The field, as messages spell it: `upper`. */
  field: string;
  integer: boolean;
}

interface FieldDescriptor {
  name: string;
  type: string;
  typeName: string;
}

const recipePackage = 'tenon.data.v1';
const numberTypes = new Set(['TYPE_DOUBLE', 'TYPE_FLOAT', 'TYPE_INT32', 'TYPE_INT64']);
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function fieldsOf(message: string): readonly FieldDescriptor[] {
  const definition = packageDefinition[`${recipePackage}.${message}`];
  return ((definition?.type as { field?: FieldDescriptor[] } | undefined)?.field ?? []) as FieldDescriptor[];
}

/**
 * Reads a path to a number or a choice of a recipe step; null if it is not written as one (then it names a parameter of the
 * estimator). What is wrong with a path is told in words, beginning with "must" or "is".
 */
export function stepPath(path: string, steps: readonly RecipeStep__Output[]): StepPath | { problem: string } | null {
  const match = /^steps\[(\d{1,3})\]\.([a-z_]+)\.([a-z_]+)$/.exec(path);
  if (match === null) {
    return path.startsWith('steps') ? { problem: 'must be written as steps[1].min_max.upper' } : null;
  }
  const [, place = '', kindName = '', fieldName = ''] = match;
  const index = Number(place);
  const step = steps[index];
  const kind = camel(kindName);
  if (step === undefined) return { problem: `must name one of the ${steps.length} steps, counted from 0` };
  if (step.step !== kind) return { problem: `must name what step ${index} is, ${step.step ?? 'unset'}` };
  const message =
    fieldsOf('RecipeStep')
      .find(({ name }) => camel(name) === kind)
      ?.typeName.split('.')
      .at(-1) ?? '';
  const fields = fieldsOf(message).filter(({ type }) => numberTypes.has(type) || type === 'TYPE_ENUM');
  const field = fields.find(({ name }) => snake(name) === fieldName);
  if (field === undefined) {
    const known = fields.map(({ name }) => snake(name)).join(', ');
    return {
      problem: known === '' ? `names no field that can vary: ${kindName} has none` : `must end in one of ${known}`,
    };
  }
  return { index, kind, field: camel(field.name), integer: field.type.startsWith('TYPE_INT') };
}

/** The steps with one field changed; the others are shared. */
export function withStepValue(
  steps: readonly RecipeStep__Output[],
  { index, kind, field }: StepPath,
  value: ParameterValue,
): RecipeStep__Output[] {
  return steps.map((step, place) => {
    if (place !== index) return step;
    const body = (step as unknown as Record<string, object | undefined>)[kind];
    return { ...step, [kind]: { ...body, [field]: value } };
  });
}
