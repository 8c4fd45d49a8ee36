import { boostingFile } from './boosting-file.js';
import { unparsable, unsupported } from './exchange-error.js';
import type { ForeignLeaf, ForeignSplit, ForeignTree } from './foreign-tree.js';
import { type ImportedModel, maxImportClasses, maxImportFeatures } from './imported-model.js';
import { largestSingle, singleAtMost } from './single.js';
import { type TextSection, textSections } from './text-sections.js';

const limits = { classes: maxImportClasses, leaves: 2 ** 30 } as const;

// Bits of decision_type.
const isCategorical = 1;
const isDefaultLeft = 2;
const missingTypes = ['none', 'zero', 'nan'] as const;

const identities = ['regression', 'regression_l1', 'huber', 'fair', 'quantile', 'mape', 'lambdarank', 'rank_xendcg'];
const exponentials = ['poisson', 'gamma', 'tweedie'];
const known = ['binary', 'multiclass', ...identities, ...exponentials];

/** What an objective makes of sums. */
interface Objective {
  readonly classCount: number;
  readonly link: 'identity' | 'exp';
  /** What sums are multiplied by before they become probabilities. */
  readonly factor: number;
}

/**
 * A model as LightGBM's `save_model` writes it. Thresholds, which are doubles, are rounded down to single precision: each
 * number of single precision goes the same way. Throws ExchangeError.
 */
export function importLightgbm(text: string): ImportedModel {
  const [header, ...sections] = textSections(text);
  if (header === undefined) throw unparsable('model', text.length, 'characters must begin with a header');
  const featureCount = header.integer('max_feature_idx', 0, maxImportFeatures - 1) + 1;
  const sums = header.integer('num_tree_per_iteration', 1, limits.classes);
  const told = header.has('objective') ? header.text('objective') : '';
  const objective = objectiveOf(told, sums);
  const names = header.has('feature_names') ? header.text('feature_names').split(' ') : [];
  if (names.length !== 0 && names.length !== featureCount) {
    throw unparsable('feature_names', names.length, `names must be ${featureCount}`);
  }
  const averaged = header.has('average_output');
  const factor = objective.factor / (averaged ? Math.max(1, sections.length / sums) : 1);
  const gains = new Float64Array(featureCount);
  const trees: ForeignTree[][] = Array.from({ length: sums }, () => []);
  for (const [index, section] of sections.entries()) {
    trees[index % sums]?.push(treeOf(section, { factor, featureCount, gains }));
  }
  const { classCount, link } = objective;
  const model = boostingFile({
    featureCount,
    classCount,
    link,
    base: new Array<number>(sums).fill(0),
    trees,
    gains,
    covers: true,
  });
  return {
    origin: `LightGBM ${header.has('version') ? header.text('version') : ''}, ${told || 'raw scores'}, ${sections.length} trees`,
    model,
    task: classCount > 0 ? 'classification' : 'regression',
    classCount,
    featureCount,
    acceptsMissing: true,
    featureNames: names.length === 0 ? null : names,
    classes: null,
    steps: [],
  };
}

/** `binary sigmoid:1`, `multiclass num_class:3`, `regression`; empty for raw scores. */
function objectiveOf(told: string, sums: number): Objective {
  const [name = '', ...options] = told.split(' ');
  const option = (key: string): string | undefined =>
    options.find((each) => each.startsWith(`${key}:`))?.slice(key.length + 1);
  const at = 'objective';
  if (name === 'binary') {
    const factor = Number(option('sigmoid') ?? 1);
    if (!(factor > 0 && Number.isFinite(factor))) throw unparsable(at, told, 'must have a sigmoid above 0');
    if (sums !== 1) throw unparsable('num_tree_per_iteration', sums, 'must be 1 for binary');
    return { classCount: 2, link: 'identity', factor };
  }
  if (name === 'multiclass') {
    if (sums < 3) throw unsupported('num_tree_per_iteration', sums, 'must be >= 3 for multiclass');
    return { classCount: sums, link: 'identity', factor: 1 };
  }
  if (name !== '' && !known.includes(name)) throw unsupported(at, told, `must be one of ${known.join(', ')}`);
  if (options.includes('sqrt')) throw unsupported(at, told, 'must be without sqrt: numbers would have to be squared');
  if (sums !== 1) throw unsupported('num_tree_per_iteration', sums, `must be 1 for ${name || 'raw scores'}`);
  return { classCount: 0, link: exponentials.includes(name) ? 'exp' : 'identity', factor: 1 };
}

