import test from 'ava';
import { readBundle } from '../../../native/bundle/bundle.js';
import type { PredictRequest__Output } from '../../../proto/gen/tenon/serving/v1/index.js';
import { createScorer } from '../../../services/serving/scorer.js';
import { bundleOf, loadSmallModel } from './fixture.js';

const fields = {
  bill_length_mm: { kind: 'numberValue', numberValue: 40 },
  island: { kind: 'stringValue', stringValue: 'Dream' },
};
const context = { signal: new AbortController().signal };

for (const [what, rowCost, operationsPerRow, syncRows] of [
  ['cheap rows', 0, undefined, 64],
  ['rows that cost much to encode', 8192, undefined, 8],
  ['a row that costs more than a turn', 100_000, undefined, 1],
  ['rows that cost much to score', 0, 1e7, 20],
  ['rows that take too long to score', 0, 3e7, 0],
] as const) {
  test.serial(`of ${what}, ${syncRows} are scored before Predict returns`, async (t) => {
    const whole = readBundle(bundleOf(), loadSmallModel);
    const encoder = { ...whole.encoder, rowCost };
    const scorer = createScorer({ ...whole, encoder, model: { ...whole.model, operationsPerRow } });
    const predict = (count: number) =>
      scorer.predict(
        { records: Array.from({ length: count }, () => ({ fields })), rows: [] } as unknown as PredictRequest__Output,
        context,
      );
    if (syncRows > 0) t.false(predict(syncRows) instanceof Promise);
    const later = predict(syncRows + 1);
    t.true(later instanceof Promise);
    t.is((await later).predictions?.length, syncRows + 1);
    whole.dispose();
  });
}
