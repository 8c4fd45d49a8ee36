import test from 'ava';
import { readBundle } from '../../../native/bundle/bundle.js';
import { predictionService } from '../../../proto/contracts.js';
import type { EncodedAnswer } from '../../../services/mesh/rpc/bytes-handler.js';
import { createActiveVersion } from '../../../services/serving/active-version.js';
import { encodedPredictionsOf } from '../../../services/serving/encoded-predictions.js';
import type { LoadedVersion } from '../../../services/serving/loader.js';
import { createPredictOnBytes } from '../../../services/serving/prediction-service.js';
import type { DeploymentRuntime } from '../../../services/serving/runtime.js';
import { createScorer } from '../../../services/serving/scorer.js';
import { bundleOf, loadSmallModel } from './fixture.js';

const { requestSerialize, responseDeserialize } = predictionService.Predict;
const deployment = 'deployments/penguins';
const typed = (bill: number, island = 'Dream') => ({
  values: { bill_length_mm: { doubleValue: bill }, island: { stringValue: island } },
});
const plain = (bill: number) => ({
  fields: { bill_length_mm: { numberValue: bill }, island: { stringValue: 'Dream' } },
});
const many = (count: number) => Array.from({ length: count }, (_, index) => typed(30 + index));

/** Predict on bytes over one deployment whose version is ready. */
function readyFleet() {
  const model = readBundle(bundleOf(), loadSmallModel);
  let disposed = 0;
  const loaded = {
    model,
    scorer: createScorer(model),
    encodePredictions: encodedPredictionsOf(model, 'models/penguins/versions/1'),
    dispose() {
      disposed++;
      model.dispose();
    },
  } as unknown as LoadedVersion;
  const current = createActiveVersion(loaded);
  const controller = new AbortController();
  const runtimes = new Map([[deployment, { current } as DeploymentRuntime]]);
  const onBytes = createPredictOnBytes({ find: (name) => runtimes.get(name) });
  return {
    current,
    runtimes,
    controller,
    disposals: () => disposed,
    predict: (request: object) => onBytes(requestSerialize({ deployment, ...request } as never), controller as never),
  };
}

function predictionsIn(answer: EncodedAnswer | null): number | null {
  if (answer === null) return null;
  const bytes = Buffer.alloc(answer.byteLength);
  answer.write(bytes, 0);
  return responseDeserialize(bytes).predictions.length;
}

test('rows and records are answered from their bytes: few at once, many later', async (t) => {
  const { predict } = readyFleet();
  for (const [request, count] of [
    [{ rows: many(1) }, 1],
    [{ rows: many(64) }, 64],
    [{ records: [plain(40), plain(41)] }, 2],
  ] as const) {
    const answer = predict(request);
    t.false(answer instanceof Promise);
    t.is(predictionsIn(answer as EncodedAnswer | null), count);
  }
  for (const request of [{ rows: many(65) }, { records: Array.from({ length: 3000 }, () => plain(40)) }]) {
    const answer = predict(request);
    t.true(answer instanceof Promise);
    t.is(predictionsIn(await answer), Object.values(request)[0]?.length);
  }
});

test('other requests are left to be decoded', async (t) => {
  const { predict, runtimes } = readyFleet();
  for (const request of [
    { deployment: 'deployments/other', rows: many(1) },
    { rows: [typed(40, 'Atlantis')] },
    { rows: [...many(64), typed(Number.NaN)] },
    { rows: [typed(Number.NaN), ...many(100)] },
    { rows: many(1), records: [plain(40)] },
    { rows: many(100_001) },
    {},
  ]) {
    t.is(await predict(request), null);
  }
  runtimes.set(deployment, { current: null } as DeploymentRuntime);
  t.is(predict({ rows: many(1) }), null, 'while no version is ready');
});

test('rows that become too many features are left to be refused', (t) => {
  const { predict, current } = readyFleet();
  Object.assign(current.loaded, { model: { ...current.loaded.model, encoder: { featureCount: 2 ** 28 } } });
  t.is(predict({ rows: many(2) }), null);
});

test('a version that is retired while many rows are read is kept until they are answered', async (t) => {
  const { predict, current, disposals } = readyFleet();
  // More than are read before other work may run.
  const answer = predict({ rows: many(60_000) });
  const retired = current.retire();
  await new Promise((resume) => setImmediate(resume));
  t.is(disposals(), 0);
  t.is(predictionsIn(await answer), 60_000);
  await retired;
  t.is(disposals(), 1);
});

test('many rows of which a late one is to be decoded, and those of a call that is cancelled, leave the version free', async (t) => {
  const { predict, current, controller, disposals } = readyFleet();
  t.is(await predict({ rows: [...many(60_000), typed(40, 'Atlantis')] }), null);
  const answer = predict({ rows: many(60_000) });
  controller.abort(new Error('cancelled'));
  await t.throwsAsync(async () => answer, { message: 'cancelled' });
  await current.retire();
  t.is(disposals(), 1);
});
