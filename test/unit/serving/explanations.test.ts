import test from 'ava';
import { readBundle } from '../../../native/bundle/bundle.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import { TenonError } from '../../../services/mesh/errors.js';
import { createExplanations } from '../../../services/serving/explanations.js';
import { largest } from '../../../services/serving/largest.js';
import type { CheckedExplain } from '../../../services/serving/validate.js';
import { explainedBundle, trainingRows } from '../../contract/explained-bundle.js';

const asked: CheckedExplain = { method: null, granularity: 'column', allClasses: false, limit: null };
const { signal } = new AbortController();
const rows = trainingRows.slice(0, 3).map(([bill, mass, island]) => ({
  values: {
    bill: { kind: 'doubleValue', doubleValue: bill },
    mass: { kind: 'integerValue', integerValue: mass },
    island: { kind: 'stringValue', stringValue: island },
  },
}));

test('the exact explainer is made once, asked for by name or not', async (t) => {
  const { files } = await explainedBundle('random-forest', 2, { n_estimators: 3 });
  const model = readBundle(files, loadModel);
  let reserved = 0;
  const explanations = createExplanations(model, () => {
    reserved++;
    return () => {
      reserved--;
    };
  });
  const plain = await explanations.explain({ rows }, asked, signal);
  t.deepEqual(await explanations.explain({ rows }, { ...asked, method: 'tree-shap' }, signal), plain);
  t.is(reserved, 1);
  await t.throwsAsync(explanations.explain({ rows }, { ...asked, method: 'linear-shap' }, signal), {
    instanceOf: TenonError,
    message: /^random-forest: is explained by EXPLANATION_METHOD_TREE_SHAP/,
  });
  explanations.dispose();
  t.is(reserved, 0);
  model.dispose();
});

test('other work runs between slices of an explanation, and an abort between them ends it', async (t) => {
  const { files } = await explainedBundle('linear-regression', 0);
  const whole = readBundle(files, loadModel);
  // A model that scores where it is called, and rows that cost much.
  const predict: typeof whole.model.predict = async (matrix) => whole.model.predictSync(matrix);
  const model = { ...whole, rowsPerSlice: 1, model: { ...whole.model, predict } };
  const ranges: [number, number][] = [];
  const abort = new AbortController();
  const seen = {
    ...model,
    encodeRows(...[raw, begin, end]: Parameters<typeof whole.encodeRows>) {
      ranges.push([begin, end]);
      if (begin === 1) setImmediate(() => abort.abort());
      return whole.encodeRows(raw, begin, end);
    },
  };
  const explanations = createExplanations(seen, () => () => undefined);
  const told = explanations.explain({ rows }, { ...asked, method: 'sampling' }, abort.signal);
  const refused = await told.then(
    () => null,
    (error: unknown) => error,
  );
  t.is(refused, abort.signal.reason);
  t.deepEqual(ranges, [
    [0, 1],
    [1, 2],
  ]);
  explanations.dispose();
  whole.dispose();
});

test('the largest numbers are those of a sort of all, the first of equals first', (t) => {
  const values = Array.from({ length: 200 }, (_, index) => ((index * 37) % 50) * (index % 2 === 0 ? 1 : -1));
  const sorted = values
    .map((_, index) => index)
    .sort((a, b) => Math.abs(values[b] ?? 0) - Math.abs(values[a] ?? 0) || a - b);
  for (const count of [0, 1, 2, 7, 100, 200, 300]) t.deepEqual(largest(values, count), sorted.slice(0, count));
});
