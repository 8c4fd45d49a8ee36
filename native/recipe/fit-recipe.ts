import { setImmediate } from 'node:timers/promises';
import { nearestName } from '../table/nearest-name.js';
import type { Table } from '../table/table.js';
import { columnNamed } from '../table/table.js';
import { fitPcaStep } from './fit-pca.js';
import { fitStep } from './fit-step.js';
import type { FittedOp } from './fitted-op.js';
import type { Applied, ApplyOptions, FittedRecipe } from './fitted-recipe.js';
import { appliedOf, fittedRecipeOf } from './fitted-recipe.js';
import type { InputColumn } from './fitted-recipe-data.js';
import { reductionsOf } from './fitted-recipe-data.js';
import { projectionOf } from './projection.js';
import { RecipeError } from './recipe-error.js';
import type { RecipeStep } from './recipe-step.js';
import { runOp } from './run-op.js';
import { openWorkspace } from './workspace.js';

/** How long steps may run before others have their turn: a step over millions of cells takes tens of milliseconds. */
const turnMs = 10;

/** What a recipe is fitted on. */
export interface FitRecipeOptions {
  /** The raw input columns, in the order of the features. */
  readonly inputs: readonly string[];
  /** The rows to fit on; all when left out. No other row is looked at. */
  readonly rows?: Uint32Array;
  /** Whether the rows are made up, so that only names and types are judged. */
  readonly schemaOnly?: boolean;
  readonly signal?: AbortSignal;
  /** Where the steps and inputs stand in the request, for error paths. */
  readonly fields?: { readonly steps: string; readonly inputs: string };
}

/** A recipe with the rows it was fitted on, which its steps have run over already. */
export interface FittedOnRows {
  readonly recipe: FittedRecipe;
  /**
   * What `recipe.apply` makes of the same rows in training, without looking for nulls and duplicates again. Keeps the
   * table in memory as long as it is kept.
   */
  apply(options?: Pick<ApplyOptions, 'componentRows'>): Applied;
}

/**
 * Fits the steps in order on the given rows; each step sees what the steps before it left.
 * Statistics are f64, variances have divisor n. Rejects with RecipeError: UNKNOWN_COLUMN or
 * INVALID_FIELD naming `steps[i].columns[j]`, EMPTY_TABLE when no row is left, INVALID_FIELD
 * when an input column ends as text, is a timestamp, or is named as a component is.
 */
export async function fitRecipe(
  steps: readonly RecipeStep[],
  table: Table,
  options: FitRecipeOptions,
): Promise<FittedRecipe> {
  return (await fitRecipeOnRows(steps, table, options)).recipe;
}

/** The same for those who need the features of these rows, too. */
export async function fitRecipeOnRows(
  steps: readonly RecipeStep[],
  table: Table,
  options: FitRecipeOptions,
): Promise<FittedOnRows> {
  const fields = options.fields ?? { steps: 'steps', inputs: 'inputs' };
  const inputs = options.inputs.map((name, index) => inputColumn(table, name, `${fields.inputs}[${index}]`));
  if (inputs.length === 0) throw new RecipeError('INVALID_FIELD', fields.inputs, 0, 'columns must be >= 1');
  const workspace = openWorkspace(table, inputs, options.rows);
  if (workspace.rowCount === 0) throw new RecipeError('EMPTY_TABLE', 'table', 0, 'rows must be >= 1');
  const ops: FittedOp[] = [];
  let turnEnds = performance.now() + turnMs;
  for (const [index, step] of steps.entries()) {
    const field = `${fields.steps}[${index}]`;
    const { schemaOnly = false, signal } = options;
    const fitted =
      step.kind === 'pca'
        ? await fitPcaStep(step, workspace, field, { schemaOnly, signal })
        : fitStep(step, workspace, field);
    for (const op of fitted) {
      runOp(workspace, op, { training: true, leaveOut: false });
      ops.push(op);
    }
    if (performance.now() > turnEnds) {
      await setImmediate();
      signal?.throwIfAborted();
      turnEnds = performance.now() + turnMs;
    }
    if (workspace.rowCount === 0) throw new RecipeError('EMPTY_TABLE', field, 0, 'rows are left; must be >= 1');
  }
  for (const [index, { name }] of inputs.entries()) {
    if (workspace.columns.get(name)?.type === 'string') {
      const bound = 'is text and must be encoded: add a one_hot or ordinal step, or leave the column out';
      throw new RecipeError('INVALID_FIELD', `${fields.inputs}[${index}]`, name, bound, { column: name });
    }
  }
  const recipe = fittedRecipeOf({ formatVersion: 1, inputs, ops });
  if (recipe.featureCount === 0) throw new RecipeError('INVALID_FIELD', fields.steps, 0, 'features must be >= 1');
  const taken = new Set(Array.from({ length: componentsIn(ops) }, (_, component) => `pca${component}`));
  for (const [index, { name }] of inputs.entries()) {
    if (taken.has(name) && workspace.columns.get(name)?.type !== 'reduced') {
      const bound = 'is the name of a component: add the column to the pca step, or leave it out';
      throw new RecipeError('INVALID_FIELD', `${fields.inputs}[${index}]`, name, bound, { column: name });
    }
  }
  return {
    recipe,
    apply({ componentRows } = {}) {
      return appliedOf(workspace, recipe.data, {
        projections: reductionsOf(recipe.data).map(projectionOf),
        componentRows,
      });
    },
  };
}

function componentsIn(ops: readonly FittedOp[]): number {
  return ops.reduce((sum, op) => sum + (op.kind === 'pca' ? op.componentCount : 0), 0);
}

function inputColumn(table: Table, name: string, field: string): InputColumn {
  const column = columnNamed(table, name);
  if (column === undefined) {
    const near = nearestName(
      name,
      table.columns.map((other) => other.name),
    );
    const bound = `must be a column of the table${near === undefined ? '' : `; did you mean ${near}?`}`;
    throw new RecipeError('UNKNOWN_COLUMN', field, name, bound, { column: name });
  }
  if (column.type === 'timestamp') {
    const bound = 'is a timestamp, which no step of this release encodes; leave the column out of the features';
    throw new RecipeError('INVALID_FIELD', field, name, bound, { column: name });
  }
  if (column.type === 'tensor') return { name, type: 'tensor', dtype: column.dtype, shape: column.shape };
  return { name, type: column.type };
}
