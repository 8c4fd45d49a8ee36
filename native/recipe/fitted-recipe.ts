import type { Matrix } from '../table/matrix.js';
import { sharedFloats } from '../table/shared-floats.js';
import type { Table } from '../table/table.js';
import { entryPath } from '../table/table-error.js';
import type { FittedRecipeData, InputColumn } from './fitted-recipe-data.js';
import { featureNames, featureWidths, reductionsOf } from './fitted-recipe-data.js';
import type { Projection } from './projection.js';
import { project, projectionOf } from './projection.js';
import { beyondFloatBound, RecipeError } from './recipe-error.js';
import { runOp } from './run-op.js';
import { writeTensors } from './tensor-column.js';
import type { Workspace } from './workspace.js';
import { openWorkspace, originalRow } from './workspace.js';

/** The largest matrix a recipe may produce. */
const maxMatrixBytes = 4 * 2 ** 30;

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
    apply(table, { training, leaveOut = false, rows, componentRows = Number.POSITIVE_INFINITY }) {
      const workspace = openWorkspace(table, data.inputs, rows);
      for (const op of data.ops) runOp(workspace, op, { training, leaveOut: leaveOut && !training });
      const keptRows = workspace.kept ?? Uint32Array.from({ length: workspace.rowCount }, (_, row) => row);
      return { features: assemble(workspace, data, { projections, componentRows }, featureCount), keptRows };
    },
    toJSON: () => data,
  };
}

function assemble(
  workspace: Workspace,
  data: FittedRecipeData,
  { projections, componentRows }: { projections: readonly Projection[]; componentRows: number },
  columnCount: number,
): Matrix {
  const { rowCount, columns } = workspace;
  if (rowCount * columnCount * 4 > maxMatrixBytes) {
    throw new RecipeError(
      'INVALID_FIELD',
      'steps',
      rowCount * columnCount * 4,
      `bytes of features must be <= ${maxMatrixBytes}`,
    );
  }
  const features = sharedFloats(rowCount * columnCount);
  const widths = featureWidths(data);
  let offset = 0;
  for (const [index, { name }] of data.inputs.entries()) {
    const column = columns.get(name);
    if (column?.type === 'reduced') continue;
    if (column === undefined || column.type === 'string') {
      throw new RecipeError('INVALID_FIELD', 'ops', name, 'must be encoded as numbers', { column: name });
    }
    if (column.type === 'tensor') {
      writeTensors(column, { kept: workspace.kept, rowCount, stride: columnCount, offset }, features);
    } else if (column.type === 'encoded') {
      for (let row = 0; row < rowCount; row++) {
        const code = column.codes[row] as number;
        if (code >= 0) features[row * columnCount + offset + code] = 1;
      }
    } else {
      const { values, validity } = column;
      for (let row = 0; row < rowCount; row++) {
        const at = row * columnCount + offset;
        if (validity !== null && validity[row] === 0) {
          features[at] = Number.NaN;
          continue;
        }
        features[at] = Number(values[row]);
        if (!Number.isFinite(features[at])) throw beyondFloat(originalRow(workspace, row), name, Number(values[row]));
      }
    }
    offset += widths[index] as number;
  }
  for (const projection of projections) {
    const computed = { data: features, rowCount: Math.min(rowCount, componentRows), columnCount };
    addComponents(workspace, projection, computed, offset);
    offset += projection.componentCount;
  }
  return { data: features, rowCount, columnCount };
}

function addComponents(
  workspace: Workspace,
  projection: Projection,
  { data, rowCount, columnCount }: Matrix,
  offset: number,
) {
  const sources = projection.columns.map((name) => {
    const column = workspace.columns.get(name);
    if (column?.type !== 'reduced') throw new TypeError(`column ${name} was not reduced`);
    return column.values;
  });
  const values = new Float64Array(sources.length);
  for (let row = 0; row < rowCount; row++) {
    for (const [place, source] of sources.entries()) values[place] = source[row] as number;
    const at = row * columnCount + offset;
    project(projection, values, data, at);
    const wrong = notFiniteAt(data, at, projection.componentCount);
    if (wrong >= 0)
      throw beyondFloat(originalRow(workspace, row), `pca component ${wrong}`, data[at + wrong] as number);
  }
}

/** The first component that is not finite; -1 for none. */
export function notFiniteAt(features: Float32Array, at: number, count: number): number {
  for (let index = 0; index < count; index++) if (!Number.isFinite(features[at + index])) return index;
  return -1;
}

function beyondFloat(row: number, column: string, value: number): RecipeError {
  return new RecipeError('NOT_FINITE', entryPath(`rows[${row}]`, column), value, beyondFloatBound, { row, column });
}
