import { boostingFile } from './boosting-file.js';
import { unparsable, unsupported } from './exchange-error.js';
import type { ForeignLeaf, ForeignSplit, ForeignTree } from './foreign-tree.js';
import { type ImportedModel, maxImportClasses, maxImportFeatures } from './imported-model.js';
import type { JsonReader } from './json-reader.js';
import { singleBelow } from './single.js';
import { linearOf, type XgboostShape } from './xgboost-linear.js';

const limits = { classes: maxImportClasses, nodes: 2 ** 31 - 1 } as const;

const logit = (share: number): number => Math.log(share / (1 - share));
const itself = (value: number): number => value;

/** What an objective makes of sums, and of the base score as the file tells it. */
interface Objective {
  readonly task: 'classification' | 'regression';
  readonly link: 'identity' | 'exp';
  /** The base score as it is added to sums. */
  margin(score: number): number;
}

const numbers: Objective = { task: 'regression', link: 'identity', margin: itself };
const rates: Objective = { task: 'regression', link: 'exp', margin: Math.log };

const objectives: Readonly<Record<string, Objective>> = {
  'binary:logistic': { task: 'classification', link: 'identity', margin: logit },
  'multi:softprob': { task: 'classification', link: 'identity', margin: itself },
  'multi:softmax': { task: 'classification', link: 'identity', margin: itself },
  'reg:squarederror': numbers,
  'reg:linear': numbers,
  'reg:absoluteerror': numbers,
  'reg:pseudohubererror': numbers,
  'reg:quantileerror': numbers,
  'rank:pairwise': numbers,
  'rank:ndcg': numbers,
  'rank:map': numbers,
  'count:poisson': rates,
  'reg:gamma': rates,
  'reg:tweedie': rates,
};

/**
 * A model as XGBoost's `save_model` writes it to .json, with boosters gbtree, dart and gblinear. Thresholds move from
 * `x < t` to the next number of single precision below, with `<=`. Throws ExchangeError.
 */
export function importXgboost(root: JsonReader): ImportedModel {
  const learner = root.get('learner');
  const parameters = learner.get('learner_model_param');
  const featureCount = parameters.get('num_feature').integer(1, maxImportFeatures);
  const named = learner.get('objective').get('name').text();
  const objective = Object.hasOwn(objectives, named) ? objectives[named] : undefined;
  if (objective === undefined) {
    throw unsupported('learner.objective.name', named, `must be one of ${Object.keys(objectives).join(', ')}`);
  }
  const targets = parameters.has('num_target') ? parameters.get('num_target').integer(0, limits.classes) : 1;
  if (targets > 1) throw unsupported('learner.learner_model_param.num_target', targets, 'must be 1');
  const told = parameters.get('num_class').integer(0, limits.classes);
  const many = named.startsWith('multi:');
  if (many && told < 2) throw unparsable('learner.learner_model_param.num_class', told, `must be >= 2 for ${named}`);
  const classCount = many ? told : objective.task === 'classification' ? 2 : 0;
  const sums = many ? told : 1;
  const base = baseOf(parameters.get('base_score'), sums).map(objective.margin);
  if (!base.every(Number.isFinite)) {
    throw unparsable('learner.learner_model_param.base_score', base, `must have finite margins for ${named}`);
  }
  const booster = learner.get('gradient_booster');
  const kind = booster.get('name').text();
  const shape = { featureCount, classCount, link: objective.link, sums, base };
  const { model, what } = kind === 'gblinear' ? linearOf(booster, shape) : treesOf(booster, kind, shape);
  const version = root.has('version') ? root.get('version').numbers().join('.') : 'of an unknown version';
  const names = learner.has('feature_names') ? learner.get('feature_names').items() : [];
  if (names.length !== 0 && names.length !== featureCount) {
    throw unparsable('learner.feature_names', names.length, `names must be ${featureCount}`);
  }
  return {
    origin: `XGBoost JSON ${version}, ${named}, ${what}`,
    model,
    task: objective.task,
    classCount,
    featureCount,
    acceptsMissing: kind !== 'gblinear',
    featureNames: names.length === 0 ? null : names.map((name) => name.text()),
    classes: null,
    steps: [],
  };
}

/** `5E-1`, or since release 3.1 a list in brackets with one number per sum. */
function baseOf(score: JsonReader, sums: number): number[] {
  const text = score.text();
  const parts = text.replace(/^\[|\]$/g, '').split(',');
  const values = parts.map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (values.some((value) => !Number.isFinite(value)) || (values.length !== 1 && values.length !== sums)) {
    throw unparsable(score.at, text, `must be a number or ${sums} of them in brackets`);
  }
  return Array.from({ length: sums }, (_, index) => values[index] ?? (values[0] as number));
}

