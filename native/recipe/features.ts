import type { Matrix } from '../table/matrix.js';
import { sharedFloats } from '../table/shared-floats.js';
import { entryPath } from '../table/table-error.js';
import { elementCount } from '../table/tensor-type.js';
import type { BadFeature, FeatureColumn } from './column-views.js';
import { numbersOf, writeFeatures } from './column-views.js';
import { scaled } from './fitted-op.js';
import type { FittedRecipeData } from './fitted-recipe-data.js';
import { featureWidths } from './fitted-recipe-data.js';
import type { Projection } from './projection.js';
import { project } from './projection.js';
import { beyondFloatBound, RecipeError } from './recipe-error.js';
import type { Workspace } from './workspace.js';
import { originalRow } from './workspace.js';

/** The largest matrix a recipe may produce. */
const maxMatrixBytes = 4 * 2 ** 30;

/** The components of a recipe's reductions. */
export interface Components {
  readonly projections: readonly Projection[];
  /** Of how many of the rows, the first ones, to compute components; the others have 0. All when left out. */
  readonly componentRows?: number | undefined;
}

/** The features of the rows that all operations have left. Throws RecipeError as `FittedRecipe.apply` does. */
export function featuresOf(
  workspace: Workspace,
  data: FittedRecipeData,
  { projections, componentRows = Number.POSITIVE_INFINITY }: Components,
): Matrix {
  const { rowCount } = workspace;
  const widths = featureWidths(data);
  const componentCount = projections.reduce((sum, projection) => sum + projection.componentCount, 0);
  const columnCount = widths.reduce((sum, width) => sum + width, componentCount);
  if (rowCount * columnCount * 4 > maxMatrixBytes) {
    throw new RecipeError(
      'INVALID_FIELD',
      'steps',
      rowCount * columnCount * 4,
      `bytes of features must be <= ${maxMatrixBytes}`,
    );
  }
  const columns: FeatureColumn[] = [];
  let offset = 0;
  for (const [index, { name }] of data.inputs.entries()) {
    const column = workspace.columns.get(name);
    if (column?.type === 'reduced') continue;
    if (column === undefined || column.type === 'string') {
      throw new RecipeError('INVALID_FIELD', 'ops', name, 'must be encoded as numbers', { column: name });
    }
    const width = widths[index] as number;
    columns.push({ column, offset, width });
    offset += width;
  }
  const features = sharedFloats(rowCount * columnCount);
  const bad = writeFeatures(columns, { rowCount, columnCount, features });
  if (bad !== null) throw badFeature(workspace, bad);
  for (const projection of projections) {
    const computed = { data: features, rowCount: Math.min(rowCount, componentRows), columnCount };
    addComponents(workspace, projection, computed, offset);
    offset += projection.componentCount;
  }
  return { data: features, rowCount, columnCount };
}

/** A tensor's element is told as it is in the table, a single value as it became. */
function badFeature(workspace: Workspace, { column, row: at, element }: BadFeature): RecipeError {
  const row = originalRow(workspace, at);
  const { name } = column;
  if (column.type !== 'tensor') {
    const { source, rows, scales, absent } = column;
    const place = rows?.[at] ?? at;
    if (absent !== null && source.validity?.[place] === 0) return beyondFloat(row, name, absent);
    const value = Number(source.type === 'string' ? Number.NaN : source.values[place]);
    return beyondFloat(
      row,
      name,
      scales.reduce((number, op) => scaled(op, number), value),
    );
  }
  const { values, shape } = column.source;
  const value = values[(column.rows?.[at] ?? at) * elementCount(shape) + element];
  const field = `${entryPath(`rows[${row}]`, name)}[${element}]`;
  return new RecipeError('NOT_FINITE', field, value, beyondFloatBound, { row, column: name });
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
    return numbersOf(column, workspace.rowCount);
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
