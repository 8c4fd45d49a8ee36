import type { ModelFile } from '../estimators/model.js';
import { type Packing, packForest } from '../estimators/packed-forest.js';
import type { RawForestArrays } from '../estimators/raw.js';
import { metadataInteger, TensorReader } from '../estimators/tensors.js';
import { fewerTrees } from './fewer-trees.js';
import { mergeLeaves } from './merge-leaves.js';
import { pruneTrees } from './prune-trees.js';
import type { CoveredTrees } from './tree-means.js';
import type { OptimizationMethod, Variant, VariantMaker } from './variant.js';

const treeShares = [1, 1 / 2, 1 / 4];
const nodeShares = [1 / 2, 1 / 4, 1 / 8];
const mergeShares = [0.1, 0.3]; // Of the range of the leaves' values.

const shareNames = new Map([
  [1 / 2, 'half'],
  [1 / 4, 'a quarter'],
  [1 / 8, 'an eighth'],
]);
const nameOf = (share: number) => shareNames.get(share) ?? `${share * 100} %`;

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

/** A shape of the trees before it is decided how they are stored. */
interface Shaped {
  readonly description: string;
  readonly methods: readonly OptimizationMethod[];
  trees(): RawForestArrays;
}

function isCovered(trees: RawForestArrays): trees is CoveredTrees {
  return trees.cover !== null;
}

function* shapes(whole: RawForestArrays, allowed: ReadonlySet<OptimizationMethod>): Generator<Shaped> {
  const treeCount = whole.treeStart.length - 1;
  for (const share of treeShares) {
    if (share < 1 && (!allowed.has('fewer-trees') || treeCount * share < 1)) continue;
    const count = Math.ceil(treeCount * share);
    const trees = share === 1 ? whole : fewerTrees(whole, count);
    const fewer = share === 1 ? '' : `the first ${count} of ${treeCount} trees`;
    const methods: OptimizationMethod[] = share === 1 ? [] : ['fewer-trees'];
    const and = (what: string) => (fewer === '' ? what : `${fewer}, ${what}`);
    yield { description: fewer, methods, trees: () => trees };
    // Without covers it is not known how much a split explains.
    if (!isCovered(trees)) continue;
    if (allowed.has('prune')) {
      for (const nodes of nodeShares) {
        yield {
          description: and(`pruned to ${nameOf(nodes)} of the nodes`),
          methods: [...methods, 'prune'],
          trees: () => pruneTrees(trees, nodes),
        };
      }
    }
    if (!allowed.has('merge-leaves') || share < 1) continue;
    const [low, high] = rangeOf(whole.values);
    for (const part of mergeShares) {
      const within = part * (high - low);
      yield {
        description: and(`leaves within ${Number(within.toPrecision(3))} merged`),
        methods: [...methods, 'merge-leaves'],
        trees: () => mergeLeaves(trees, within),
      };
    }
  }
}

function rangeOf(values: Float32Array): [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  return [low, values.reduce((most, value) => Math.max(most, value), low)];
}

/** Forests: fewer trees, pruned trees, merged leaves, packed storage, and their combinations. */
export const forestVariants: VariantMaker = {
  estimators: ['random-forest', 'extra-trees'],
  methods: ['fewer-trees', 'prune', 'merge-leaves', 'quantize', 'pack'],

  *variants(model, { methods: allowed }) {
    const { tensors, metadata: written } = model.toTensors();
    const trees = treesOf({ tensors, metadata: written });
    const metadata = { ...written, encoding: 'packed' };
    // What is stored packed alone loses nothing, so that no shape is worth storing otherwise.
    const exact: Packing = { valueBits: 32, thresholdBits: null };
    const rounded: Packing = { valueBits: 16, thresholdBits: 8 };
    for (const shape of shapes(trees, allowed)) {
      const shaped = shape.trees();
      const join = (how: string) => (shape.description === '' ? how : `${shape.description}, ${how}`);
      if (shape.methods.length > 0 || allowed.has('pack')) {
        const file = { tensors: packForest(shaped, exact), metadata };
        yield { description: join('packed'), methods: [...shape.methods, 'pack'], file } satisfies Variant;
      }
      if (!allowed.has('quantize')) continue;
      const file = { tensors: packForest(shaped, rounded), metadata };
      const description = join('packed with 16-bit leaves and 8-bit thresholds');
      yield { description, methods: [...shape.methods, 'quantize', 'pack'], file } satisfies Variant;
    }
  },
};
