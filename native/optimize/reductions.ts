import { fitPca } from '../decomposition/pca.js';
import type { Reduction } from '../estimators/reduced-model.js';
import { NativeMatrix } from '../matrix.js';
import type { Matrix } from '../table/matrix.js';

/** How much of the variance is kept, by the variants that reduce. */
const keptShares = [0.99, 0.95, 0.9];

/** The most weights of a reduction: 16 MB in the model version. */
const maxWeights = 2 ** 22;

/** Where more columns make an exact decomposition long, no more components than these are looked for. */
const exactColumns = 2_000;
const mostComponents = 256;

/** A reduction to principal components, with what a model behind it must make up for. */
export interface PrincipalReduction extends Reduction {
  /** What of the mean row the components cannot say: mean - weights (weights' mean), in double precision. */
  readonly lost: Float64Array;
}

/**
 * Reductions to the fewest principal components of the rows that keep 99, 95 and 90 % of their variance, of which none
 * has `limit` components or more. The rows are not centred: what stands behind makes up for it. Rejects with the signal's
 * reason when aborted.
 */
export async function principalReductions(
  { data, rowCount, columnCount }: Matrix,
  limit: number,
  signal?: AbortSignal,
): Promise<PrincipalReduction[]> {
  const most = Math.min(rowCount, columnCount, columnCount > exactColumns ? mostComponents : columnCount);
  if (rowCount < 2) return [];
  const matrix = NativeMatrix.from(data, rowCount, columnCount);
  try {
    const pca = await fitPca(matrix, most, signal === undefined ? {} : { signal });
    const counts = new Set<number>();
    for (const share of keptShares) {
      let sum = 0;
      const last = pca.explainedVarianceRatio.findIndex((ratio) => {
        sum += ratio;
        return sum >= share;
      });
      const count = last + 1;
      if (count > 0 && count < limit && count * columnCount <= maxWeights) counts.add(count);
    }
    return [...counts].map((componentCount) => reductionOf(pca, componentCount));
  } finally {
    matrix.dispose();
  }
}

function reductionOf(
  { columnCount, components, mean }: { columnCount: number; components: Float64Array; mean: Float64Array },
  componentCount: number,
): PrincipalReduction {
  const weights = new Float32Array(columnCount * componentCount);
  const lost = mean.slice();
  for (let component = 0; component < componentCount; component++) {
    const direction = components.subarray(component * columnCount, (component + 1) * columnCount);
    let along = 0;
    for (const [column, weight] of direction.entries()) {
      weights[column * componentCount + component] = weight;
      along += weight * (mean[column] as number);
    }
    for (const [column, weight] of direction.entries()) lost[column] = (lost[column] as number) - weight * along;
  }
  return { featureCount: columnCount, componentCount, weights, lost };
}
