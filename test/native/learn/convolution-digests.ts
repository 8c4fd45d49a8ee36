import { fitConvolutional, recipes } from './convolution-cases.js';
import { digestOf } from './data.js';

// Prints digests of convolutional networks and of their predictions, for comparison between instruction sets.
for (const [parameters, wanted] of recipes) {
  const model = await fitConvolutional({ hidden_layer_sizes: '19', max_iter: 2, ...parameters }, wanted);
  const out = await model.predict(wanted.features);
  const sum = out.reduce((total, value, index) => total + value * (index % 101), 0);
  console.log(`${JSON.stringify(parameters)} ${digestOf(model)} ${sum}`);
}
