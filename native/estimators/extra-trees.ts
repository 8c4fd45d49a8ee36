import type { EstimatorDefinition } from './estimator-definition.js';
import { forestEstimator } from './forest-estimator.js';
import { forestParameters } from './forest-parameters.js';

const definition: EstimatorDefinition = {
  id: 'extra-trees',
  displayName: 'Extremely randomized trees',
  description:
    'Many decision trees, each grown on all rows; a split is the best of a few features, each with one threshold drawn at random between the lowest and the highest value of the node; their average. Smoother than a random forest, faster to grow, and often as accurate. Needs no scaling and takes missing values. Geurts, Ernst and Wehenkel, Extremely randomized trees, 2006. Features are binned into at most 255 quantiles first; a threshold drawn inside a bin moves to its edge.',
  tasks: ['classification', 'regression'],
  acceptsMissing: true,
  resumable: true,
  parameters: forestParameters({ bootstrap: false }),
};

/** Extremely randomized trees. */
export const extraTrees = forestEstimator(definition, { randomSplits: true });
