import { networkOf } from '../estimators/network-model.js';
import { pruneNetwork, quantizeNetwork } from '../estimators/optimize-network.js';
import type { Variant, VariantMaker } from './variant.js';

const sparsities = [0.25, 0.5];

/** Neural networks: weights in 8 bits, and for each also the smallest weights of every layer set to zero before. */
export const networkVariants: VariantMaker = {
  estimators: ['neural-network'],
  methods: ['prune', 'quantize'],

  async *variants(model, { methods, calibrationRows, signal }) {
    // What is in 8 bits already can be made no smaller here.
    if (networkOf(model)?.precision !== 'f32') return;
    for (const sparsity of methods.has('prune') ? [0, ...sparsities] : [0]) {
      const pruned = sparsity === 0 ? null : pruneNetwork(model, { sparsity });
      const done = pruned === null ? [] : [`without the ${sparsity * 100} % smallest weights`];
      const network = pruned ?? model;
      try {
        if (pruned !== null) yield { description: done.join(), methods: ['prune'], file: pruned.toTensors() };
        if (!methods.has('quantize')) continue;
        const small = await quantizeNetwork(network, calibrationRows, { signal });
        const used: Variant['methods'] = pruned === null ? ['quantize'] : ['prune', 'quantize'];
        const file = small.toTensors();
        small.dispose();
        yield { description: [...done, '8-bit weights'].join(', '), methods: used, file };
      } finally {
        pruned?.dispose();
      }
    }
  },
};
