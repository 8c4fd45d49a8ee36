import { digestOf } from './data.js';
import { fitNetwork, recipes } from './network-cases.js';

// Prints digests of networks and of their predictions, for comparison between instruction sets.
for (const [parameters, wanted] of recipes) {
  const model = await fitNetwork({ hidden_layer_sizes: '50,19', max_iter: 2, ...parameters }, wanted);
  const out = await model.predict(wanted.features);
  const sum = out.reduce((total, value, index) => total + value * (index % 101), 0);
  console.log(`${JSON.stringify(parameters)} ${digestOf(model)} ${sum}`);
}
