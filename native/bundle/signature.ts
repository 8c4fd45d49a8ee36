import type { FittedRecipeData, InputColumn } from '../recipe/fitted-recipe-data.js';
import { fateOfNull } from '../recipe/fitted-recipe-data.js';
import type { ColumnType } from '../table/table.js';

/** What a model version takes and gives: `tenon.common.v1.Signature` in plain words. */
export interface Signature {
  readonly formatVersion: 1;
  /** `nullable` says whether a prediction may hold a null there. */
  readonly inputs: readonly (InputColumn & { readonly nullable: boolean })[];
  readonly target: { readonly name: string; readonly type: ColumnType };
  readonly task: 'classification' | 'regression';
  /** The classes in the order of the probabilities, as text; empty for regression. */
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
