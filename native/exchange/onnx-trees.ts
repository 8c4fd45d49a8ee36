import { unparsable, unsupported } from './exchange-error.js';
import type { ForeignLeaf, ForeignSplit, ForeignTree } from './foreign-tree.js';
import { maxImportClasses } from './imported-model.js';
import type { OnnxNode } from './onnx.js';
import { AttributeReader } from './onnx-attributes.js';
import type { FeatureColumn, OnnxValue, ScoreFinish } from './onnx-values.js';
import { largestSingle, singleAtMost, singleBelow } from './single.js';

/** The numbers that leaves may hold: each has one per score, of which a file needs to tell none. */
const maxLeafNumbers = 2 ** 27;

/** Names of the attributes that give leaves their values. */
type Kind = 'class' | 'target';

/** TreeEnsembleClassifier and TreeEnsembleRegressor, versions 1 to 3, over columns of single precision. */
export function treeScores(node: OnnxNode, columns: readonly FeatureColumn[]): OnnxValue {
  const attributes = new AttributeReader(node);
  const kind: Kind = node.op === 'TreeEnsembleClassifier' ? 'class' : 'target';
  const transform = attributes.text('post_transform', 'NONE');
  if (kind === 'target') {
    const units = attributes.number('n_targets', 1);
    if (!(Number.isInteger(units) && units >= 1 && units <= maxImportClasses)) {
      throw unparsable(`${attributes.at}.n_targets`, units, `must be from 1 to ${maxImportClasses}`);
    }
    if (transform !== 'NONE') throw unsupported(`${attributes.at}.post_transform`, transform, 'must be NONE');
    const aggregate = attributes.text('aggregate_function', 'SUM');
    if (aggregate !== 'SUM' && aggregate !== 'AVERAGE') {
      throw unsupported(`${attributes.at}.aggregate_function`, aggregate, 'must be SUM or AVERAGE');
    }
    const base = baseOf(attributes, units);
    const trees = treesOf(attributes, { kind, units });
    const source = { kind: 'trees', trees, aggregate: aggregate === 'SUM' ? 'sum' : 'average', base } as const;
    return { kind: 'scores', columns, source, units, finish: 'none', classes: null };
  }
  const classes = attributes.classes();
  if (classes === null || classes.length < 2 || classes.length > maxImportClasses) {
    const bound = `classes must be at least 2 and at most ${maxImportClasses}`;
    throw unsupported(`${attributes.at}.classlabels`, classes?.length ?? 0, bound);
  }
  const ids = attributes.numbers('class_ids');
  const used = new Set(Array.from(ids));
  // One score for two classes is that of the second, whatever its number.
  const single = classes.length === 2 && used.size <= 1;
  const units = single ? 1 : classes.length;
  const finish = finishOf(transform, units, attributes.at);
  const base = baseOf(attributes, units);
  const trees = treesOf(attributes, { kind, units, single });
  const source = { kind: 'trees', trees, aggregate: 'sum', base } as const;
  return { kind: 'scores', columns, source, units, finish, classes };
}

function finishOf(transform: string, units: number, at: string): ScoreFinish {
  if (transform === 'NONE') return 'shares';
  if (transform === 'LOGISTIC' && units === 1) return 'both';
  if (transform === 'SOFTMAX' && units > 1) return 'softmax';
  throw unsupported(
    `${at}.post_transform`,
    transform,
    units === 1 ? 'must be NONE or LOGISTIC for one score' : `must be NONE or SOFTMAX for ${units} scores`,
  );
}

function baseOf(attributes: AttributeReader, units: number): number[] {
  const told = attributes.numbersOrNull('base_values') ?? [];
  if (told.length === 0) return new Array<number>(units).fill(0);
  if (told.length !== units) {
    throw unparsable(`${attributes.at}.base_values`, told.length, `elements must be ${units}`);
  }
  return Array.from(told);
}

