import type { Signature } from '../../native/bundle/signature.js';
import { tensorMessage } from '../../native/bundle/signature-message.js';
import type { FittedRecipeData } from '../../native/recipe/fitted-recipe-data.js';
import { nameOfColumnType } from '../../native/table/from-chunks.js';
import type { Table } from '../../native/table/table.js';
import { cellAt, columnNamed } from '../../native/table/table.js';
import type { Signature__Output } from '../../proto/gen/tenon/common/v1/index.js';
import { taskNamed } from './estimators.js';

/** The signature as the contract shows it; encoded columns list their categories as the training rows first held them. */
export function signatureMessage(
  signature: Signature,
  recipe: FittedRecipeData,
  table: Table,
  trainRows: Uint32Array,
): Signature__Output {
  const { target, task, classes } = signature;
  return {
    inputs: {
      columns: signature.inputs.map((input) => ({
        name: input.name,
        type: nameOfColumnType(input.type),
        nullable: input.nullable,
        categories: categoriesOf(recipe, input.name, table, trainRows),
        tensor: tensorMessage(input),
      })),
    },
    target: target && {
      name: target.name,
      type: nameOfColumnType(target.type),
      nullable: false,
      categories: [],
      tensor: null,
    },
    task: taskNamed(task),
    classes: [...classes],
  };
}

function categoriesOf({ ops }: FittedRecipeData, name: string, table: Table, rows: Uint32Array): string[] {
  const encoder = ops.find((op) => (op.kind === 'oneHot' || op.kind === 'ordinal') && op.column === name);
  const column = columnNamed(table, name);
  if (encoder === undefined || !('categories' in encoder) || column === undefined) return [];
  const left = new Set(encoder.categories);
  const found: string[] = [];
  for (const row of rows) {
    if (left.size === 0) break;
    const cell = cellAt(column, row);
    if (cell !== null && left.delete(String(cell))) found.push(String(cell));
  }
  // A filled-in category may stand in no row.
  return [...found, ...left];
}
