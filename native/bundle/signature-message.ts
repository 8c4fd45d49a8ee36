import type { FittedRecipeData } from '../recipe/fitted-recipe-data.js';
import type { ColumnType } from '../table/table.js';
import type { Signature } from './signature.js';

const columnTypes = {
  boolean: 'COLUMN_TYPE_BOOLEAN',
  integer: 'COLUMN_TYPE_INTEGER',
  double: 'COLUMN_TYPE_DOUBLE',
  string: 'COLUMN_TYPE_STRING',
  timestamp: 'COLUMN_TYPE_TIMESTAMP',
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
      columns: signature.inputs.map(({ name, type, nullable }) => ({
        name,
        type: columnTypes[type],
        nullable,
        categories: categoriesOf(name),
      })),
    },
    target: target && { name: target.name, type: columnTypes[target.type], nullable: false, categories: [] },
    task: tasks[task],
    classes: [...classes],
  };
}
