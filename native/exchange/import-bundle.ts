import type { BundleFile } from '../bundle/bundle.js';
import { writeBundle } from '../bundle/bundle.js';
import { type Signature, signatureOf } from '../bundle/signature.js';
import { loadModel } from '../estimators/load-model.js';
import { ModelError } from '../estimators/model-error.js';
import type { FittedOp } from '../recipe/fitted-op.js';
import { type FittedRecipe, fittedRecipeOf } from '../recipe/fitted-recipe.js';
import type { Cell } from '../table/table.js';
import { unsupported } from './exchange-error.js';
import type { ImportedModel } from './imported-model.js';
import { probeRows } from './probe-rows.js';

/** What people may tell of a model whose file does not; empty for what the file says, or else for numbers. */
export interface ImportNames {
  /** One per feature, in order. */
  readonly features: readonly string[];
  /** One per class, in the order of the probabilities. */
  readonly classes: readonly string[];
  /** The name of what is predicted; empty for `prediction`. */
  readonly target: string;
}

/** A model of another library as the files of a version. */
export interface ImportedBundle {
  readonly files: readonly BundleFile[];
  readonly signature: Signature;
  readonly recipe: FittedRecipe;
  readonly importances: readonly number[];
}

/** The longest name of a column. */
const maxNameLength = 128;

/**
 * The files of a version that scores as the model does: features are columns of numbers, scaled where the model's file
 * scales them. Throws ExchangeError for names that do not fit, and for arrays that are no model.
 */
export function importBundle(imported: ImportedModel, names: ImportNames): ImportedBundle {
  const inputs = namesOf('feature_names', names.features, imported.featureNames, imported.featureCount, 'feature_');
  const target = names.target === '' ? 'prediction' : names.target;
  if (inputs.includes(target)) throw unsupported('target', target, 'must not be the name of a feature');
  const { task, classCount } = imported;
  const classes = task === 'classification' ? namesOf('classes', names.classes, imported.classes, classCount, '') : [];
  if (task === 'regression' && names.classes.length > 0) {
    throw unsupported('classes', names.classes.length, 'must be 0: the model predicts numbers');
  }
  const recipe = fittedRecipeOf({
    formatVersion: 1,
    inputs: inputs.map((name) => ({ name, type: 'double' })),
    ops: opsOf(imported, inputs),
  });
  const signature = signatureOf(recipe.data, {
    target: { name: target, type: task === 'regression' ? 'double' : typeOf(classes) },
    task,
    classes,
    acceptsMissing: imported.acceptsMissing,
  });
  let model: ReturnType<typeof loadModel>;
  try {
    model = loadModel(imported.model);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw unsupported(error.field, error.seen, error.bound);
  }
  try {
    const parityRows: Cell[][] = probeRows(imported);
    const files = writeBundle({ model, recipe, signature, parityRows });
    return { files, signature, recipe, importances: [...(model.importances ?? [])] };
  } finally {
    model.dispose();
  }
}

function namesOf(
  field: string,
  given: readonly string[],
  told: readonly string[] | null,
  count: number,
  prefix: string,
): readonly string[] {
  const names = given.length > 0 ? given : (told ?? Array.from({ length: count }, (_, index) => `${prefix}${index}`));
  if (names.length !== count) throw unsupported(field, names.length, `must be ${count}, as the model has`);
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    const at = `${field}[${index}]`;
    if (name.length < 1 || name.length > maxNameLength) {
      throw unsupported(at, name, `must have 1 to ${maxNameLength} characters`);
    }
    if (seen.has(name)) throw unsupported(at, name, 'must not be there twice');
    seen.add(name);
  }
  return names;
}

/** Whole numbers where all classes are some. */
function typeOf(classes: readonly string[]): 'integer' | 'string' {
  return classes.every((name) => /^(0|-?[1-9]\d{0,14})$/.test(name)) ? 'integer' : 'string';
}

function opsOf({ steps }: ImportedModel, inputs: readonly string[]): FittedOp[] {
  return steps.flatMap((step, index): FittedOp[] => {
    if (step === null) return [];
    const { fill, center, span, lower } = step;
    const column = inputs[index] as string;
    const scales = center !== 0 || span !== 1 || lower !== 0;
    return [
      ...(fill === null ? [] : [{ kind: 'fill', column, fill: { type: 'double', value: fill } } as const]),
      ...(scales ? [{ kind: 'scale', column, center, divisor: 1, span, lower } as const] : []),
    ];
  });
}