function treesOf(attributes: AttributeReader, shape: { kind: Kind; units: number; single?: boolean }): ForeignTree[] {
  const { at } = attributes;
  const treeIds = attributes.numbers('nodes_treeids');
  const count = treeIds.length;
  const nodeIds = attributes.numbers('nodes_nodeids', count);
  const features = attributes.numbers('nodes_featureids', count);
  const values = attributes.numbers('nodes_values', count);
  const modes = attributes.textsOrNull('nodes_modes') ?? [];
  if (modes.length !== count) throw unparsable(`${at}.nodes_modes`, modes.length, `elements must be ${count}`);
  const leafNumbers = modes.filter((mode) => mode === 'LEAF').length * shape.units;
  if (leafNumbers > maxLeafNumbers) {
    const bound = `numbers in leaves, ${shape.units} in each, must be at most ${maxLeafNumbers}`;
    throw unsupported(`${at}.nodes_modes`, leafNumbers, bound);
  }
  const whenTrue = attributes.numbers('nodes_truenodeids', count);
  const whenFalse = attributes.numbers('nodes_falsenodeids', count);
  const tracks = attributes.numbersOrNull('nodes_missing_value_tracks_true') ?? [];
  if (tracks.length !== 0 && tracks.length !== count) {
    throw unparsable(`${at}.nodes_missing_value_tracks_true`, tracks.length, `elements must be ${count}`);
  }
  /** By tree: its nodes' places in the attributes, and by number of a node its place in the tree. */
  const trees = new Map<number, { places: number[]; placeOf: Map<number, number> }>();
  for (let place = 0; place < count; place++) {
    const id = treeIds[place] as number;
    const tree = trees.get(id) ?? { places: [], placeOf: new Map<number, number>() };
    trees.set(id, tree);
    const nodeId = nodeIds[place] as number;
    if (tree.placeOf.has(nodeId)) throw unparsable(`${at}.nodes_nodeids[${place}]`, nodeId, 'must not be there twice');
    tree.placeOf.set(nodeId, tree.places.length);
    tree.places.push(place);
  }
  const leafValues = leavesOf(attributes, shape, (tree, node) => {
    const found = trees.get(tree);
    const inTree = found?.placeOf.get(node);
    const place = inTree === undefined ? undefined : found?.places[inTree];
    return place === undefined ? undefined : { place, isLeaf: modes[place] === 'LEAF' };
  });
  return Array.from(trees, ([id, { places, placeOf }]): ForeignTree => {
    const childOf = (number: number): number => placeOf.get(number) ?? -1;
    return {
      at: `${at} tree ${id}`,
      nodes: places.map((place): ForeignSplit | ForeignLeaf => {
        if (modes[place] === 'LEAF') {
          return { values: leafValues.get(place) ?? new Array<number>(shape.units).fill(0), cover: 0 };
        }
        return splitOf(modes[place] ?? '', {
          at: `${at}.nodes_modes[${place}]`,
          feature: features[place] as number,
          value: values[place] as number,
          missingTrue: tracks[place] === 1,
          whenTrue: childOf(whenTrue[place] as number),
          whenFalse: childOf(whenFalse[place] as number),
        });
      }),
    };
  });
}

/** By place of a leaf its values, one per score. */
function leavesOf(
  attributes: AttributeReader,
  { kind, units, single = false }: { kind: Kind; units: number; single?: boolean },
  nodeOf: (tree: number, node: number) => { place: number; isLeaf: boolean } | undefined,
): Map<number, number[]> {
  const treeIds = attributes.numbers(`${kind}_treeids`);
  const { length } = treeIds;
  const nodeIds = attributes.numbers(`${kind}_nodeids`, length);
  const ids = attributes.numbers(`${kind}_ids`, length);
  const weights = attributes.numbers(`${kind}_weights`, length);
  const leaves = new Map<number, number[]>();
  for (let index = 0; index < length; index++) {
    const node = nodeOf(treeIds[index] as number, nodeIds[index] as number);
    if (node === undefined) {
      throw unparsable(`${attributes.at}.${kind}_nodeids[${index}]`, nodeIds[index], 'must be a node of its tree');
    }
    const id = single ? 0 : (ids[index] as number);
    if (!(Number.isInteger(id) && id >= 0 && id < units)) {
      throw unparsable(`${attributes.at}.${kind}_ids[${index}]`, id, `must be from 0 to ${units - 1}`);
    }
    // What a split is given is never looked at.
    if (!node.isLeaf) continue;
    const values = leaves.get(node.place) ?? new Array<number>(units).fill(0);
    values[id] = (values[id] as number) + (weights[index] as number);
    leaves.set(node.place, values);
  }
  return leaves;
}

function splitOf(
  mode: string,
  ask: { at: string; feature: number; value: number; missingTrue: boolean; whenTrue: number; whenFalse: number },
): ForeignSplit {
  const { feature, missingTrue, whenTrue, whenFalse } = ask;
  const atMost = Math.max(singleAtMost(ask.value), -largestSingle);
  // Below a number that is no number of single precision is at most the one below it.
  const below = atMost === ask.value ? singleBelow(atMost) : atMost;
  const split = { feature, categories: null, cover: 0 };
  switch (mode) {
    case 'BRANCH_LEQ':
      return { ...split, threshold: atMost, left: whenTrue, right: whenFalse, missingLeft: missingTrue };
    case 'BRANCH_LT':
      return { ...split, threshold: below, left: whenTrue, right: whenFalse, missingLeft: missingTrue };
    case 'BRANCH_GT':
      return { ...split, threshold: atMost, left: whenFalse, right: whenTrue, missingLeft: !missingTrue };
    case 'BRANCH_GTE':
      return { ...split, threshold: below, left: whenFalse, right: whenTrue, missingLeft: !missingTrue };
    default:
      throw unsupported(ask.at, mode, 'must be LEAF, BRANCH_LEQ, BRANCH_LT, BRANCH_GT or BRANCH_GTE');
  }
}
