import type { Estimator, EstimatorDefinition } from './estimator-definition.js';
import { fitNetwork } from './fit-network.js';
import { loadNetwork } from './network-model.js';
import { networkParameters } from './network-parameters.js';

const definition: EstimatorDefinition = {
  id: 'neural-network',
  displayName: 'Dense network',
  description:
    'Layers of weighted sums with a bend after each, trained by back-propagation on batches of rows. Learns what trees cannot extrapolate and images of a fixed size; wants features of about unit variance (standardize them in the recipe) and takes no missing values. Rumelhart, Hinton and Williams, 1986; Adam: Kingma and Ba, 2015.',
  tasks: ['classification', 'regression'],
  acceptsMissing: false,
  resumable: true,
  parameters: networkParameters,
};

/** Dense networks: trained by native/src/algorithms/network_fit.h, scored by network_model.h. */
export const neuralNetwork: Estimator = {
  definition,
  fit: (request, options) => fitNetwork(request, options, null),
  load: (file) => loadNetwork(file, 'neural-network'),
};