function treeOf(
  section: TextSection,
  { factor, featureCount, gains }: { factor: number; featureCount: number; gains: Float64Array },
): ForeignTree {
  const { at } = section;
  const leaves = section.integer('num_leaves', 1, limits.leaves);
  if (section.has('is_linear') && section.integer('is_linear', 0, 1) === 1) {
    throw unsupported(`${at}.is_linear`, 1, 'must be 0: leaves with linear models have no form here');
  }
  const values = section.numbers('leaf_value', leaves);
  const splits = leaves - 1;
  const counts = section.has('leaf_count') ? section.numbers('leaf_count', leaves) : [];
  const leafNodes = values.map(
    (value, leaf): ForeignLeaf => ({ values: [Math.fround(value * factor)], cover: counts[leaf] ?? 0 }),
  );
  if (splits === 0) return { at, nodes: leafNodes };
  const features = section.numbers('split_feature', splits);
  // Where only missing values go right, the threshold is beyond all numbers.
  const thresholds = section.numbers('threshold', splits, { infinite: true });
  const types = section.numbers('decision_type', splits);
  const left = section.numbers('left_child', splits);
  const right = section.numbers('right_child', splits);
  const gained = section.has('split_gain') ? section.numbers('split_gain', splits, { infinite: true }) : [];
  const passed = section.has('internal_count') ? section.numbers('internal_count', splits) : [];
  const sets = setsOf(section);
  // Splits come first here; a leaf is told as a negative number, its complement.
  const place = (child: number): number => (child >= 0 ? (child < splits ? child : -1) : splits + ~child);
  const splitNodes = features.map((feature, node): ForeignSplit => {
    if (feature >= 0 && feature < featureCount) {
      gains[feature] = (gains[feature] as number) + Math.min(largestSingle, Math.max(0, gained[node] ?? 0));
    }
    const ask = {
      feature,
      left: place(left[node] as number),
      right: place(right[node] as number),
      cover: passed[node] ?? 0,
    };
    const type = types[node] as number;
    const threshold = thresholds[node] as number;
    if ((type & isCategorical) !== 0) {
      const categories = sets[threshold];
      if (categories === undefined)
        throw unparsable(`${at}.threshold[${node}]`, threshold, 'must be a set of categories');
      return { ...ask, threshold: 0, categories, missingLeft: false };
    }
    const where = `${at}.decision_type[${node}]`;
    return {
      ...ask,
      threshold: rounded(threshold),
      categories: null,
      missingLeft: missingLeftOf(type, threshold, where),
    };
  });
  return { at, nodes: [...splitNodes, ...leafNodes] };
}

/** A threshold beyond all numbers of single precision divides nothing: the last of them stands for it. */
function rounded(threshold: number): number {
  return Math.max(singleAtMost(Math.min(threshold, largestSingle)), -largestSingle);
}

function missingLeftOf(type: number, threshold: number, at: string): boolean {
  const missing = missingTypes[(type >>> 2) & 3];
  if (missing === undefined) throw unparsable(at, type, 'must tell how missing values are told');
  const byDefault = (type & isDefaultLeft) !== 0;
  if (missing === 'nan') return byDefault;
  // A missing value counts as zero.
  const zeroLeft = threshold >= 0;
  if (missing === 'zero' && byDefault !== zeroLeft) {
    throw unsupported(at, type, 'sends zero another way than its neighbours; train with zero_as_missing=false');
  }
  return zeroLeft;
}

/** The categories of each set: words of 32 bits, from one boundary to the next. */
function setsOf(section: TextSection): number[][] {
  const count = section.has('num_cat') ? section.integer('num_cat', 0, limits.leaves) : 0;
  if (count === 0) return [];
  const boundaries = section.numbers('cat_boundaries', count + 1);
  const words = section.numbers('cat_threshold', boundaries[count] as number);
  return Array.from({ length: count }, (_, index) => {
    const [begin, end] = [boundaries[index] as number, boundaries[index + 1] as number];
    if (!(begin >= 0 && end >= begin && end <= words.length)) {
      throw unparsable(`${section.at}.cat_boundaries[${index + 1}]`, end, 'must not be below the one before');
    }
    const categories: number[] = [];
    for (let word = begin; word < end; word++) {
      for (let bit = 0; bit < 32; bit++) {
        if (((words[word] as number) >>> bit) & 1) categories.push((word - begin) * 32 + bit);
      }
    }
    return categories;
  });
}
