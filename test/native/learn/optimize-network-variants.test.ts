import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import { variantsOf } from '../../../native/optimize/variants.js';
import { writeSafetensors } from '../../../native/safetensors.js';
import { accuracyOf, fixture } from './data.js';

test('a network has pruned and 8-bit variants that load, and the 8-bit ones are smaller and as accurate', async (t) => {
  const { features, target } = fixture<unknown>('iris');
  const parameters = { hidden_layer_sizes: '64,64' };
  const fit = {
    estimator: 'neural-network',
    task: 'classification',
    features,
    target,
    classCount: 3,
    seed: 1,
  } as const;
  const model = await fitEstimator({ ...fit, parameters });
  const methods = new Set(['prune', 'quantize'] as const);
  const before = accuracyOf(await model.predict(features), target, 3);
  const found: string[] = [];
  for await (const { description, methods: used, file } of variantsOf('neural-network')?.variants(model, {
    methods,
    calibrationRows: features,
    trainingRows: () => features,
  }) ?? []) {
    found.push(description);
    const loaded = loadModel(file);
    const accuracy = accuracyOf(await loaded.predict(features), target, 3);
    if (!used.includes('quantize') || used.includes('prune')) continue;
    t.true(accuracy >= before - 0.03, `${accuracy} against ${before}`);
    t.true(writeSafetensors(file).length < writeSafetensors(model.toTensors()).length * 0.6);
  }
  t.deepEqual(found, [
    '8-bit weights',
    'without the 25 % smallest weights',
    'without the 25 % smallest weights, 8-bit weights',
    'without the 50 % smallest weights',
    'without the 50 % smallest weights, 8-bit weights',
  ]);
});
