import { estimators, ParameterError, resolveParameters } from '../../native/estimators/catalogue.js';
import { fitEstimator, type Resumed } from '../../native/estimators/fit.js';
import { invalidField } from '../mesh/errors.js';
import { categoricalColumns, columnParametersOf, monotoneConstraints } from './column-parameters.js';
import type { EstimatorInfo, ParameterValue } from './estimators.js';
import { maxSnapshotBytes } from './limits.js';
import type { Fit } from './model-fit.js';

export { activeIsa } from '../../native/isa.js';

/** What can be trained, with the parameters that name columns behind those of the estimators themselves. */
export const catalogue: readonly EstimatorInfo[] = estimators.map((info) => ({
  ...info,
  parameters: [
    ...info.parameters,
    ...(info.acceptsCategorical === true ? [categoricalColumns] : []),
    ...(info.acceptsMonotone === true ? [monotoneConstraints] : []),
  ],
}));

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
  const known = catalogue.find(({ id }) => id === estimator)?.parameters ?? [];
  const { others } = columnParametersOf(known, given, field);
  const named = known.filter(({ type }) => type === 'columns' || type === 'column_signs');
  try {
    const resolved = resolveParameters(estimator, others, field);
    return { ...resolved, ...Object.fromEntries(named.map((info) => [info.name, given[info.name] ?? info.default])) };
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw invalidField(error.field, error.seen, error.bound);
  }
};
