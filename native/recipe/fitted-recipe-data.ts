import type { ColumnType } from '../table/table.js';
import type { TensorType } from '../table/tensor-type.js';
import { elementCount } from '../table/tensor-type.js';
import type { FittedOp, PcaOp } from './fitted-op.js';

/** A raw input column. Timestamps cannot be inputs: no step of this release turns them into features. */
export type InputColumn = ScalarInput | TensorInput;

/** An input column of one value per row that is no array. */
export interface ScalarInput {
  readonly name: string;
  readonly type: Exclude<ColumnType, 'timestamp' | 'tensor'>;
}

/** An input column of arrays; each element is a feature, in row-major order. */
export interface TensorInput extends TensorType {
  readonly name: string;
  readonly type: 'tensor';
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
  return inputs.map((input) => {
    const { name } = input;
    if (reduced.has(name)) return 0;
    if (input.type === 'tensor') return elementCount(input.shape);
    const oneHot = ops.find((op) => op.kind === 'oneHot' && op.column === name);
    return oneHot?.kind === 'oneHot' ? oneHot.categories.length : 1;
  });
}

/**
 * The features' names in order: the column's own, `column=category` for one-hot columns, `column[0]` and so on for the
 * elements of tensors; then `pca0`, `pca1` and so on for the components of all reductions.
 */
export function featureNames(data: FittedRecipeData): string[] {
  return featureGroups(data).flatMap(({ name, width, shape }) =>
    shape === null ? [name] : Array.from({ length: width }, (_, element) => `${name}[${element}]`),
  );
}

/** A feature as people see it, or all the features of a tensor column together. */
export interface FeatureGroup {
  /** The feature's name, or the tensor column's. */
  readonly name: string;
  /** How many features it stands for. */
  readonly width: number;
  /** The tensor column's shape; null for a feature of its own. */
  readonly shape: readonly number[] | null;
}

/** The features in order, a tensor column being one entry: what messages list, which 784 names would bloat. */
export function featureGroups({ inputs, ops }: FittedRecipeData): FeatureGroup[] {
  const reductions = reductionsOf({ formatVersion: 1, inputs, ops });
  const reduced = new Set(reductions.flatMap(({ columns }) => columns));
  const single = (name: string): FeatureGroup => ({ name, width: 1, shape: null });
  const own = inputs.flatMap((input): FeatureGroup[] => {
    const { name } = input;
    if (reduced.has(name)) return [];
    if (input.type === 'tensor') return [{ name, width: elementCount(input.shape), shape: input.shape }];
    const oneHot = ops.find((op) => op.kind === 'oneHot' && op.column === name);
    return oneHot?.kind === 'oneHot'
      ? oneHot.categories.map((category) => single(`${name}=${category}`))
      : [single(name)];
  });
  const componentCount = reductions.reduce((sum, reduction) => sum + reduction.componentCount, 0);
  return [...own, ...Array.from({ length: componentCount }, (_, index) => single(`pca${index}`))];
}

/**
 * The shape of what an estimator of images sees, [height, width] or [height, width, channels]: that of the only input
 * where it is a tensor of two or three dimensions; null otherwise.
 */
export function imageShape({ inputs }: Pick<FittedRecipeData, 'inputs'>): readonly number[] | null {
  const [only] = inputs;
  if (inputs.length !== 1 || only?.type !== 'tensor') return null;
  return only.shape.length === 2 || only.shape.length === 3 ? only.shape : null;
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
