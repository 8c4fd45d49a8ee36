import type { ModelFile } from '../estimators/model.js';
import { TensorReader, tensorOf } from '../estimators/tensors.js';
import { multiply } from '../kernels/linear.js';
import { NativeMatrix } from '../matrix.js';
import type { PrincipalReduction } from './reductions.js';

/**
 * The network in single precision that answers reduced rows as the given one answers rows that the components say in full:
 * its first layer sees the components, and its bias holds what they cannot say of the mean row.
 */
export async function reduceNetwork(
  { tensors, metadata }: ModelFile,
  { featureCount, componentCount, weights: directions, lost }: PrincipalReduction,
  signal?: AbortSignal,
): Promise<ModelFile> {
  const reader = new TensorReader(tensors);
  const weights = reader.take('layers.0.weights', 'F32', [featureCount, null]);
  const units = weights.length / featureCount;
  const bias = reader.take('layers.0.bias', 'F32', [units]);
  const constant = Float64Array.from(bias);
  for (const [feature, value] of lost.entries()) {
    for (let unit = 0; unit < units; unit++) {
      constant[unit] = (constant[unit] as number) + value * (weights[feature * units + unit] as number);
    }
  }
  const front = NativeMatrix.from(directions, featureCount, componentCount);
  const first = NativeMatrix.from(weights, featureCount, units);
  let product: NativeMatrix | null = null;
  try {
    product = await multiply(front, first, { transposeA: true, ...(signal === undefined ? {} : { signal }) });
    const replaced = new Map([
      ['layers.0.weights', tensorOf('layers.0.weights', 'F32', [componentCount, units], product.toFloat32Array())],
      ['layers.0.bias', tensorOf('layers.0.bias', 'F32', [units], Float32Array.from(constant))],
    ]);
    return {
      tensors: tensors.map((tensor) => replaced.get(tensor.name) ?? tensor),
      metadata: { ...metadata, feature_count: String(componentCount) },
    };
  } finally {
    front.dispose();
    first.dispose();
    product?.dispose();
  }
}
