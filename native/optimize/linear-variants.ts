import { meansTensors, takeMeans } from '../estimators/column-means.js';
import type { ModelFile } from '../estimators/model.js';
import { packWeights, type WeightBits } from '../estimators/packed-weights.js';
import { TensorReader, tensorOf } from '../estimators/tensors.js';
import type { OptimizationMethod, Variant, VariantMaker } from './variant.js';

const keptShares = [1, 3 / 4, 1 / 2, 1 / 4];
const largestHalf = 65_504;

/** The weights with all but the largest `share` of each output's set to zero. */
export function pruneWeights(weights: Float64Array, features: number, share: number): Float64Array {
  const pruned = weights.slice();
  const kept = Math.ceil(features * share);
  for (let start = 0; start < weights.length; start += features) {
    const order = Array.from({ length: features }, (_, at) => start + at);
    order.sort((a, b) => Math.abs(weights[b] as number) - Math.abs(weights[a] as number) || a - b);
    for (const at of order.slice(kept)) pruned[at] = 0;
  }
  return pruned;
}

/** Linear models: the smallest weights dropped, and weights in 16 or 8 bits. */
export const linearVariants: VariantMaker = {
  estimators: ['linear-regression', 'logistic-regression', 'linear-svm', 'multinomial-naive-bayes'],
  methods: ['prune', 'quantize'],

  *variants(model, { methods: allowed }) {
    const { tensors, metadata } = model.toTensors();
    const reader = new TensorReader(tensors);
    const weights = reader.take('weights', 'F64', [null, model.featureCount]);
    const intercept = reader.take('intercept', 'F64', [null]);
    const means = takeMeans(reader, model.featureCount);
    const shape: [number, number] = [intercept.length, model.featureCount];
    for (const share of keptShares) {
      if (share < 1 && !allowed.has('prune')) continue;
      const kept = share === 1 ? weights : pruneWeights(weights, model.featureCount, share);
      const done = share === 1 ? [] : [`the ${share * 100} % largest weights`];
      const methods: OptimizationMethod[] = share === 1 ? [] : ['prune'];
      if (share < 1) yield variant(done, methods, kept, 64);
      if (!allowed.has('quantize')) continue;
      for (const bits of [16, 8] as const) {
        if (bits === 16 && kept.some((weight) => Math.abs(weight) > largestHalf)) continue;
        yield variant([...done, `${bits}-bit weights`], [...methods, 'quantize'], kept, bits);
      }
    }

    function variant(
      done: readonly string[],
      methods: readonly OptimizationMethod[],
      kept: Float64Array,
      bits: WeightBits,
    ): Variant {
      const file: ModelFile = {
        tensors: [
          ...packWeights(kept, shape, bits),
          tensorOf('intercept', 'F64', [intercept.length], intercept),
          ...meansTensors(means, 'F32'),
        ],
        metadata,
      };
      return { description: done.join(', '), methods, file };
    }
  },
};
