import type { OptimizationMethod } from '../../../native/optimize/variants.js';
import type { OptimizeSpec__Output } from '../../../proto/gen/tenon/training/v1/index.js';

/** The contract's name of a method. */
export type MethodName = OptimizeSpec__Output['methods'][number];

const names: Readonly<Record<OptimizationMethod, MethodName>> = {
  'fewer-trees': 'METHOD_FEWER_TREES',
  prune: 'METHOD_PRUNE',
  'merge-leaves': 'METHOD_MERGE_LEAVES',
  quantize: 'METHOD_QUANTIZE',
  pack: 'METHOD_PACK',
  reduce: 'METHOD_REDUCE',
};

/** A method as the contract spells it. */
export function nameOfMethod(method: OptimizationMethod): MethodName {
  return names[method];
}

/** The method that the contract spells so, or undefined. */
export function methodNamed(name: string): OptimizationMethod | undefined {
  return (Object.keys(names) as OptimizationMethod[]).find((method) => names[method] === name);
}
