import test from 'ava';
import { EstimatorError, type EstimatorFit, fitEstimator } from '../../../native/estimators/fit.js';
import { isas } from '../../../native/isa.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { runChild } from '../child.js';
import { digestOf } from './data.js';
import { wideNetworks } from './wide-networks.js';

for (const [name, request] of Object.entries(wideNetworks)) {
  test.serial(`${name} has the same bits on 1, 2, 3 and 5 threads`, async (t) => {
    const before = threadCount();
    t.teardown(() => setThreads(before));
    const digests: string[] = [];
    for (const threads of [1, 2, 3, 5]) {
      setThreads(threads);
      digests.push(digestOf(await fitEstimator(request)));
    }
    t.deepEqual(digests, Array(4).fill(digests[0]));
  });
}

const predictionsIn = (line = '{}') => (JSON.parse(line) as { predictions: number[] }).predictions;

test('every instruction set trains wide networks alike: two epochs lead to probabilities within 0.002', async (t) => {
  const seen = new Map<string, string[]>();
  for (const { name, supported } of isas()) {
    if (!supported) continue;
    const env = { TENON_FORCE_ISA: name };
    const { code, stdout, stderr } = await runChild('learn/wide-networks-predictions.js', { env });
    t.is(code, 0, stderr);
    seen.set(name, stdout.trim().split('\n'));
  }
  const wanted = seen.get('scalar') ?? [];
  t.is(wanted.length, Object.keys(wideNetworks).length);
  for (const [isa, lines] of seen) {
    for (const [index, line] of lines.entries()) {
      if (isa !== 'amx') {
        t.is(line, wanted[index] ?? '', isa);
        continue;
      }
      const [ours, scalar] = [predictionsIn(line), predictionsIn(wanted[index])];
      const worst = Math.max(...ours.map((value, at) => Math.abs(value - (scalar[at] ?? Number.NaN))));
      t.true(worst < 0.002, `${Object.keys(wideNetworks)[index]}: ${worst} apart`);
    }
  }
});

test('a wide network whose numbers overflow is refused as one that diverged', async (t) => {
  const request = wideNetworks['a wide network by Adam'] as EstimatorFit;
  for (const change of [
    { parameters: { ...request.parameters, solver: 'sgd', learning_rate_init: 1000 } },
    { features: { ...request.features, data: request.features.data.map((x) => x * 3e38) } },
  ]) {
    const error = await t.throwsAsync(fitEstimator({ ...request, ...change }), { instanceOf: EstimatorError });
    t.regex(error.message, /diverge/);
  }
});
