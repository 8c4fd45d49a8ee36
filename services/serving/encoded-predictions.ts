import type { Scores, ScoringModel } from '../../native/bundle/bundle.js';
import { predictionService } from '../../proto/contracts.js';
import type { Prediction } from '../../proto/gen/tenon/serving/v1/index.js';
import type { EncodedAnswer } from '../mesh/rpc/bytes-handler.js';
import { likeliestAt, predictionsOf } from './predictions.js';

/** Makes the bytes of a PredictResponse out of a model's scores, without messages between. */
export type PredictionEncoder = (scores: Scores, rowCount: number) => EncodedAnswer;

const { responseSerialize } = predictionService.Predict;
const doubleBytes = 8;
/** How many groups' predictions are kept as bytes. */
const maxKept = 1024;

/**
 * The encoder over a version's model. The bytes are those of the messages that `predictionsOf` makes: their beginnings,
 * each made once, and the numbers of a row.
 */
export function encodedPredictionsOf(
  model: Pick<ScoringModel, 'signature' | 'outputCount'>,
  modelVersion: string,
): PredictionEncoder {
  const { signature, outputCount } = model;
  const predictionAt = predictionsOf(model);
  const head = responseSerialize({ modelVersion });
  const tail = responseSerialize({ classes: [...signature.classes] });
  const encoded = (prediction: Prediction) => responseSerialize({ predictions: [prediction] });
  const around = head.length + tail.length;

  if (signature.task === 'clustering') {
    const kept = new Map<number, Buffer>();
    return (scores, rowCount) => {
      const parts = Array.from({ length: rowCount }, (_, row) => {
        const known = kept.get(scores[row] as number);
        if (known !== undefined) return known;
        const bytes = encoded(predictionAt(scores, row));
        if (kept.size < maxKept) kept.set(scores[row] as number, bytes);
        return bytes;
      });
      const byteLength = parts.reduce((sum, { length }) => sum + length, around);
      return answerOf(byteLength, (target, start) => parts.reduce((at, part) => at + part.copy(target, at), start));
    };
  }

  // What stands before a row's numbers: one for each class, or a single one where a number is predicted.
  const classCount = signature.task === 'classification' ? outputCount : 1;
  const numberBytes = outputCount * doubleBytes;
  const shares = new Float32Array(outputCount);
  const beginnings = Array.from({ length: classCount }, (_, likeliest) => {
    shares.fill(0)[likeliest] = 1;
    const whole = encoded(predictionAt(shares, 0));
    return Buffer.from(whole.subarray(0, whole.length - numberBytes));
  });
  return (scores, rowCount) => {
    const chosen = new Array<Buffer>(rowCount);
    let byteLength = around + rowCount * numberBytes;
    for (let row = 0; row < rowCount; row++) {
      const beginning = beginnings[likeliestAt(scores, row * outputCount, classCount)] as Buffer;
      chosen[row] = beginning;
      byteLength += beginning.length;
    }
    return answerOf(byteLength, (target, start) => {
      let at = start;
      let next = 0;
      for (const beginning of chosen) {
        target.set(beginning, at);
        at += beginning.length;
        for (const end = next + outputCount; next < end; next++) at = target.writeDoubleLE(scores[next] as number, at);
      }
      return at;
    });
  };

  function answerOf(byteLength: number, writeRows: (target: Buffer, at: number) => number): EncodedAnswer {
    return {
      byteLength,
      write(target, at) {
        target.set(head, at);
        const end = writeRows(target, at + head.length);
        target.set(tail, end);
        return end + tail.length;
      },
    };
  }
}
