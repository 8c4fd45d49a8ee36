import type { EstimatorDefinition } from './estimator-definition.js';
import { allEstimators, estimatorNamed } from './estimators.js';
import { ParameterError, type ParameterValue, resolveDefinitions } from './parameters.js';

export type { EstimatorDefinition } from './estimator-definition.js';
export { type ParameterDefinition, ParameterError, type ParameterValue } from './parameters.js';

/** What can be trained, with the parameters each takes. */
export const estimators: readonly EstimatorDefinition[] = allEstimators().map((estimator) => estimator.definition);

/**
 * All parameters of an estimator: those given, checked, and the defaults of the others. Throws
 * ParameterError naming `fieldPrefix["name"]` for an unknown name, a wrong type, a value out of
 * range, or one that another parameter leaves without effect.
 */
export function resolveParameters(
  id: string,
  given: Readonly<Record<string, unknown>>,
  fieldPrefix: string,
): Record<string, ParameterValue> {
  const estimator = estimatorNamed(id);
  if (estimator === undefined) {
    const known = estimators.map((definition) => definition.id).join(', ');
    throw new ParameterError('estimator', id, `must be one of ${known}`);
  }
  return resolveDefinitions(estimator.definition.parameters, given, fieldPrefix);
}
