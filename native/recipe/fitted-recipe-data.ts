import type { ColumnType } from '../table/table.js';
import type { FittedOp, PcaOp } from './fitted-op.js';

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

/** The reductions in order; their components stand behind the features of single columns. */
export function reductionsOf({ ops }: FittedRecipeData): PcaOp[] {
  return ops.filter((op) => op.kind === 'pca');
}

/** The number of features that each input column becomes by itself, in input order; 0 once it is reduced. */
export function featureWidths({ inputs, ops }: FittedRecipeData): number[] {
  const reduced = new Set(reductionsOf({ formatVersion: 1, inputs, ops }).flatMap(({ columns }) => columns));
  return inputs.map(({ name }) => {
    if (reduced.has(name)) return 0;
    const oneHot = ops.find((op) => op.kind === 'oneHot' && op.column === name);
    return oneHot?.kind === 'oneHot' ? oneHot.categories.length : 1;
  });
}

/**
 * The features' names in order: the column's own, or `column=category` for one-hot columns; then `pca0`,
 * `pca1` and so on for the components of all reductions.
 */
export function featureNames({ inputs, ops }: FittedRecipeData): string[] {
  const reductions = reductionsOf({ formatVersion: 1, inputs, ops });
  const reduced = new Set(reductions.flatMap(({ columns }) => columns));
  const own = inputs.flatMap(({ name }) => {
    if (reduced.has(name)) return [];
    const oneHot = ops.find((op) => op.kind === 'oneHot' && op.column === name);
    return oneHot?.kind === 'oneHot' ? oneHot.categories.map((category) => `${name}=${category}`) : [name];
  });
  const componentCount = reductions.reduce((sum, reduction) => sum + reduction.componentCount, 0);
  return [...own, ...Array.from({ length: componentCount }, (_, index) => `pca${index}`)];
}

/**
 * What becomes of a null in an input column: replaced (`filled`), all zeros (`encoded`),
 * a missing feature (`missing`), or no row at all (`refused`).
 */
export function fateOfNull({ ops }: FittedRecipeData, name: string): 'filled' | 'encoded' | 'missing' | 'refused' {
  for (const op of ops) {
    if (op.kind === 'dropMissing' && op.columns.includes(name)) return 'refused';
    if (op.kind === 'pca' && op.columns.includes(name)) return 'refused';
    if (op.kind === 'fill' && op.column === name) return 'filled';
    if (op.kind === 'oneHot' && op.column === name) return 'encoded';
  }
  return 'missing';
}
