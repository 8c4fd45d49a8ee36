import { fitEstimator } from '../../native/estimators/fit.js';
import type { Model } from '../../native/estimators/model.js';
import type { Images } from './fashion-mnist.js';

/** Units between 784 pixels and 10 classes, and rows per step. */
export const hiddenUnits = 256;
export const batchRows = 128;

/** As far below the peer's as an accuracy on 10,000 rows may be by chance: two standard errors. */
export const accuracySlack = 0.007;

/** Which network to fit. */
export interface NetworkKind {
  estimator: string;
  parameters: Readonly<Record<string, unknown>>;
}

/** 784-256-10. */
export const denseNetwork: NetworkKind = {
  estimator: 'neural-network',
  parameters: { hidden_layer_sizes: hiddenUnits },
};

/** Fits the dense network, or another, with Adam for some epochs; also the seconds that each but the first took. */
export async function fitNetwork(
  images: Images,
  epochs: number,
  { estimator, parameters }: NetworkKind = denseNetwork,
): Promise<{ model: Model; seconds: number[] }> {
  const ends: number[] = [];
  const model = await fitEstimator({
    estimator,
    parameters: {
      ...parameters,
      batch_size: batchRows,
      max_iter: epochs,
      n_iter_no_change: 1_000_000,
      penalty: 'none',
    },
    task: 'classification',
    ...images,
    classCount: 10,
    seed: 0,
    // Epochs shorter than the tenth of a second between reports would be merged.
    onProgress: () => ends.push(performance.now()),
  });
  const seconds = ends.slice(1, epochs).map((end, index) => (end - (ends[index] ?? end)) / 1000);
  return { model, seconds };
}

/** The share of images whose likeliest class is the right one. */
export async function networkAccuracy(model: Model, { features, target }: Images): Promise<number> {
  const shares = await model.predict(features);
  const right = target.filter((label, row) => {
    const row10 = shares.subarray(row * 10, row * 10 + 10);
    return row10.indexOf(Math.max(...row10)) === label;
  });
  return right.length / target.length;
}
