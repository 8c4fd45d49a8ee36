import type { ModelFile } from '../estimators/model.js';
import type { Packing } from '../estimators/packed-forest.js';
import type { RawForestArrays } from '../estimators/raw.js';
import type { NamedTensor } from '../safetensors.js';
import { fewerTrees } from './fewer-trees.js';
import { mergeLeaves } from './merge-leaves.js';
import { pruneTrees } from './prune-trees.js';
import type { CoveredTrees } from './tree-means.js';
import type { OptimizationMethod, Variant } from './variant.js';

const nodeShares = [1 / 2, 1 / 4, 1 / 8];

const shareNames = new Map([
  [1 / 2, 'half'],
  [1 / 4, 'a quarter'],
  [1 / 8, 'an eighth'],
]);
const nameOf = (share: number) => shareNames.get(share) ?? `${share * 100} %`;

/** How models of trees differ. */
export interface TreeHabits {
  /** How many trees belong together, to be kept or left out at once. */
  readonly group: number;
  /** What such a group is called, in the plural. */
  readonly groupName: string;
  /** The shares of the trees that are tried, 1 first. */
  readonly treeShares: readonly number[];
  /** Within which share of the range of all leaves two leaves are merged. */
  readonly mergeShares: readonly number[];
}

/** What a model of trees is stored as. */
export interface TreeStorage {
  pack(trees: RawForestArrays, packing: Packing): NamedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** A shape of the trees before it is decided how they are stored. */
interface Shaped {
  readonly description: string;
  readonly methods: readonly OptimizationMethod[];
  trees(): RawForestArrays;
}

const coverNeed = "needs the training rows per node, which this version's file lacks";

/** What the file of a model of trees lacks: without covers it is not known how much a split explains. */
export function treesLacking({ tensors }: ModelFile): ReadonlyMap<OptimizationMethod, string> {
  const methods: readonly OptimizationMethod[] = ['prune', 'merge-leaves'];
  return new Map(tensors.some(({ name }) => name === 'cover') ? [] : methods.map((method) => [method, coverNeed]));
}

function isCovered(trees: RawForestArrays): trees is CoveredTrees {
  return trees.cover !== null;
}

function* shapes(
  whole: RawForestArrays,
  allowed: ReadonlySet<OptimizationMethod>,
  { group, groupName, treeShares, mergeShares }: TreeHabits,
): Generator<Shaped> {
  const groupCount = (whole.treeStart.length - 1) / group;
  for (const share of treeShares) {
    if (share < 1 && (!allowed.has('fewer-trees') || groupCount * share < 1)) continue;
    const count = Math.ceil(groupCount * share);
    const trees = share === 1 ? whole : fewerTrees(whole, count * group);
    const fewer = share === 1 ? '' : `the first ${count} of ${groupCount} ${groupName}`;
    const methods: OptimizationMethod[] = share === 1 ? [] : ['fewer-trees'];
    const and = (what: string) => (fewer === '' ? what : `${fewer}, ${what}`);
    yield { description: fewer, methods, trees: () => trees };
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

/** The variants of trees: fewer of them, pruned, merged, and each stored packed, exact and rounded. */
export function* treeVariants(
  trees: RawForestArrays,
  allowed: ReadonlySet<OptimizationMethod>,
  habits: TreeHabits,
  { pack, metadata }: TreeStorage,
): Generator<Variant> {
  // What is stored packed alone loses nothing, so that no shape is worth storing otherwise.
  const exact: Packing = { valueBits: 32, thresholdBits: null };
  const rounded: Packing = { valueBits: 16, thresholdBits: 8 };
  for (const shape of shapes(trees, allowed, habits)) {
    const shaped = shape.trees();
    const join = (how: string) => (shape.description === '' ? how : `${shape.description}, ${how}`);
    if (shape.methods.length > 0 || allowed.has('pack')) {
      const file = { tensors: pack(shaped, exact), metadata };
      yield { description: join('packed'), methods: [...shape.methods, 'pack'], file };
    }
    if (!allowed.has('quantize')) continue;
    const file = { tensors: pack(shaped, rounded), metadata };
    const description = join('packed with 16-bit leaves and 8-bit thresholds');
    yield { description, methods: [...shape.methods, 'quantize', 'pack'], file };
  }
}
