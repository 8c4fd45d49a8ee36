import './raw.js';
import { addon } from '../addon.js';
import { runTask, type TaskOptions } from '../cancel.js';
import { maxColumns } from './checks.js';
import type { CheckedFit, Estimator, EstimatorDefinition } from './estimator-definition.js';
import { EstimatorError } from './estimator-error.js';
import type { Model } from './model.js';
import { loadNetwork, networkModel } from './network-model.js';
import { lossOf, networkParameters, rawNetworkOptions } from './network-parameters.js';
import { choiceOf, integersOf, ParameterError } from './parameters.js';
import { balancedWeights } from './sample-weights.js';

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

/** As many weights and biases as a network may have; native code keeps four floats for each. */
const maxNetworkParameters = 2 ** 29;

/** Dense networks: trained by native/src/algorithms/network_fit.h, scored by network_model.h. */
export const neuralNetwork: Estimator = {
  definition,

  async fit(request: CheckedFit, options: TaskOptions): Promise<Model> {
    const { features, target, rows, classCount, parameters, seed } = request;
    const balanced = choiceOf(parameters, 'class_weight') === 'balanced';
    const loss = lossOf(parameters, classCount);
    const fitting = classCount === 0 ? ['squared', 'huber'] : classCount === 2 ? ['softmax', 'logistic'] : ['softmax'];
    if (!fitting.includes(loss)) {
      const what = classCount === 0 ? 'regression' : `${classCount} classes`;
      throw new ParameterError('parameters["loss"]', loss, `must be auto, ${fitting.join(' or ')} for ${what}`);
    }
    if (classCount === 0 && balanced) {
      throw new ParameterError('parameters["class_weight"]', 'balanced', 'must be none for regression');
    }
    const hidden = integersOf(parameters, 'hidden_layer_sizes');
    const widths = Uint32Array.from([...hidden, loss === 'softmax' ? classCount : 1]);
    const { data, rowCount, columnCount } = features;
    checkSize(columnCount, widths, parameters.hidden_layer_sizes);
    const weights = balanced ? balancedWeights(request) : request.weights;
    const raw = rawNetworkOptions(parameters, classCount, seed);
    const { model, epochs } = await runTask(options, (control) =>
      addon.networkFit(data, rowCount, columnCount, rows, target, weights, classCount, widths, raw, control),
    );
    if (model === null) {
      const bound = `must be smaller: ${String(parameters.solver)} diverged in epoch ${epochs + 1}`;
      throw new EstimatorError('NOT_FINITE', 'parameters["learning_rate_init"]', parameters.learning_rate_init, bound);
    }
    return networkModel(model);
  },

  load: loadNetwork,
};

function checkSize(columnCount: number, widths: Uint32Array, given: unknown): void {
  let inputs = Math.min(columnCount, maxColumns);
  let total = 0;
  for (const units of widths) {
    total += (inputs + 3) * units;
    inputs = units;
  }
  if (total <= maxNetworkParameters) return;
  const bound = `must make at most ${maxNetworkParameters} weights, not ${total}`;
  throw new ParameterError('parameters["hidden_layer_sizes"]', given, bound);
}
