import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RawRows, ScoringModel } from '../../native/bundle/bundle.js';
import { type ExactMethod, exactMethodOf } from '../../native/explain/exact-method.js';
import type { Explainer } from '../../native/explain/explainer.js';
import { ExplanationError } from '../../native/explain/explanation-error.js';
import { featureSources, groupsOf, sumGroups } from '../../native/explain/feature-groups.js';
import { sampledExplainer } from '../../native/explain/sampled-shap.js';
import type { ExplainResponse, Explanation, OutputExplanation } from '../../proto/gen/tenon/serving/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { checkExplainable, explanationUnsupported, rowError } from './errors.js';
import { messageMethods, messageSpaces, outputOf } from './explanation-message.js';
import { maxContributions } from './limits.js';
import { likeliest, predictionsOf } from './predictions.js';
import type { CheckedExplain } from './validate.js';

/** Explains the predictions of one version; what that takes is made when it is first asked for. */
export interface Explanations {
  /**
   * Explains rows in slices on native threads. Throws TenonError: the errors of rows as in Predict,
   * EXPLANATION_UNSUPPORTED, QUOTA_EXCEEDED, INVALID_FIELD for an answer too large; the signal's reason.
   */
  explain(rows: RawRows, asked: CheckedExplain, signal: AbortSignal): Promise<Omit<ExplainResponse, 'modelVersion'>>;
  /** Frees what was made; no explanation is under way. */
  dispose(): void;
}

/** Contributions worked out and summed in one go, and put into the answer before other work may run. */
const sliceContributions = 2 ** 20;
const contributionsPerTurn = 65_536;

/** The orders of sampling are always the same. */
const samplingSeed = 0;

/** The explanations of a model; `reserve` takes memory and returns the function that gives it back. */
export function createExplanations(model: ScoringModel, reserve: (bytes: number) => () => void): Explanations {
  const { signature, recipe } = model;
  const classes = [...signature.classes];
  const predictionAt = predictionsOf(model);
  const sources = featureSources(recipe.data);
  const columnGroups = sources.map(({ features }) => features);
  const featureGroups = groupsOf(new Array<number>(recipe.featureCount).fill(1));
  const allOutputs = Array.from({ length: model.outputCount }, (_, index) => index);
  const made = new Map<string, Promise<Explainer>>();
  const releases: (() => void)[] = [];

  async function createExact(exact: ExactMethod): Promise<Explainer> {
    const release = reserve(exact.memoryBytes);
    try {
      const explainer = await exact.create();
      releases.push(release);
      return explainer;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** One explainer for all who ask for it; a failure is forgotten, so that the next call tries again. */
  function once(key: string, make: () => Promise<Explainer>): Promise<Explainer> {
    const existing = made.get(key);
    if (existing !== undefined) return existing;
    const making = make();
    made.set(key, making);
    making.catch(() => made.delete(key));
    return making;
  }

  function explainerFor({ method, granularity }: CheckedExplain): Promise<Explainer> {
    if (method === 'sampling') {
      const groups = granularity === 'column' ? columnGroups : featureGroups;
      return once(`sampling ${granularity}`, () =>
        sampledExplainer(model.model, { background: model.parityFeatures(), groups, seed: samplingSeed }),
      );
    }
    // Asked for by name or not, it is the same explainer.
    const exact = exactMethodOf(model.model);
    if (method !== null && method !== exact.method) {
      const why = `is explained by ${messageMethods[exact.method]}`;
      throw new ExplanationError(model.model.estimator ?? 'this model', why);
    }
    return once('exact', () => createExact(exact));
  }

  return {
    async explain(rows, asked, signal) {
      checkExplainable(model);
      const rowCount = 'records' in rows ? rows.records.length : rows.rows.length;
      const groups = asked.granularity === 'column' ? columnGroups : featureGroups;
      const kept = Math.min(asked.limit ?? groups.length, groups.length);
      // The answer names what `indices` may speak of, so that names count as well.
      const told = rowCount * kept * (asked.allClasses ? Math.max(1, classes.length) : 1) + groups.length;
      if (told > maxContributions) {
        const bound = `contributions and names must be <= ${maxContributions}; send fewer rows, or set limit or all_classes otherwise`;
        throw invalidField('records' in rows ? 'records' : 'rows', told, bound);
      }
      try {
        const explainer = await explainerFor(asked);
        const explanations: Explanation[] = [];
        const perRow = explainer.outputCount * Math.max(explainer.featureCount, groups.length);
        const perSlice = Math.max(1, Math.min(model.rowsPerSlice, Math.floor(sliceContributions / perRow)));
        let sinceTurn = 0;
        for (let begin = 0; begin < rowCount; begin += perSlice) {
          if (begin > 0) await nextTurn();
          signal.throwIfAborted();
          const matrix = model.encodeRows(rows, begin, Math.min(rowCount, begin + perSlice));
          const scores = await model.model.predict(matrix, { signal });
          const contributions = await explainer.explain(matrix, { signal });
          // Sampling credits groups; the exact methods credit features.
          const values = explainer.method === 'sampling' ? contributions.values : sumGroups(contributions, groups);
          for (let row = 0; row < matrix.rowCount; row++) {
            const place = { values, row, outputCount: explainer.outputCount, groupCount: groups.length };
            const own = scores.subarray(row * model.outputCount, (row + 1) * model.outputCount);
            const told = asked.allClasses ? allOutputs : [likeliest(own)];
            const outputs: OutputExplanation[] = [];
            for (const index of told) {
              outputs.push(outputOf({ explainer, place, classes, index, kept }));
              sinceTurn += groups.length;
              if (sinceTurn < contributionsPerTurn) continue;
              sinceTurn = 0;
              await nextTurn();
              signal.throwIfAborted();
            }
            explanations.push({ prediction: predictionAt(scores, row), outputs });
          }
        }
        return {
          space: messageSpaces[explainer.space],
          method: messageMethods[explainer.method],
          names: asked.granularity === 'column' ? sources.map(({ name }) => name) : [...recipe.featureNames],
          explanations,
          classes,
        };
      } catch (error) {
        if (!(error instanceof ExplanationError)) throw rowError(error);
        throw explanationUnsupported(error, { sampled: asked.method === 'sampling' });
      }
    },

    dispose() {
      for (const making of made.values()) {
        making.then(
          (explainer) => explainer.dispose(),
          () => undefined,
        );
      }
      made.clear();
      for (const release of releases) release();
    },
  };
}
