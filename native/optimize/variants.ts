import { boostingVariants } from './boosting-variants.js';
import { forestVariants } from './forest-variants.js';
import { linearVariants } from './linear-variants.js';
import { neighborVariants } from './neighbor-variants.js';
import { networkVariants } from './network-variants.js';
import type { VariantMaker } from './variant.js';

export type { OptimizationMethod, Variant, VariantMaker, VariantRequest } from './variant.js';

const makers: readonly VariantMaker[] = [
  forestVariants,
  boostingVariants,
  linearVariants,
  networkVariants,
  neighborVariants,
];

/** The maker of variants of an estimator's models, or undefined where there is none. */
export function variantsOf(estimator: string): VariantMaker | undefined {
  return makers.find(({ estimators }) => estimators.includes(estimator));
}

/** The estimators whose models have variants. */
export function optimizableEstimators(): readonly string[] {
  return makers.flatMap(({ estimators }) => estimators);
}