function treesOf(booster: JsonReader, kind: string, shape: XgboostShape) {
  if (kind !== 'gbtree' && kind !== 'dart') {
    throw unsupported(`${booster.at}.name`, kind, 'must be gbtree, dart or gblinear');
  }
  const model = (kind === 'dart' ? booster.get('gbtree') : booster).get('model');
  const trees = model.get('trees').items();
  const groups = model.get('tree_info').numbers(trees.length);
  // What dropping trees in training has left of each.
  const weights = kind === 'dart' ? booster.get('weight_drop').numbers(trees.length) : null;
  const gains = new Float64Array(shape.featureCount);
  const bySum: ForeignTree[][] = Array.from({ length: shape.sums }, () => []);
  for (const [index, tree] of trees.entries()) {
    const group = groups[index] as number;
    const list = bySum[group];
    if (list === undefined) {
      throw unparsable(`${model.at}.tree_info[${index}]`, group, `must be from 0 to ${shape.sums - 1}`);
    }
    list.push(treeOf(tree, { weight: weights?.[index] ?? 1, featureCount: shape.featureCount, gains }));
  }
  const { featureCount, classCount, link } = shape;
  // Of two classes ours keeps one sum, the second's lead over the first.
  const two = shape.sums === 2 && classCount === 2;
  const file = boostingFile({
    featureCount,
    classCount,
    link,
    base: two ? [(shape.base[1] as number) - (shape.base[0] as number)] : shape.base,
    trees: two ? [[...(bySum[1] ?? []), ...(bySum[0] ?? []).map(negated)]] : bySum,
    gains,
    covers: true,
  });
  return { model: file, what: `${trees.length} trees` };
}

function negated({ at, nodes }: ForeignTree): ForeignTree {
  return {
    at,
    nodes: nodes.map((node) => ('values' in node ? { ...node, values: node.values.map((value) => -value) } : node)),
  };
}

function treeOf(
  tree: JsonReader,
  { weight, featureCount, gains }: { weight: number; featureCount: number; gains: Float64Array },
): ForeignTree {
  const left = tree.get('left_children').numbers();
  const count = left.length;
  if (count > limits.nodes) throw unparsable(tree.at, count, `nodes must be at most ${limits.nodes}`);
  const parameters = tree.get('tree_param');
  if (parameters.has('size_leaf_vector')) {
    const width = parameters.get('size_leaf_vector').integer(0, limits.classes);
    if (width > 1) throw unsupported(`${tree.at}.tree_param.size_leaf_vector`, width, 'must be 1: one output per tree');
  }
  const right = tree.get('right_children').numbers(count);
  const conditions = tree.get('split_conditions').numbers(count);
  const features = tree.get('split_indices').numbers(count);
  const defaults = tree.get('default_left').numbers(count);
  const covers = tree.get('sum_hessian').numbers(count);
  const gained = tree.get('loss_changes').numbers(count);
  const sets = categoriesOf(tree, count);
  const nodes = left.map((to, node): ForeignSplit | ForeignLeaf => {
    const cover = covers[node] as number;
    const condition = conditions[node] as number;
    if (to === -1) return { values: [Math.fround(condition * weight)], cover };
    const feature = features[node] as number;
    if (feature >= 0 && feature < featureCount) {
      gains[feature] = (gains[feature] as number) + Math.max(0, gained[node] as number);
    }
    const set = sets.get(node) ?? null;
    const ask = { feature, missingLeft: defaults[node] === 1, cover };
    // Categories of the set go right there and left here.
    if (set !== null) return { ...ask, threshold: 0, categories: others(set), left: to, right: right[node] as number };
    return { ...ask, threshold: belowOf(condition), categories: null, left: to, right: right[node] as number };
  });
  return { at: tree.at, nodes };
}

/** What is below a number of single precision is at most the one before it. */
function belowOf(condition: number): number {
  if (!Number.isFinite(condition)) return condition;
  return singleBelow(Math.fround(condition));
}

const most = 254;

/** The categories below 254 that are not among these. A larger one is left in, for its error to be told. */
function others(set: readonly number[]): number[] {
  const right = new Set(set);
  const beyond = set.filter((category) => !(category >= 0 && category < most));
  return [...Array.from({ length: most }, (_, category) => category).filter((each) => !right.has(each)), ...beyond];
}

/** The sets of the nodes that ask for a category. */
function categoriesOf(tree: JsonReader, count: number): Map<number, number[]> {
  const sets = new Map<number, number[]>();
  if (!tree.has('split_type')) return sets;
  const types = tree.get('split_type').numbers(count);
  if (types.every((type) => type === 0)) return sets;
  const categories = tree.get('categories').numbers();
  const nodes = tree.get('categories_nodes').numbers();
  const segments = tree.get('categories_segments').numbers(nodes.length);
  const sizes = tree.get('categories_sizes').numbers(nodes.length);
  // Sets that share categories would make a small file a large model.
  let taken = 0;
  for (const [index, node] of nodes.entries()) {
    if (!(Number.isInteger(node) && node >= 0 && node < count)) {
      throw unparsable(`${tree.at}.categories_nodes[${index}]`, node, `must be a node, from 0 to ${count - 1}`);
    }
    if (sets.has(node)) throw unparsable(`${tree.at}.categories_nodes[${index}]`, node, 'must not be there twice');
    const [start, size] = [segments[index] as number, sizes[index] as number];
    if (!(Number.isInteger(start) && start >= 0 && start <= categories.length)) {
      throw unparsable(`${tree.at}.categories_segments[${index}]`, start, 'must be within the categories');
    }
    if (!(Number.isInteger(size) && size >= 0 && start + size <= categories.length)) {
      throw unparsable(`${tree.at}.categories_sizes[${index}]`, size, `must be at most ${categories.length - start}`);
    }
    taken += size;
    if (taken > categories.length) {
      const bound = `must sum to at most the ${categories.length} categories: sets do not overlap`;
      throw unparsable(`${tree.at}.categories_sizes`, taken, bound);
    }
    sets.set(node, categories.slice(start, start + size));
  }
  const without = types.findIndex((type, node) => type !== 0 && !sets.has(node));
  if (without >= 0) throw unparsable(`${tree.at}.categories_nodes`, without, 'must be among them');
  return new Map([...sets].filter(([node]) => types[node] !== 0));
}
