import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { EstimatorError, fitEstimator } from '../../../native/estimators/fit.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { digestOf } from './data.js';
import { resealed } from './resealed.js';
import { kept, onOtherData, resumable, type Snapshot, withOtherParameters } from './resume-cases.js';

async function snapshotOf(name: string): Promise<Snapshot> {
  const { first } = await kept(resumable[name] as never);
  if (first === undefined) throw new Error(`${name} handed over no snapshot`);
  return first;
}

for (const [name, request] of Object.entries(resumable)) {
  test.serial(
    `${name}: interrupted after any step, at any number of threads, is bit-equal to what was not`,
    async (t) => {
      const before = threadCount();
      t.teardown(() => setThreads(before));
      const wanted = digestOf(await fitEstimator(request));
      // The first snapshot of a fit that goes on is of a later step than the one it goes on from.
      let last: Snapshot | undefined;
      for (const threads of [1, 2, 3, 5, 2]) {
        setThreads(threads);
        const { model, first, resumed, progress } = await kept({ ...request, resume: last?.bytes });
        t.is(digestOf(model), wanted);
        t.deepEqual(resumed, last === undefined ? [] : [{ step: last.step, refusal: null }]);
        t.true(progress.every((step) => step > (last?.step ?? 0)));
        if (first === undefined) break;
        t.true(first.step > (last?.step ?? 0) && first.step < first.steps);
        last = first;
      }
      t.true((last?.step ?? 0) >= 4);
    },
  );

  test(`${name}: a snapshot of another fit is refused, and the fit begins anew`, async (t) => {
    const { bytes } = await snapshotOf(name);
    const others = [
      { ...request, seed: request.seed + 1 },
      withOtherParameters(request),
      onOtherData(request),
      { ...request, rows: Uint32Array.from({ length: 2_000 }, (_, row) => row) },
    ];
    for (const other of others) {
      const { model, resumed } = await kept({ ...other, resume: bytes });
      t.is(resumed.length, 1);
      t.regex(resumed[0]?.refusal ?? '', /^it is of |^its seed is /);
      t.is(digestOf(model), digestOf(await fitEstimator(other)));
    }
  });

  test(`${name}: no snapshot that is cut or changed does harm`, async (t) => {
    const { bytes } = await snapshotOf(name);
    const wanted = digestOf(await fitEstimator(request));
    for (let share = 0; share < 24; share++) {
      const at = Math.floor((share * bytes.length) / 24);
      const { model, resumed } = await kept({ ...request, resume: bytes.slice(0, at) });
      t.is(digestOf(model), wanted);
      // No bytes are no snapshot.
      if (at > 0) t.truthy(resumed[0]?.refusal);
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 0x40;
      t.is((await kept({ ...request, resume: flipped })).resumed[0]?.refusal, 'its checksum is not that of its bytes');
    }
  });

  test(`${name}: what a snapshot with a right checksum says is checked or harmless`, async (t) => {
    const { bytes } = await snapshotOf(name);
    let refused = 0;
    for (let share = 0; share < 60; share++) {
      const changed = bytes.slice();
      changed.fill(share % 2 === 0 ? 0xff : 0x7f, Math.floor((share * bytes.length) / 60)).fill(0, bytes.length - 8);
      const { resumed } = await kept({ ...request, resume: resealed(changed) });
      if (resumed[0]?.refusal) refused++;
    }
    // Sets of categories may be any, gains any from 0 on.
    t.true(refused >= 30, `${refused}`);
    const again = await kept({ ...request, resume: resealed(bytes.slice()) });
    t.is(again.resumed[0]?.refusal, null, 'the seal of this test is that of snapshots');
  });
}

test('a snapshot of a random forest is none of extra trees', async (t) => {
  const { bytes } = await snapshotOf('a random forest');
  const request = {
    ...(resumable['a random forest'] as never as Parameters<typeof kept>[0]),
    estimator: 'extra-trees',
  };
  const { resumed } = await kept({ ...request, resume: bytes });
  t.deepEqual(resumed, [{ step: 0, refusal: 'it is of another estimator than extra-trees' }]);
});

test('an estimator without steps says so, and fits', async (t) => {
  const request = {
    ...(resumable['a random forest'] as never as Parameters<typeof kept>[0]),
    estimator: 'k-nearest-neighbors',
  };
  const data = request.features.data.map((x) => (Number.isNaN(x) ? 0 : x));
  const { resumed, first } = await kept({
    ...request,
    parameters: {},
    features: { ...request.features, data },
    resume: Uint8Array.of(1, 2, 3),
  });
  t.deepEqual(resumed, [{ step: 0, refusal: 'k-nearest-neighbors has no steps to go on from' }]);
  t.is(first, undefined);
});

test('snapshots beyond the bound are not taken, and the interval is kept', async (t) => {
  const request = resumable.boosting as Parameters<typeof kept>[0];
  for (const limits of [{ intervalSeconds: 0, maxBytes: 1_000 }, { intervalSeconds: 3_600 }]) {
    let taken = 0;
    await fitEstimator({ ...request, checkpoint: { ...limits, save: () => void taken++ } });
    t.is(taken, 0);
  }
  for (const checkpoint of [
    { intervalSeconds: -1 },
    { intervalSeconds: Number.NaN },
    { intervalSeconds: 1, maxBytes: 2 ** 33 },
  ]) {
    const refused = fitEstimator({ ...request, checkpoint: { ...checkpoint, save: () => undefined } });
    await t.throwsAsync(refused, { instanceOf: EstimatorError, message: /^checkpoint\.(intervalSeconds|maxBytes): / });
  }
  const refused = fitEstimator({ ...request, resume: 'bytes' as never });
  await t.throwsAsync(refused, { instanceOf: EstimatorError, message: /^resume: .* must be a Uint8Array$/ });
});

test('a fit whose snapshot cannot be kept fails with the reason, and there is one at a time', async (t) => {
  const base = resumable['a random forest'] as Parameters<typeof kept>[0];
  const request = { ...base, parameters: { n_estimators: 2_000 } };
  const full = fitEstimator({
    ...request,
    checkpoint: { intervalSeconds: 0, save: () => Promise.reject(new Error('no space')) },
  });
  await t.throwsAsync(full, { message: 'no space' });
  // Its last step is behind it when the only snapshot fails.
  let hear: () => void = () => undefined;
  const last = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const late = fitEstimator({
    ...base,
    parameters: { n_estimators: 50 },
    onProgress: (step, total) => {
      if (step === total) hear();
    },
    checkpoint: {
      intervalSeconds: 0,
      async save() {
        await last;
        await pause(500);
        throw new Error('no space');
      },
    },
  });
  await t.throwsAsync(late, { message: 'no space' });
  let saving = 0;
  let most = 0;
  await fitEstimator({
    ...base,
    parameters: { n_estimators: 100 },
    checkpoint: {
      intervalSeconds: 0,
      async save() {
        most = Math.max(most, ++saving);
        await new Promise((resolve) => setTimeout(resolve, 5));
        saving--;
      },
    },
  });
  t.is(most, 1);
  t.is(saving, 0, 'a fit is not over before its last snapshot is kept');
});
