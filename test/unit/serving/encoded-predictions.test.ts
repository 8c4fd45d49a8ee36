import test from 'ava';
import fc from 'fast-check';
import type { ScoringModel } from '../../../native/bundle/scoring-model.js';
import { predictionService } from '../../../proto/contracts.js';
import { createCodec } from '../../../services/mesh/rpc/codec.js';
import { encodedPredictionsOf } from '../../../services/serving/encoded-predictions.js';
import { predictionsOf } from '../../../services/serving/predictions.js';

const codec = createCodec(predictionService.Predict, 2 ** 26);
const version = 'models/penguins/versions/1';
type Signed = Pick<ScoringModel, 'signature' | 'outputCount'>;

function signed(task: string, type: string | null, classes: readonly string[]): Signed {
  const target = type === null ? null : { name: 'y', type };
  const outputCount = task === 'classification' ? classes.length : 1;
  return { signature: { task, target, classes }, outputCount } as unknown as Signed;
}

const cases: readonly [string, Signed][] = [
  ['texts', signed('classification', 'string', ['', 'größe', 'x'.repeat(200)])],
  ['booleans', signed('classification', 'boolean', ['false', 'true'])],
  ['whole numbers', signed('classification', 'integer', ['-1', '0', '300', '9007199254740993'])],
  ['doubles', signed('classification', 'double', ['0', '-0.5'])],
  ['one class', signed('classification', 'string', ['only'])],
  [
    '300 classes',
    signed(
      'classification',
      'integer',
      Array.from({ length: 300 }, (_, index) => `${index}`),
    ),
  ],
  ['numbers', signed('regression', 'double', [])],
  ['groups', signed('clustering', null, [])],
];

const score = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 0.25, 0.5, 1, -0) },
  fc.float(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY),
);

for (const [what, model] of cases) {
  test(`scores as ${what} become the bytes of the messages that they are`, (t) => {
    const predictionAt = predictionsOf(model);
    const encode = encodedPredictionsOf(model, version);
    const group = fc.integer({ min: 0, max: 3000 });
    const rows = fc.integer({ min: 0, max: 40 });
    const scores = rows.chain((rowCount) => {
      const length = rowCount * model.outputCount;
      return fc.array(model.signature.task === 'clustering' ? group : score, { minLength: length, maxLength: length });
    });
    fc.assert(
      fc.property(scores, fc.nat({ max: 20 }), (numbers, at) => {
        const given = Float32Array.from(numbers);
        const rowCount = given.length / model.outputCount;
        const predictions = Array.from({ length: rowCount }, (_, row) => predictionAt(given, row));
        const wanted = codec.encode({ modelVersion: version, predictions, classes: [...model.signature.classes] });
        const answer = encode(given, rowCount);
        const frame = Buffer.alloc(at + answer.byteLength + 3, 0xee);
        answer.write(frame, at);
        if (!frame.subarray(at, -3).equals(wanted)) throw new Error('other bytes');
        if (frame.subarray(-3).some((byte) => byte !== 0xee)) throw new Error('written beyond the end');
      }),
      { numRuns: 200, seed: 20_260_304 },
    );
    t.pass();
  });
}
