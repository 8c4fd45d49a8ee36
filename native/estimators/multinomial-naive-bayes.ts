import { addon } from '../addon.js';
import { runTask, type TaskOptions } from '../cancel.js';
import { namingCells, sumsOverflow } from './checks.js';
import type { CheckedFit, Estimator, EstimatorDefinition } from './estimator-definition.js';
import { EstimatorError } from './estimator-error.js';
import { linearModel, loadLinear } from './linear-model.js';
import type { Model, ModelFile } from './model.js';
import { booleanOf, numberOf } from './parameters.js';
import type { RawFit, RawLinear } from './raw.js';

declare module '../addon.js' {
  interface Addon {
    multinomialBayesFit: RawFit<{ model: RawLinear | null; means: Float64Array }>;
  }
}

const definition: EstimatorDefinition = {
  id: 'multinomial-naive-bayes',
  displayName: 'Multinomial naive Bayes',
  description:
    'For features that are counts or shares, such as words of a text: each class draws its counts from a distribution of its own, independent of one another. Learned in one pass. Takes no negative features and no missing values.',
  tasks: ['classification'],
  acceptsMissing: false,
  parameters: [
    {
      name: 'alpha',
      type: 'double',
      default: 1,
      min: 1e-10,
      max: 1e9,
      help: 'What is added to each count of each class, so that a word never seen rules nothing out.',
    },
    {
      name: 'fit_prior',
      type: 'boolean',
      default: true,
      help: 'Whether classes are as likely beforehand as they are frequent; otherwise equally.',
    },
  ],
};

/** Refuses negative features; names the column. */
function refuseNegative({ features, rows }: CheckedFit): void {
  const { data, columnCount } = features;
  const count = rows?.length ?? features.rowCount;
  for (let index = 0; index < count; index++) {
    const row = rows === null ? index : (rows[index] as number);
    for (let column = 0; column < columnCount; column++) {
      const value = data[row * columnCount + column] as number;
      if (value >= 0) continue;
      throw new EstimatorError('INVALID_FIELD', `features column ${column}`, value, 'must be >= 0', { row, column });
    }
  }
}

/** Multinomial naive Bayes: native/src/algorithms/naive_bayes.h; the result is a linear model. */
export const multinomialNaiveBayes: Estimator = {
  definition,
  refusesNotFinite: true,

  async fit(request: CheckedFit, options: TaskOptions): Promise<Model> {
    const { features, target, rows, weights, classCount, parameters } = request;
    const { data, rowCount, columnCount } = features;
    const raw = { alpha: numberOf(parameters, 'alpha'), fitPrior: Number(booleanOf(parameters, 'fit_prior')) };
    const { model, means } = await runTask(options, (control) =>
      namingCells(
        request,
        () => addon.multinomialBayesFit(data, rowCount, columnCount, rows, target, weights, classCount, raw, control),
        () => refuseNegative(request),
      ),
    );
    if (model === null) throw sumsOverflow();
    return linearModel(definition.id, model, columnCount, classCount, means);
  },

  load: (file: ModelFile): Model => loadLinear(definition.id, file, { classes: 'some', oneVsRest: false }),
};
