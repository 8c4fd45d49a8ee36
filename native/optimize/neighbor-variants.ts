import { projector, reducedFile, reductionIn } from '../estimators/reduced-model.js';
import { TensorReader, tensorOf } from '../estimators/tensors.js';
import { principalReductions } from './reductions.js';
import type { VariantMaker } from './variant.js';

/** K nearest neighbours by euclidean distance, which a reduction to principal components changes least. */
export const neighborVariants: VariantMaker = {
  estimators: ['k-nearest-neighbors'],
  methods: ['reduce'],

  async *variants(model, { trainingRows, signal }) {
    const file = model.toTensors();
    const { tensors, metadata } = file;
    if (metadata.metric !== 'euclidean' || reductionIn(file) !== null) return;
    const columnCount = model.featureCount;
    const data = new TensorReader(tensors).take('rows', 'F32', [null, columnCount]);
    const rowCount = data.length / columnCount;
    const others = tensors.filter(({ name }) => name !== 'rows');
    for (const reduction of await principalReductions(trainingRows(), columnCount, signal)) {
      const { componentCount } = reduction;
      const front = projector(reduction);
      try {
        // By the very code that will reduce the rows to come: a row that equals a training row is at distance zero.
        const rows = await front.predict({ data, rowCount, columnCount }, { signal });
        const reduced = {
          tensors: [tensorOf('rows', 'F32', [rowCount, componentCount], rows), ...others],
          metadata: { ...metadata, feature_count: String(componentCount) },
        };
        const description = `${componentCount} principal components`;
        yield { description, methods: ['reduce'], file: reducedFile(reduction, reduced) };
      } finally {
        front.dispose();
      }
    }
  },
};
