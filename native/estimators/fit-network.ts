import './raw.js';
import { addon } from '../addon.js';
import { runTask, type TaskOptions } from '../cancel.js';
import { maxColumns } from './checks.js';
import { type Convolutions, imagesOf, imageValues, packConvolutions } from './convolution-shape.js';
import type { CheckedFit } from './estimator-definition.js';
import { EstimatorError } from './estimator-error.js';
import type { Model } from './model.js';
import { networkModel } from './network-model.js';
import { lossOf, rawNetworkOptions } from './network-parameters.js';
import { choiceOf, integersOf, ParameterError } from './parameters.js';
import { balancedWeights } from './sample-weights.js';

/** As many weights and biases as a network may have; native code keeps four floats for each. */
const maxNetworkParameters = 2 ** 29;

/** Fits a network, with `convolutions` before its dense layers or null for none. Rejects as Estimator.fit does. */
export async function fitNetwork(
  request: CheckedFit,
  options: TaskOptions,
  convolutions: Convolutions | null,
): Promise<Model> {
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
  checkSize(columnCount, convolutions, widths, parameters.hidden_layer_sizes);
  const weights = balanced ? balancedWeights(request) : request.weights;
  const raw = {
    ...rawNetworkOptions(parameters, classCount, seed),
    convolutions: convolutions === null ? null : packConvolutions(convolutions),
  };
  const { model, epochs } = await runTask(options, (control) =>
    addon.networkFit(data, rowCount, columnCount, rows, target, weights, classCount, widths, raw, control),
  );
  if (model === null) {
    const bound = `must be smaller: ${String(parameters.solver)} diverged in epoch ${epochs + 1}`;
    throw new EstimatorError('NOT_FINITE', 'parameters["learning_rate_init"]', parameters.learning_rate_init, bound);
  }
  return networkModel(model);
}

function checkSize(columnCount: number, convolutions: Convolutions | null, widths: Uint32Array, given: unknown): void {
  let inputs = Math.min(columnCount, maxColumns);
  let total = 0;
  if (convolutions !== null) {
    const images = imagesOf(convolutions);
    for (const [index, { kernel, units }] of convolutions.layers.entries()) {
      total += (kernel ** 2 * (images[index]?.channels ?? 0) + 1) * units;
    }
    inputs = imageValues(images.at(-1) ?? convolutions.image);
  }
  for (const units of widths) {
    total += (inputs + 3) * units;
    inputs = units;
  }
  if (total <= maxNetworkParameters) return;
  const bound = `must make at most ${maxNetworkParameters} weights, not ${total}`;
  throw new ParameterError('parameters["hidden_layer_sizes"]', given, bound);
}
