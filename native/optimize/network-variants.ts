import { loadModel } from '../estimators/load-model.js';
import type { Model } from '../estimators/model.js';
import { networkOf } from '../estimators/network-model.js';
import { pruneNetwork, quantizeNetwork } from '../estimators/optimize-network.js';
import { projector, reducedFile } from '../estimators/reduced-model.js';
import { reduceNetwork } from './reduce-network.js';
import { principalReductions } from './reductions.js';
import type { Variant, VariantMaker, VariantRequest } from './variant.js';

const sparsities = [0.25, 0.5];

/**
 * Neural networks: weights in 8 bits, and for each also the smallest weights of every layer set to zero before; principal
 * components in front, where they and a first layer of them are less work than the first layer.
 */
export const networkVariants: VariantMaker = {
  estimators: ['neural-network'],
  methods: ['prune', 'quantize', 'reduce'],

  async *variants(model, request) {
    // What is in 8 bits already can be made no smaller here.
    if (networkOf(model)?.precision !== 'f32') return;
    const { methods, calibrationRows, signal } = request;
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
    if (methods.has('reduce')) yield* reduced(model, request);
  },
};

async function* reduced(
  model: Model,
  { methods, calibrationRows, trainingRows, signal }: VariantRequest,
): AsyncIterable<Variant> {
  const file = model.toTensors();
  const units = Number(file.metadata.layer_sizes?.split(',')[0]);
  const { featureCount } = model;
  const worthIt = (featureCount * units) / (featureCount + units);
  for (const reduction of await principalReductions(trainingRows(), worthIt, signal)) {
    const { componentCount } = reduction;
    const behind = await reduceNetwork(file, reduction, signal);
    const description = `${componentCount} principal components`;
    yield { description, methods: ['reduce'], file: reducedFile(reduction, behind) };
    if (!methods.has('quantize')) continue;
    const front = projector(reduction);
    const network = loadModel(behind);
    try {
      const data = await front.predict(calibrationRows, { signal });
      const rows = { data, rowCount: calibrationRows.rowCount, columnCount: componentCount };
      const small = await quantizeNetwork(network, rows, { signal });
      const smallFile = small.toTensors();
      small.dispose();
      yield {
        description: `${description}, 8-bit weights`,
        methods: ['reduce', 'quantize'],
        file: reducedFile(reduction, smallFile),
      };
    } finally {
      front.dispose();
      network.dispose();
    }
  }
}
