import { convolutionParameters, convolutionsOf } from './convolution-parameters.js';
import type { Estimator, EstimatorDefinition } from './estimator-definition.js';
import { fitNetwork } from './fit-network.js';
import { loadNetwork } from './network-model.js';

const definition: EstimatorDefinition = {
  id: 'convolutional-network',
  displayName: 'Convolutional network',
  description:
    'Small filters that move over an image, pools that make it smaller, and a dense network on what they find, trained by back-propagation. For rows that are images of one size: height x width x channels features, row-major with the channels last, of about unit variance and without missing values. LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition, 1998.',
  tasks: ['classification', 'regression'],
  acceptsMissing: false,
  usesImageShape: true,
  resumable: true,
  parameters: convolutionParameters,
};

/** Convolutional networks: native/src/algorithms/convolution.h says what they compute. */
export const convolutionalNetwork: Estimator = {
  definition,
  fit(request, options) {
    const { parameters, features, imageShape } = request;
    return fitNetwork(request, options, convolutionsOf(parameters, features.columnCount, imageShape));
  },
  load: (file) => loadNetwork(file, 'convolutional-network'),
};
