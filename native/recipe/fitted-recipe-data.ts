import type { ColumnType } from '../table/table.js';
import type { FittedOp } from './fitted-op.js';

/** A raw input column. Timestamps cannot be inputs: no step of this release turns them into features. */
export interface InputColumn {
  readonly name: string;
  readonly type: Exclude<ColumnType, 'timestamp'>;
}

/** A fitted recipe as data: what `recipe.json` holds. */
export interface FittedRecipeData {
  /** The version of this layout; readers refuse any other. */
  readonly formatVersion: 1;
  readonly inputs: readonly InputColumn[];
  /** In order of application. */
  readonly ops: readonly FittedOp[];
}

/** The number of features that each input column becomes, in input order. */
export function featureWidths({ inputs, ops }: FittedRecipeData): number[] {
  return inputs.map(({ name }) => {
    const oneHot = ops.find((op) => op.kind === 'oneHot' && op.column === name);
    return oneHot?.kind === 'oneHot' ? oneHot.categories.length : 1;
  });
}

/** The features' names in order: the column's own, or `column=category` for one-hot columns. */
export function featureNames({ inputs, ops }: FittedRecipeData): string[] {
  return inputs.flatMap(({ name }) => {
    const oneHot = ops.find((op) => op.kind === 'oneHot' && op.column === name);
    return oneHot?.kind === 'oneHot' ? oneHot.categories.map((category) => `${name}=${category}`) : [name];
  });
}

/**
 * What becomes of a null in an input column: replaced (`filled`), all zeros (`encoded`),
 * a missing feature (`missing`), or no row at all (`refused`).
 */
export function fateOfNull({ ops }: FittedRecipeData, name: string): 'filled' | 'encoded' | 'missing' | 'refused' {
  for (const op of ops) {
    if (op.kind === 'dropMissing' && op.columns.includes(name)) return 'refused';
    if (op.kind === 'fill' && op.column === name) return 'filled';
    if (op.kind === 'oneHot' && op.column === name) return 'encoded';
  }
  return 'missing';
}
