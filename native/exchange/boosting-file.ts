import type { ModelFile } from '../estimators/model.js';
import { tensorOf } from '../estimators/tensors.js';
import { unsupported } from './exchange-error.js';
import { type ForeignTree, forestTensors } from './foreign-tree.js';

/** Trees whose leaves are added up, and what becomes of the sums. */
export interface ForeignBoosting {
  readonly featureCount: number;
  /** 0 for regression. */
  readonly classCount: number;
  /** Of regression. */
  readonly link: 'identity' | 'exp';
  /** What sums begin with: one number per class, or one for two classes and for regression. */
  readonly base: readonly number[];
  /** By the sum that they are added to. */
  readonly trees: readonly (readonly ForeignTree[])[];
  /** By feature; what its splits gained. */
  readonly gains: Float64Array;
  /** Whether the trees tell how much data came by each node. */
  readonly covers: boolean;
}

/** As many empty trees are put in, so that a small file makes no large model. */
const mostEmpty = 1_000_000;

const nothing: ForeignTree = { at: 'an empty tree', nodes: [{ values: [0], cover: 0 }] };

/** A gradient-boosting model of ours. Throws ExchangeError for what is no tree. */
export function boostingFile({ trees, ...model }: ForeignBoosting): ModelFile {
  const { featureCount, classCount, base, gains, covers } = model;
  // Ours go round by round: sums with fewer trees get empty ones.
  const rounds = trees.reduce((most, list) => Math.max(most, list.length), 1);
  const empty = trees.reduce((sum, list) => sum + rounds - list.length, 0);
  if (empty > mostEmpty) {
    throw unsupported('trees', empty, `missing for some classes must be at most ${mostEmpty}: each has about as many`);
  }
  const inTurns: ForeignTree[] = [];
  for (let round = 0; round < rounds; round++) for (const list of trees) inTurns.push(list[round] ?? nothing);
  return {
    tensors: [
      tensorOf('base', 'F64', [base.length], Float64Array.from(base)),
      ...forestTensors(inTurns, { featureCount, valueCount: 1, gains, covers }),
    ],
    metadata: {
      format: '1',
      estimator: 'gradient-boosting',
      feature_count: String(featureCount),
      class_count: String(classCount),
      ...(classCount === 0 ? { link: model.link } : {}),
    },
  };
}
