import { fitEstimator } from '../../../native/estimators/fit.js';
import { wideNetworks } from './wide-networks.js';

// Prints what each wide network predicts after two epochs, for comparison between instruction sets.
for (const [name, request] of Object.entries(wideNetworks)) {
  const model = await fitEstimator({ ...request, parameters: { ...request.parameters, max_iter: 2 } });
  console.log(JSON.stringify({ name, predictions: [...(await model.predict(request.features))] }));
}
