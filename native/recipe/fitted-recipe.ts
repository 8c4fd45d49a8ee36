import type { Matrix } from '../table/matrix.js';
import type { Table } from '../table/table.js';
import { type Components, featuresOf } from './features.js';
import type { FittedRecipeData, InputColumn } from './fitted-recipe-data.js';
import { featureNames, featureWidths, reductionsOf } from './fitted-recipe-data.js';
import { projectionOf } from './projection.js';
import { runOp } from './run-op.js';
import type { Workspace } from './workspace.js';
import { openWorkspace } from './workspace.js';

/** How a fitted recipe is applied. */
export interface ApplyOptions {
  /** Whether the rows are trained on: drop steps leave rows out instead of refusing them. */
  readonly training: boolean;
  /** Outside training: leave out, instead of refusing, rows that a prediction would refuse. */
  readonly leaveOut?: boolean;
  /** The rows to apply it to; all when left out. */
  readonly rows?: Uint32Array;
  /** Of how many of the rows left, the first ones, to compute components; the others have 0. All when left out. */
  readonly componentRows?: number;
}

/** The features of the rows that are left. */
export interface Applied {
  readonly features: Matrix;
  /** The index in the table handed in of each row of `features`, ascending with the rows given. */
  readonly keptRows: Uint32Array;
}

/** A recipe with everything it learnt from its training rows. */
export interface FittedRecipe {
  readonly data: FittedRecipeData;
  readonly inputs: readonly InputColumn[];
  readonly featureCount: number;
  /** One per feature; put together when first asked for, as tensors have many. */
  readonly featureNames: readonly string[];
  /**
   * Turns rows into f32 features; nulls that no step replaced become NaN. Throws RecipeError
   * naming row and column: MISSING_COLUMN, WRONG_TYPE, UNKNOWN_CATEGORY, NOT_FINITE.
   */
  apply(table: Table, options: ApplyOptions): Applied;
  /** The recipe as plain JSON; `fittedRecipeFromJSON` reads it back. */
  toJSON(): FittedRecipeData;
}

/** The recipe that such data means; the data must have been checked. */
export function fittedRecipeOf(data: FittedRecipeData): FittedRecipe {
  const projections = reductionsOf(data).map(projectionOf);
  const componentCount = projections.reduce((sum, projection) => sum + projection.componentCount, 0);
  const featureCount = featureWidths(data).reduce((sum, width) => sum + width, componentCount);
  let names: readonly string[] | null = null;
  return {
    data,
    inputs: data.inputs,
    featureCount,
    get featureNames() {
      names ??= featureNames(data);
      return names;
    },
    apply(table, { training, leaveOut = false, rows, componentRows }) {
      const workspace = openWorkspace(table, data.inputs, rows);
      for (const op of data.ops) runOp(workspace, op, { training, leaveOut: leaveOut && !training });
      return appliedOf(workspace, data, { projections, componentRows });
    },
    toJSON: () => data,
  };
}

/** What a recipe has made of a workspace once all its operations have run. */
export function appliedOf(workspace: Workspace, data: FittedRecipeData, components: Components): Applied {
  const { kept, rowCount } = workspace;
  const features = featuresOf(workspace, data, components);
  return { features, keptRows: kept ?? everyRow(rowCount) };
}

function everyRow(rowCount: number): Uint32Array {
  const rows = new Uint32Array(rowCount);
  for (let row = 0; row < rowCount; row++) rows[row] = row;
  return rows;
}
