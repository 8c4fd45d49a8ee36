import type { ColumnType } from '../table/table.js';
import type { TensorType } from '../table/tensor-type.js';
import { elementCount } from '../table/tensor-type.js';
import type { FittedOp } from './fitted-op.js';

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

/** The number of features that each input column becomes, in input order. */
export function featureWidths({ inputs, ops }: FittedRecipeData): number[] {
  return inputs.map((input) => {
    const { name } = input;
    if (input.type === 'tensor') return elementCount(input.shape);
    const oneHot = ops.find((op) => op.kind === 'oneHot' && op.column === name);
    return oneHot?.kind === 'oneHot' ? oneHot.categories.length : 1;
  });
}

/**
 * The features' names in order: the column's own, `column=category` for one-hot columns, `column[0]` and so on for the
 * elements of tensors.
 */
export function featureNames({ inputs, ops }: FittedRecipeData): string[] {
  return inputs.flatMap((input) => {
    const { name } = input;
    if (input.type === 'tensor') {
      return Array.from({ length: elementCount(input.shape) }, (_, element) => `${name}[${element}]`);
    }
    const oneHot = ops.find((op) => op.kind === 'oneHot' && op.column === name);
    return oneHot?.kind === 'oneHot' ? oneHot.categories.map((category) => `${name}=${category}`) : [name];
  });
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
export function featureGroups(data: FittedRecipeData): FeatureGroup[] {
  return data.inputs.flatMap((input): FeatureGroup[] => {
    if (input.type === 'tensor') return [{ name: input.name, width: elementCount(input.shape), shape: input.shape }];
    return featureNames({ ...data, inputs: [input] }).map((name) => ({ name, width: 1, shape: null }));
  });
}

/** The name of the feature at `index`, or of the tensor column that it is an element of. */
export function featureGroupAt(data: FittedRecipeData, index: number): string {
  let end = 0;
  for (const { name, width } of featureGroups(data)) {
    end += width;
    if (index < end) return name;
  }
  throw new RangeError(`feature ${index} must be < ${end}`);
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
    if (op.kind === 'fill' && op.column === name) return 'filled';
    if (op.kind === 'oneHot' && op.column === name) return 'encoded';
  }
  return 'missing';
}
