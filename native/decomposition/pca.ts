import { addon, type RawMatrix, type RawTaskControl } from '../addon.js';
import { ArgumentError, checkArray, checkInteger } from '../argument-error.js';
import { runTask, type TaskOptions } from '../cancel.js';
import { multiply } from '../kernels/linear.js';
import { NativeMatrix } from '../matrix.js';

declare module '../addon.js' {
  interface Addon {
    pcaFit(
      matrix: RawMatrix,
      components: number,
      seed: number,
      control: RawTaskControl | null,
    ): Promise<RawPca | number>;
  }
}

interface RawPca {
  mean: Float64Array;
  components: Float64Array;
  variance: Float64Array;
  totalVariance: number;
}

/** Principal components: the directions in which rows vary most, most first. */
export interface Pca {
  readonly columnCount: number;
  readonly componentCount: number;
  /** Per column. */
  readonly mean: Float64Array;
  /** componentCount x columnCount; each row of length one, its entry of largest size positive. */
  readonly components: Float64Array;
  /** The variance along each component, divided by rows - 1. */
  readonly explainedVariance: Float64Array;
  /** The same as shares of the columns' total variance; zero where nothing varies. */
  readonly explainedVarianceRatio: Float64Array;
}

/**
 * Finds the principal components of a matrix on native threads: eigenvectors of the covariance
 * matrix for up to 2,000 columns, as scikit-learn's `covariance_eigh`; beyond by subspace iteration
 * from directions drawn by `seed` (0 by default). The same bits at any thread count; on AMX the last
 * ones differ from other processors'. Rejects with ArgumentError for fewer than two rows, more components than rows or
 * columns, and a column with missing or infinite values, which it names; with the signal's reason
 * when aborted.
 */
export async function fitPca(
  matrix: NativeMatrix,
  componentCount: number,
  options: TaskOptions & { seed?: number } = {},
): Promise<Pca> {
  const { rowCount, columnCount } = matrix;
  const { seed = 0 } = options;
  if (rowCount < 2) throw new ArgumentError('matrix.rowCount', String(rowCount), '>= 2');
  checkInteger('componentCount', componentCount, 1, Math.min(rowCount, columnCount));
  checkInteger('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  const found = await runTask(options, (control) =>
    addon.pcaFit(matrix.handle('matrix'), componentCount, seed, control),
  );
  if (typeof found === 'number') {
    throw new ArgumentError(`matrix column ${found}`, 'with missing or infinite values', 'finite');
  }
  const { mean, components, variance, totalVariance } = found;
  const explainedVarianceRatio = variance.map((value) => (totalVariance > 0 ? value / totalVariance : 0));
  return { columnCount, componentCount, mean, components, explainedVariance: variance, explainedVarianceRatio };
}

/**
 * Rows in terms of the components: (row - mean) times each, rowCount x componentCount, in single
 * precision; a row gives the same bits in any company. Rejects with ArgumentError for another number
 * of columns.
 */
export async function transformPca(pca: Pca, matrix: NativeMatrix, options: TaskOptions = {}): Promise<NativeMatrix> {
  const { columnCount, componentCount, mean, components } = pca;
  if (matrix.columnCount !== columnCount) {
    throw new ArgumentError('matrix.columnCount', String(matrix.columnCount), String(columnCount));
  }
  checkArray('pca.components', components, 'Float64Array', componentCount * columnCount);
  const minus = Float32Array.from(mean);
  const ones = new Float32Array(columnCount).fill(1);
  // What the means lost in rounding.
  const plus = Float32Array.from(mean, (value, column) => (minus[column] ?? 0) - value);
  const centered = NativeMatrix.adopt(
    await runTask({ signal: options.signal }, (control) =>
      addon.affineColumnsAsync(matrix.handle('matrix'), minus, ones, plus, control),
    ),
  );
  const directions = NativeMatrix.from(Float32Array.from(components), componentCount, columnCount);
  try {
    return await multiply(centered, directions, { ...options, transposeB: true });
  } finally {
    centered.dispose();
    directions.dispose();
  }
}
