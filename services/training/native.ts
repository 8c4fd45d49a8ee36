import { estimators, ParameterError, resolveParameters } from '../../native/estimators/catalogue.js';
import { fitEstimator } from '../../native/estimators/fit.js';
import { invalidField } from '../mesh/errors.js';
import type { EstimatorInfo, ParameterValue } from './estimators.js';
import type { Fit } from './model-fit.js';

export { activeIsa } from '../../native/isa.js';

/** What can be trained. */
export const catalogue: readonly EstimatorInfo[] = estimators;

/** Fits on the threads of the addon. */
export const fit: Fit = (request) => fitEstimator(request);

/** All parameters of an estimator, those not given at their default. Throws INVALID_FIELD below `field`. */
export type ResolveParameters = (
  estimator: string,
  given: Readonly<Record<string, ParameterValue>>,
  field: string,
) => Readonly<Record<string, ParameterValue>>;

/** By the tables that fitting reads too. */
export const checkedParameters: ResolveParameters = (estimator, given, field) => {
  try {
    return resolveParameters(estimator, given, field);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw invalidField(error.field, error.seen, error.bound);
  }
};
