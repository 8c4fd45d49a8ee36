import type { RawRows, ScoringModel } from '../../native/bundle/bundle.js';
import { exactMethodOf } from '../../native/explain/exact-method.js';
import type { Explainer, ExplanationMethod } from '../../native/explain/explainer.js';
import { ExplanationError } from '../../native/explain/explanation-error.js';
import { featureSources, groupsOf, sumGroups } from '../../native/explain/feature-groups.js';
import { sampledExplainer } from '../../native/explain/sampled-shap.js';
import type { ExplainResponse, Explanation } from '../../proto/gen/tenon/serving/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { explanationUnsupported, rowError } from './errors.js';
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

/** Rows encoded in one go, about a millisecond's worth, and contributions worked out and summed in one go. */
const sliceRows = 256;
const sliceContributions = 2 ** 20;

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

  async function createExact(method: ExplanationMethod | null): Promise<Explainer> {
    const exact = exactMethodOf(model.model);
    if (method !== null && method !== exact.method) {
      throw new ExplanationError(
        model.model.estimator ?? 'this model',
        `is explained by ${messageMethods[exact.method]}`,
      );
    }
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
  function explainerFor({ method, granularity }: CheckedExplain): Promise<Explainer> {
    const key = method === 'sampling' ? `sampling ${granularity}` : (method ?? 'exact');
    const existing = made.get(key);
    if (existing !== undefined) return existing;
    const groups = granularity === 'column' ? columnGroups : featureGroups;
    const background = () => model.parityFeatures();
    const making =
      method === 'sampling'
        ? sampledExplainer(model.model, { background: background(), groups, seed: samplingSeed })
        : createExact(method);
    made.set(key, making);
    making.catch(() => made.delete(key));
    return making;
  }

  return {
    async explain(rows, asked, signal) {
      const rowCount = 'records' in rows ? rows.records.length : rows.rows.length;
      const groups = asked.granularity === 'column' ? columnGroups : featureGroups;
      const kept = Math.min(asked.limit ?? groups.length, groups.length);
      const told = rowCount * kept * (asked.allClasses ? Math.max(1, classes.length) : 1);
      if (told > maxContributions) {
        const bound = `contributions must be <= ${maxContributions}; send fewer rows, or set limit or all_classes otherwise`;
        throw invalidField('records' in rows ? 'records' : 'rows', told, bound);
      }
      try {
        const explainer = await explainerFor(asked);
        const explanations: Explanation[] = [];
        const perRow = explainer.outputCount * Math.max(explainer.featureCount, groups.length);
        const perSlice = Math.max(1, Math.min(sliceRows, Math.floor(sliceContributions / perRow)));
        for (let begin = 0; begin < rowCount; begin += perSlice) {
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
            explanations.push({
              prediction: predictionAt(scores, row),
              outputs: told.map((index) => outputOf({ explainer, place, classes, index, kept })),
            });
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
