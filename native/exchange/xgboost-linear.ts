import type { ModelFile } from '../estimators/model.js';
import { tensorOf } from '../estimators/tensors.js';
import { unparsable, unsupported } from './exchange-error.js';
import type { JsonReader } from './json-reader.js';

/** What a booster is told of the model that it belongs to. */
export interface XgboostShape {
  readonly featureCount: number;
  readonly classCount: number;
  readonly link: 'identity' | 'exp';
  /** The sums that the model adds up per row. */
  readonly sums: number;
  readonly base: readonly number[];
}

/** The booster gblinear: weights by feature and sum, the biases last. Throws ExchangeError. */
export function linearOf(
  booster: JsonReader,
  { featureCount, classCount, link, sums, base }: XgboostShape,
): { model: ModelFile; what: string } {
  if (link !== 'identity') throw unsupported(`${booster.at}.name`, 'gblinear', 'must be gbtree for this objective');
  const told = booster
    .get('model')
    .get('weights')
    .numbers((featureCount + 1) * sums);
  const wrong = told.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw unparsable(`${booster.at}.model.weights[${wrong}]`, told[wrong], 'must be finite');
  const two = sums === 2 && classCount === 2;
  const outputs = two ? 1 : sums;
  const at = (feature: number, sum: number): number => {
    const one = told[feature * sums + sum] as number;
    return two ? (told[feature * sums + 1] as number) - (told[feature * sums] as number) : one;
  };
  const weights = new Float64Array(outputs * featureCount);
  const intercept = new Float64Array(outputs);
  for (let sum = 0; sum < outputs; sum++) {
    for (let feature = 0; feature < featureCount; feature++) weights[sum * featureCount + feature] = at(feature, sum);
    // Its linear booster adds the first base score to every sum, also where there is one per sum.
    intercept[sum] = at(featureCount, sum) + (two ? 0 : (base[0] as number));
  }
  const model = {
    tensors: [
      tensorOf('weights', 'F64', [outputs, featureCount], weights),
      tensorOf('intercept', 'F64', [outputs], intercept),
    ],
    metadata: {
      format: '1',
      estimator: classCount > 0 ? 'logistic-regression' : 'linear-regression',
      feature_count: String(featureCount),
      class_count: String(classCount),
    },
  };
  return { model, what: 'a linear booster' };
}
