import type { NamedTensor } from '../safetensors.js';
import { ModelError } from './model-error.js';
import { type Packing, packForest, unpackForest } from './packed-forest.js';
import type { RawBoostingArrays, RawForestArrays } from './raw.js';
import { type TensorReader, tensorOf } from './tensors.js';

// Boosted trees as trees of the common kind, so that what prunes and packs those takes them too. With
// categorical splits there are twice as many features: a split by set s of feature f is one of feature
// featureCount + f at the threshold s.
//
// Packed, the tensors are those of packed-forest.ts for such trees, and besides
//
//   base              F64 [outputs]
//   sets              U8 [sets, bytes]   bit c of a set: category c goes left; lowest bit first
//   categories_start  U32 [features + 1]
//   categories        F32
//
// the last three only with categorical splits.

const wordsPerSet = 8;

/** The arrays of a boosted model but for its classes and link. */
export type BoostingTrees = Omit<RawBoostingArrays, 'classCount' | 'link'>;

/** A boosted model as common trees. */
export interface BoostedTrees {
  readonly trees: RawForestArrays;
  readonly base: Float64Array;
  readonly categories: Categories | null;
}

interface Categories {
  /** 8 words each. */
  readonly sets: Uint32Array;
  readonly start: Uint32Array;
  readonly values: Float32Array;
}

/** The model as common trees. */
export function boostedTrees(arrays: BoostingTrees): BoostedTrees {
  const { base, categorySet, sets, categoriesStart, categories, ...forest } = arrays;
  const trees = { ...forest, valueCount: 1 };
  if (categorySet === null || sets === null || categoriesStart === null || categories === null) {
    return { trees, base, categories: null };
  }
  const { featureCount } = forest;
  const importances = new Float64Array(2 * featureCount);
  importances.set(forest.importances);
  const bySet = (node: number) => (categorySet[node] as number) >= 0;
  return {
    trees: {
      ...trees,
      featureCount: 2 * featureCount,
      importances,
      feature: forest.feature.map((feature, node) => (bySet(node) ? feature + featureCount : feature)),
      threshold: forest.threshold.map((value, node) => (bySet(node) ? (categorySet[node] as number) : value)),
    },
    base,
    categories: { sets, start: categoriesStart, values: categories },
  };
}

/** The model that such trees mean; `featureCount` is its own. */
function boostingOf({ trees, base, categories }: BoostedTrees, featureCount: number): BoostingTrees {
  const { valueCount: _one, ...forest } = trees;
  const none = { categorySet: null, sets: null, categoriesStart: null, categories: null };
  if (categories === null) return { ...forest, ...none, base };
  const { feature, threshold, importances } = forest;
  const { sets, start, values } = categories;
  return {
    ...forest,
    featureCount,
    importances: importances.slice(0, featureCount),
    feature: feature.map((at) => (at >= featureCount ? at - featureCount : at)),
    threshold: threshold.map((value, node) => ((feature[node] as number) >= featureCount ? 0 : value)),
    categorySet: feature.map((at, node) => (at >= featureCount ? (threshold[node] as number) : -1)),
    base,
    sets,
    categoriesStart: start,
    categories: values,
  };
}

/** Packs the model; `unpackBoosting` gives the same predictions where nothing was rounded. */
export function packBoosting({ trees, base, categories }: BoostedTrees, packing: Packing): NamedTensor[] {
  const baseTensor = tensorOf('base', 'F64', [base.length], base);
  if (categories === null) return [baseTensor, ...packForest(trees, packing)];
  const { kept, threshold } = distinctSets(trees, categories.sets);
  const { start, values } = categories;
  const featureCount = trees.featureCount / 2;
  const bytes = widestOf(start);
  const sets = new Uint8Array(kept.length * bytes);
  for (const [at, words] of kept.entries()) {
    for (let byte = 0; byte < bytes; byte++) {
      sets[at * bytes + byte] = (words[byte >>> 2] as number) >>> ((byte & 3) * 8);
    }
  }
  return [
    baseTensor,
    ...packForest({ ...trees, threshold }, { ...packing, exactFrom: featureCount }),
    tensorOf('sets', 'U8', [kept.length, bytes], sets),
    tensorOf('categories_start', 'U32', [start.length], start),
    tensorOf('categories', 'F32', [values.length], values),
  ];
}

/** The sets that are still used, each once, and the thresholds with their new numbers. */
function distinctSets(
  { feature, threshold, featureCount }: RawForestArrays,
  sets: Uint32Array,
): { kept: Uint32Array[]; threshold: Float32Array } {
  const numbers = new Map<string, number>();
  const kept: Uint32Array[] = [];
  const renumbered = threshold.map((value, node) => {
    if ((feature[node] as number) < featureCount / 2) return value;
    const words = sets.subarray(value * wordsPerSet, (value + 1) * wordsPerSet);
    const key = words.join();
    let number = numbers.get(key);
    if (number === undefined) {
      number = kept.length;
      numbers.set(key, number);
      kept.push(words);
    }
    return number;
  });
  // A file has one set at least wherever it has sets.
  if (kept.length === 0) kept.push(new Uint32Array(wordsPerSet));
  return { kept, threshold: renumbered };
}

/** Reads a packed model of any origin. Throws ModelError; what trees must be besides is left to `boostingCreate`. */
export function unpackBoosting(
  reader: TensorReader,
  { featureCount, outputs }: { featureCount: number; outputs: number },
): BoostingTrees {
  const base = reader.take('base', 'F64', [outputs]);
  const some = reader.has('sets');
  const trees = unpackForest(reader, { featureCount: some ? 2 * featureCount : featureCount, valueCount: 1 });
  if (!some) return boostingOf({ trees, base, categories: null }, featureCount);
  const packed = reader.take('sets', 'U8', [null, null]);
  const start = reader.take('categories_start', 'U32', [featureCount + 1]);
  const values = reader.take('categories', 'F32', [null]);
  const bytes = widestOf(start);
  if (packed.length === 0 || packed.length % bytes !== 0) {
    throw new ModelError('tensors["sets"].shape', packed.length, `must be a positive multiple of ${bytes} bytes`);
  }
  const sets = new Uint32Array((packed.length / bytes) * wordsPerSet);
  for (const [at, bits] of packed.entries()) {
    const [set, byte] = [Math.floor(at / bytes), at % bytes];
    const word = set * wordsPerSet + (byte >>> 2);
    sets[word] = ((sets[word] as number) | (bits << ((byte & 3) * 8))) >>> 0;
  }
  for (const [node, at] of trees.feature.entries()) {
    const set = trees.threshold[node] as number;
    if (at < featureCount || (Number.isInteger(set) && set >= 0)) continue;
    throw new ModelError('tensors["threshold"]', set, 'must be the number of a set for a categorical split');
  }
  return boostingOf({ trees, base, categories: { sets, start, values } }, featureCount);
}

/** The bytes of a set over the most categories that a feature has. Throws ModelError for more than a set can hold. */
function widestOf(start: Uint32Array): number {
  let most = 1;
  for (let at = 1; at < start.length; at++) {
    most = Math.max(most, (start[at] as number) - (start[at - 1] as number));
  }
  const bytes = Math.ceil(most / 8);
  if (bytes <= wordsPerSet * 4) return bytes;
  throw new ModelError('tensors["categories_start"]', most, `categories of a feature must be <= ${wordsPerSet * 32}`);
}
