import { estimators, ParameterError, resolveParameters } from '../../native/estimators/catalogue.js';
import { fitEstimator, type Resumed } from '../../native/estimators/fit.js';
import { invalidField } from '../mesh/errors.js';
import type { EstimatorInfo, ParameterValue } from './estimators.js';
import { maxSnapshotBytes } from './limits.js';
import type { Fit } from './model-fit.js';

export { activeIsa } from '../../native/isa.js';

/** What can be trained. Jobs name a target column, so that what needs none is not among it. */
export const catalogue: readonly EstimatorInfo[] = estimators.flatMap(({ tasks, ...info }) => {
  const supervised = tasks.filter((task) => task !== 'clustering');
  return supervised.length > 0 ? [{ ...info, tasks: supervised }] : [];
});

/** Fits on the threads of the addon. */
export const fit: Fit = ({ kept, ...request }) =>
  fitEstimator({
    ...request,
    ...(kept !== null && {
      checkpoint: {
        intervalSeconds: kept.intervalMs / 1_000,
        maxBytes: maxSnapshotBytes,
        save: (snapshot: Uint8Array, step: number) => kept.save(snapshot, step),
      },
      resume: kept.resume,
      onResume: ({ step, refusal }: Resumed) => kept.onResume(step, refusal),
    }),
  });

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
