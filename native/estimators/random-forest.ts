import type { EstimatorDefinition } from './estimator-definition.js';
import { forestEstimator } from './forest-estimator.js';
import { forestParameters } from './forest-parameters.js';

const definition: EstimatorDefinition = {
  id: 'random-forest',
  displayName: 'Random forest',
  description:
    'Many decision trees, each grown on rows drawn with replacement and splits chosen among a few features drawn at random; their average. Needs no scaling, takes missing values, and seldom needs tuning. Breiman, Random Forests, 2001. Features are binned into at most 255 quantiles first, and a threshold lies between bins.',
  tasks: ['classification', 'regression'],
  acceptsMissing: true,
  resumable: true,
  parameters: forestParameters({ bootstrap: true }),
};

/** Random forests. */
export const randomForest = forestEstimator(definition, { randomSplits: false });
