import type { OptimizeModelRequest__Output, OptimizeSpec__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../../mesh/errors.js';
import { parseName } from '../../mesh/resource/name.js';
import { checkRequestId } from '../../mesh/resource/text.js';
import { jobBoundsOf } from '../job-bounds.js';
import { methodNamed } from './methods.js';

/** An OptimizeModel request of which everything is right that can be judged without the version. */
export interface CheckedOptimization {
  spec: OptimizeSpec__Output;
  requestId: string;
}

/** Checks OptimizeModel. Throws INVALID_FIELD. */
export function checkOptimizeModel(request: OptimizeModelRequest__Output): CheckedOptimization {
  const { modelVersion, maxLoss, requestId, metric, objective, methods, evaluationDatasetVersion, limits } = request;
  checkRequestId(requestId);
  parseName('models/{model}/versions/{version}', modelVersion, 'model_version');
  if (!(Number.isFinite(maxLoss) && maxLoss >= 0)) {
    throw invalidField('max_loss', Number.isFinite(maxLoss) ? maxLoss : `${maxLoss}`, 'must be >= 0 and finite');
  }
  const objectives = ['OBJECTIVE_UNSPECIFIED', 'OBJECTIVE_SIZE', 'OBJECTIVE_LATENCY'];
  if (!objectives.includes(objective)) {
    throw invalidField('objective', objective, 'must be OBJECTIVE_SIZE, OBJECTIVE_LATENCY or unset');
  }
  for (const [index, method] of methods.entries()) {
    const field = `methods[${index}]`;
    if (methodNamed(method) === undefined) throw invalidField(field, method, 'must be a method');
    if (methods.indexOf(method) < index) throw invalidField(field, method, 'must not be named twice');
  }
  if (evaluationDatasetVersion !== '') {
    const dataset = evaluationDatasetVersion.replace(/\/versions\/latest$/, '/versions/1');
    parseName('datasets/{dataset}/versions/{version}', dataset, 'evaluation_dataset_version');
  }
  jobBoundsOf({ limits }, 'limits');
  const decided = objective === 'OBJECTIVE_UNSPECIFIED' ? 'OBJECTIVE_SIZE' : objective;
  return {
    spec: { modelVersion, maxLoss, metric, objective: decided, methods, evaluationDatasetVersion, limits },
    requestId,
  };
}
