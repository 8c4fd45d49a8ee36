import { boostedTrees, packBoosting } from '../estimators/boosted-trees.js';
import { readBoosting } from '../estimators/gradient-boosting.js';
import { treesLacking, treeVariants } from './tree-variants.js';
import type { VariantMaker } from './variant.js';

/**
 * Gradient boosting: fewer rounds, pruned trees, merged leaves, packed storage, and their combinations.
 * A pruned split gives way to the mean of its leaves, weighed by what of the training came by.
 */
export const boostingVariants: VariantMaker = {
  estimators: ['gradient-boosting'],
  methods: ['fewer-trees', 'prune', 'merge-leaves', 'quantize', 'pack'],

  lacking: (model) => treesLacking(model.toTensors()),

  variants(model, { methods }) {
    const file = model.toTensors();
    const arrays = readBoosting(file);
    const boosted = boostedTrees(arrays);
    // Leaves are what is left of an error and add up, so that they are merged within less than a forest's.
    const habits = {
      group: arrays.base.length,
      groupName: 'rounds',
      treeShares: [1, 3 / 4, 1 / 2, 1 / 4],
      mergeShares: [0.02, 0.05],
    };
    return treeVariants(boosted.trees, methods, habits, {
      pack: (trees, packing) => packBoosting({ ...boosted, trees }, packing),
      metadata: { ...file.metadata, encoding: 'packed' },
    });
  },
};
