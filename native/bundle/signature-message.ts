import type { FittedRecipeData } from '../recipe/fitted-recipe-data.js';
import type { ColumnType } from '../table/table.js';
import { nameOfElementType, type TensorType } from '../table/tensor-type.js';
import type { Signature } from './signature.js';

const columnTypes = {
  boolean: 'COLUMN_TYPE_BOOLEAN',
  integer: 'COLUMN_TYPE_INTEGER',
  double: 'COLUMN_TYPE_DOUBLE',
  string: 'COLUMN_TYPE_STRING',
  timestamp: 'COLUMN_TYPE_TIMESTAMP',
  tensor: 'COLUMN_TYPE_TENSOR',
} as const satisfies Record<ColumnType, string>;

const tasks = {
  classification: 'TASK_CLASSIFICATION',
  regression: 'TASK_REGRESSION',
  clustering: 'TASK_CLUSTERING',
} as const;

/** A `tenon.common.v1.Column`. */
export interface ColumnMessage {
  name: string;
  type: (typeof columnTypes)[ColumnType];
  nullable: boolean;
  categories: string[];
  /** The element type and shape of a tensor column; null for every other type. */
  tensor: TensorTypeMessage | null;
}

/** A `tenon.common.v1.TensorType`. */
export interface TensorTypeMessage {
  dtype: ReturnType<typeof nameOfElementType>;
  shape: number[];
}

/** The element type and shape of an input as the contract shows them; null where it is no tensor. */
export function tensorMessage(
  input: { readonly type: Exclude<ColumnType, 'tensor'> } | ({ readonly type: 'tensor' } & TensorType),
): TensorTypeMessage | null {
  return input.type === 'tensor' ? { dtype: nameOfElementType(input.dtype), shape: [...input.shape] } : null;
}

/** A `tenon.common.v1.Signature`. */
export interface SignatureMessage {
  inputs: { columns: ColumnMessage[] };
  target: ColumnMessage | null;
  task: (typeof tasks)[Signature['task']];
  classes: string[];
}

/** The signature as the contract shows it; an encoded input tells the categories that its encoder knows. */
export function signatureMessage(signature: Signature, recipe: FittedRecipeData): SignatureMessage {
  const categoriesOf = (column: string) => {
    const op = recipe.ops.find(
      (other) => (other.kind === 'oneHot' || other.kind === 'ordinal') && other.column === column,
    );
    return op?.kind === 'oneHot' || op?.kind === 'ordinal' ? [...op.categories] : [];
  };
  const { target, task, classes } = signature;
  return {
    inputs: {
      columns: signature.inputs.map((input) => ({
        name: input.name,
        type: columnTypes[input.type],
        nullable: input.nullable,
        categories: categoriesOf(input.name),
        tensor: tensorMessage(input),
      })),
    },
    target: target && {
      name: target.name,
      type: columnTypes[target.type],
      nullable: false,
      categories: [],
      tensor: null,
    },
    task: tasks[task],
    classes: [...classes],
  };
}
