import { fitPca, type Pca } from '../decomposition/pca.js';
import { NativeMatrix } from '../matrix.js';
import { entryPath } from '../table/table-error.js';
import { firstMissing, numbersOf } from './column-views.js';
import { chooseColumns } from './fit-step.js';
import type { PcaOp } from './fitted-op.js';
import { base64Of } from './projection.js';
import { beyondFloatBound, RecipeError } from './recipe-error.js';
import type { PcaStep } from './recipe-step.js';
import { tableColumn } from './run-op.js';
import type { Workspace } from './workspace.js';
import { originalRow } from './workspace.js';

/** The most weights of a reduction: 16 MB in the model version. */
const maxWeights = 2 ** 22;

/** Up to here all components come at once; beyond, more and more are looked for. */
const exactColumns = 2_000;
const firstComponents = 64;

/** Less of the total variance than this is rounding: whitening would blow it up. */
const leastVariance = 1e-12;

/** How a reduction is fitted. */
export interface FitPcaOptions {
  /** Whether the rows are made up and only names and types count. */
  readonly schemaOnly: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Turns the step into its operation by looking at the rows as they stand; `field` is the step's
 * place. Rejects with RecipeError: NOT_FINITE for a missing value, naming row and column;
 * INVALID_FIELD for more components than columns or rows.
 */
export async function fitPcaStep(
  step: PcaStep,
  workspace: Workspace,
  field: string,
  { schemaOnly, signal }: FitPcaOptions,
): Promise<PcaOp[]> {
  const columns = chooseColumns(step, workspace, field);
  if (columns.length === 0) return [];
  const at = `${field}.pca.components`;
  const rowCount = schemaOnly ? Number.POSITIVE_INFINITY : workspace.rowCount;
  if (rowCount < 2) throw new RecipeError('EMPTY_TABLE', `${field}.pca`, rowCount, 'rows must be >= 2');
  const most = Math.min(columns.length, rowCount, Math.floor(maxWeights / columns.length));
  if (step.components > most) {
    const what = most === columns.length ? 'the columns' : most === rowCount ? 'the rows' : 'for so many columns';
    throw new RecipeError('INVALID_FIELD', at, step.components, `must be <= ${most}, ${what}`);
  }
  if (schemaOnly) {
    const count = Math.max(1, step.components);
    const weights = base64Of(new Float32Array(count * columns.length));
    return [{ kind: 'pca', columns, componentCount: count, mean: base64Of(new Float64Array(columns.length)), weights }];
  }
  const matrix = NativeMatrix.from(numbersIn(workspace, columns, field), workspace.rowCount, columns.length);
  try {
    const options = signal === undefined ? {} : { signal };
    if (step.components > 0) {
      return [opOf(step, columns, finite(await fitPca(matrix, step.components, options), field))];
    }
    let asked = columns.length <= exactColumns ? most : Math.min(most, firstComponents);
    for (;;) {
      const pca = finite(await fitPca(matrix, asked, options), field);
      const enough = countOf(pca, step.explainedVariance);
      if (enough !== null) return [opOf(step, columns, pca, enough)];
      if (asked === most) {
        const bound = `cannot be reached with ${most} components`;
        throw new RecipeError('INVALID_FIELD', `${field}.pca.explained_variance`, step.explainedVariance, bound);
      }
      asked = Math.min(most, asked * 2);
    }
  } finally {
    matrix.dispose();
  }
}

/** Refuses what came of values whose squares are beyond single precision. */
function finite(pca: Pca, field: string): Pca {
  if (pca.components.every(Number.isFinite) && pca.explainedVariance.every(Number.isFinite)) return pca;
  const bound = 'must not come of values as large as these: scale the columns before';
  throw new RecipeError('NOT_FINITE', `${field}.pca`, Number.NaN, bound);
}

/** The columns' values in single precision, row by row. */
function numbersIn(workspace: Workspace, columns: readonly string[], field: string): Float32Array {
  const { rowCount } = workspace;
  const numbers = new Float32Array(rowCount * columns.length);
  for (const [place, name] of columns.entries()) {
    const column = tableColumn(workspace, name);
    const missing = firstMissing(column, rowCount);
    if (missing >= 0) {
      const bound = `is missing in a training row, which has no components: add a fill_missing or drop_missing step before ${field}`;
      throw new RecipeError('NOT_FINITE', `${field}.pca`, name, bound, {
        row: originalRow(workspace, missing),
        column: name,
      });
    }
    const values = numbersOf(column, rowCount);
    for (let row = 0; row < rowCount; row++) {
      const value = Math.fround(values[row] as number);
      if (!Number.isFinite(value)) {
        const where = originalRow(workspace, row);
        const path = entryPath(`rows[${where}]`, name);
        throw new RecipeError('NOT_FINITE', path, values[row], beyondFloatBound, { row: where, column: name });
      }
      numbers[row * columns.length + place] = value;
    }
  }
  return numbers;
}

/** How many of the components explain the share; null if all of them do not. */
function countOf({ explainedVarianceRatio, componentCount, columnCount }: Pca, share: number): number | null {
  let sum = 0;
  for (const [index, ratio] of explainedVarianceRatio.entries()) {
    sum += ratio;
    if (sum >= share) return index + 1;
  }
  // Nothing varies, or rounding keeps the sum of all of them below one.
  if (sum === 0) return 1;
  return componentCount === columnCount || sum >= share - 1e-6 ? componentCount : null;
}

function opOf(step: PcaStep, columns: string[], pca: Pca, count: number = pca.componentCount): PcaOp {
  const { mean, components, explainedVariance, columnCount } = pca;
  const total = explainedVariance.reduce((sum, variance) => sum + variance, 0);
  const weights = Float32Array.from(components.subarray(0, count * columnCount), (weight, index) => {
    if (!step.whiten) return weight;
    const variance = explainedVariance[Math.floor(index / columnCount)] as number;
    const whitened = Math.fround(weight / Math.sqrt(variance));
    return variance > total * leastVariance && Number.isFinite(whitened) ? whitened : 0;
  });
  return { kind: 'pca', columns, componentCount: count, mean: base64Of(mean), weights: base64Of(weights) };
}
