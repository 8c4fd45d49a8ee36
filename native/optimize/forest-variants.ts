import type { ModelFile } from '../estimators/model.js';
import { packForest } from '../estimators/packed-forest.js';
import type { RawForestArrays } from '../estimators/raw.js';
import { metadataInteger, TensorReader } from '../estimators/tensors.js';
import { treesLacking, treeVariants } from './tree-variants.js';
import type { VariantMaker } from './variant.js';

/** The arrays of a forest's file as `Model.toTensors` writes it. */
function treesOf({ tensors, metadata }: ModelFile): RawForestArrays {
  const featureCount = metadataInteger(metadata, 'feature_count', 1, 2 ** 31);
  const valueCount = Math.max(1, metadataInteger(metadata, 'class_count', 0, 2 ** 31));
  const reader = new TensorReader(tensors);
  return {
    featureCount,
    valueCount,
    treeStart: reader.take('tree_start', 'U32', [null]),
    feature: reader.take('feature', 'I32', [null]),
    threshold: reader.take('threshold', 'F32', [null]),
    child: reader.take('child', 'I32', [null]),
    missingLeft: reader.take('missing_left', 'U8', [null]),
    values: reader.take('values', 'F32', [null, valueCount]),
    importances: reader.take('importances', 'F64', [featureCount]),
    cover: reader.has('cover') ? reader.take('cover', 'F32', [null]) : null,
  };
}

/** Forests: fewer trees, pruned trees, merged leaves, packed storage, and their combinations. */
export const forestVariants: VariantMaker = {
  estimators: ['random-forest', 'extra-trees'],
  methods: ['fewer-trees', 'prune', 'merge-leaves', 'quantize', 'pack'],

  lacking: (model) => treesLacking(model.toTensors()),

  variants(model, { methods }) {
    const file = model.toTensors();
    const habits = { group: 1, groupName: 'trees', treeShares: [1, 1 / 2, 1 / 4], mergeShares: [0.1, 0.3] };
    const storage = { pack: packForest, metadata: { ...file.metadata, encoding: 'packed' } };
    return treeVariants(treesOf(file), methods, habits, storage);
  },
};
