import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkFeatures } from '../estimators/checks.js';
import { EstimatorError } from '../estimators/estimator-error.js';
import type { Matrix } from '../table/matrix.js';
import { createRandom, indices, shuffle } from '../validation/random.js';
import type { ExplainedModel } from './explained-model.js';
import type { Contributions, Explainer } from './explainer.js';
import { checkCells, ExplanationError } from './explanation-error.js';

/** The most numbers handed to the model in one call: 16 MiB. */
const numbersPerCall = 2 ** 22;

/** The most groups times features, and outputs times groups: 64 MiB of steps along one order, 32 MiB per row. */
const maxSteps = 2 ** 24;
const maxCells = 2 ** 22;

/** Orders of the groups drawn for each row of the background; each is also walked backwards. */
const ordersPerRow = 2;

/**
 * Estimates Shapley values of groups of features for a model of any kind, in the space of its
 * predictions. A group that is left out has the values of a row of `background`; along a random
 * order of the groups a row of the background turns into the row explained, and each group is
 * credited with the change at its turn (Castro et al., Polynomial calculation of the Shapley value
 * based on sampling, 2009; an order and its reverse together, Mitchell et al., Sampling permutations
 * for Shapley value estimation, 2022). Sums are exact, their division among groups is an estimate.
 *
 * The orders depend on the seed alone: a row gets the same bits in any company. Takes
 * 4 × background rows × groups predictions for each row. Rejects with ExplanationError for too many
 * groups times features or classes.
 */
export async function sampledExplainer(
  model: ExplainedModel,
  { background, groups, seed }: { background: Matrix; groups: readonly (readonly number[])[]; seed: number },
): Promise<Explainer> {
  const { estimator = 'this model', featureCount, classCount } = model;
  checkCells(estimator, groups.length, classCount, maxCells);
  if (groups.length * featureCount > maxSteps) {
    const steps = `${groups.length} groups of ${featureCount} features`;
    throw new ExplanationError(estimator, `${steps} are too many to sample; their product must be <= ${maxSteps}`);
  }
  return create(model, background, groups, ordersOf(background.rowCount, groups.length, seed));
}

/** Pairs of a row of the background and an order of the groups. */
function ordersOf(rowCount: number, groupCount: number, seed: number): { row: number; order: number[] }[] {
  const random = createRandom(seed);
  return Array.from({ length: rowCount }, (_, row) =>
    Array.from({ length: ordersPerRow }, () => {
      const order = [...shuffle(indices(groupCount), random)];
      return [
        { row, order },
        { row, order: order.toReversed() },
      ];
    }),
  ).flat(2);
}

async function create(
  model: ExplainedModel,
  background: Matrix,
  groups: readonly (readonly number[])[],
  orders: readonly { row: number; order: readonly number[] }[],
): Promise<Explainer> {
  const { featureCount, classCount } = model;
  checkFeatures(background, featureCount);
  if (background.rowCount === 0) throw new EstimatorError('EMPTY_TABLE', 'background.rowCount', 0, 'must be >= 1');
  const outputCount = Math.max(1, classCount);
  const groupCount = groups.length;
  const backgroundScores = await model.predict(background, {});
  const baseValues = new Float64Array(outputCount);
  for (const [index, score] of backgroundScores.entries()) {
    const output = index % outputCount;
    baseValues[output] = (baseValues[output] as number) + score / background.rowCount;
  }

  /** What the model gives at each step of each order from `first` on, the last step left out. */
  async function walk(row: Float32Array, first: number, last: number, signal: AbortSignal | undefined) {
    const steps = groupCount - 1;
    const rowCount = (last - first) * steps;
    const data = new Float32Array(rowCount * featureCount);
    const current = new Float32Array(featureCount);
    let at = 0;
    for (const { row: from, order } of orders.slice(first, last)) {
      current.set(background.data.subarray(from * featureCount, (from + 1) * featureCount));
      for (let step = 0; step < steps; step++, at += featureCount) {
        for (const feature of groups[order[step] as number] as readonly number[]) {
          current[feature] = row[feature] as number;
        }
        data.set(current, at);
      }
    }
    return model.predict({ data, rowCount, columnCount: featureCount }, signal === undefined ? {} : { signal });
  }

  async function explainRow(row: Float32Array, score: Float32Array, out: Float64Array, signal?: AbortSignal) {
    const perCall = Math.max(1, Math.floor(numbersPerCall / (featureCount * Math.max(1, groupCount - 1))));
    for (let first = 0; first < orders.length; first += perCall) {
      // Few rows may be scored where they are called, without a turn.
      await nextTurn();
      const last = Math.min(orders.length, first + perCall);
      const scores = await walk(row, first, last, signal);
      for (let index = first; index < last; index++) {
        const { row: from, order } = orders[index] as { row: number; order: readonly number[] };
        const start = (index - first) * (groupCount - 1) * outputCount;
        for (let output = 0; output < outputCount; output++) {
          let before = backgroundScores[from * outputCount + output] as number;
          for (let step = 0; step < groupCount; step++) {
            const after = (
              step < groupCount - 1 ? scores[start + step * outputCount + output] : score[output]
            ) as number;
            const cell = output * groupCount + (order[step] as number);
            out[cell] = (out[cell] as number) + (after - before) / orders.length;
            before = after;
          }
        }
      }
    }
  }

  return {
    featureCount: groupCount,
    outputCount,
    space: classCount === 0 ? 'value' : 'probability',
    method: 'sampling',
    baseValues,
    async explain(matrix, { signal, onProgress } = {}): Promise<Contributions> {
      signal?.throwIfAborted();
      checkFeatures(matrix, featureCount);
      const { data, rowCount } = matrix;
      const scores = await model.predict(matrix, signal === undefined ? {} : { signal });
      const width = outputCount * groupCount;
      const values = new Float64Array(rowCount * width);
      for (let row = 0; row < rowCount; row++) {
        await explainRow(
          data.subarray(row * featureCount, (row + 1) * featureCount),
          scores.subarray(row * outputCount, (row + 1) * outputCount),
          values.subarray(row * width, (row + 1) * width),
          signal,
        );
        onProgress?.(row + 1, rowCount);
      }
      return { values, rowCount, outputCount, featureCount: groupCount, baseValues };
    },
    dispose() {
      // It holds nothing outside JavaScript.
    },
  };
}
