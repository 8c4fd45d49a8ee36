import { Command, Option } from 'commander';
import type { Metric__Output } from '../../proto/gen/tenon/common/v1/index.js';
import type { Job__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { TenonError } from '../../services/mesh/errors.js';
import { globalOptions, withClients } from '../connect.js';
import { nameIn, showNumber } from '../output/format.js';
import { printJson } from '../output/json.js';
import { createProgress } from '../output/progress.js';
import { printTable } from '../output/table.js';
import { parseParameters } from '../parse/parameters.js';

const deadlineMs = 30_000;
const watchDeadlineMs = 3_600_000;

interface TrainOptions {
  target: string;
  model: string;
  estimator: string;
  features?: string[];
  recipe?: string;
  param: string[];
  folds: string;
  testFraction: string;
  seed: string;
  alias?: string;
}

function metricRows(folds: readonly (readonly [string, readonly Metric__Output[]])[]): [string[], string[][]] {
  const names = folds[0]?.[1].map(({ name }) => name) ?? [];
  const rows = folds.map(([label, metrics]) => [
    label,
    ...names.map((name) => showNumber(metrics.find((metric) => metric.name === name)?.value ?? Number.NaN)),
  ]);
  return [['rows left out', ...names], rows];
}

function printOutcome(job: Job__Output): void {
  const { result } = job;
  if (!result) return;
  const parts = [
    ...result.folds.map(({ fold, metrics }) => [`fold ${fold}`, metrics] as const),
    ...(result.validationMetrics.length > 0 ? [['mean of folds', result.validationMetrics] as const] : []),
    ...(result.testMetrics.length > 0 ? [[`held out (${result.testRows})`, result.testMetrics] as const] : []),
  ];
  printTable(...metricRows(parts));
  console.log(`\n${result.modelVersion}, fitted on ${result.trainRows} rows in ${showNumber(result.fitSeconds)} s`);
}

/** The flags of `train` as a job's spec. */
function specOf(dataset: string, options: TrainOptions) {
  const plain = nameIn('datasets', dataset);
  const folds = Number(options.folds);
  return {
    datasetVersion: plain.includes('/versions/') ? plain : `${plain}/versions/latest`,
    target: options.target,
    features: options.features ?? [],
    recipe: options.recipe === undefined ? '' : nameIn('recipes', options.recipe),
    estimator: {
      estimator: nameIn('estimators', options.estimator),
      parameters: parseParameters(options.param),
    },
    validation: folds === 0 ? { none: {} } : options.folds === 'auto' ? null : { kFold: { folds } },
    testFraction: Number(options.testFraction),
    seed: Number(options.seed),
    model: nameIn('models', options.model),
    alias: options.alias ?? '',
  };
}

/** `tenon train`: creates a job, follows it, and prints each fold's metrics. */
export function trainCommand(): Command {
  return new Command('train')
    .description('train, validate and register a model')
    .argument('<dataset>', 'the dataset, or datasets/{dataset}/versions/{version}')
    .requiredOption('--target <column>', 'the column to predict')
    .requiredOption('--model <model>', 'the model to register a version of; created if it does not exist')
    .addOption(new Option('--estimator <estimator>', 'what to train').default('random-forest'))
    .option('--features <column...>', 'the columns to predict from (default: all but the target)')
    .option('--recipe <recipe>', 'a stored recipe (default: fill missing values, one-hot text)')
    .option('--param <name=value...>', 'parameters of the estimator', [])
    .option('--folds <count>', 'folds of cross-validation; 0 for none (default: 5, stratified for classes)', 'auto')
    .option('--test-fraction <share>', 'share of rows held out for the final test', '0.2')
    .option('--seed <seed>', 'the seed of every random choice', '0')
    .option('--alias <alias>', 'an alias to point at the new version')
    .action((dataset: string, options: TrainOptions, command: Command) =>
      withClients(command, async ({ training }) => {
        const { json } = globalOptions(command);
        const { name } = await training.createJob({ job: { spec: specOf(dataset, options) } }, { deadlineMs });
        const cancel = () => {
          training.cancelJob({ name }, { deadlineMs }).catch((error: unknown) => console.error(String(error)));
        };
        process.once('SIGINT', cancel);
        const progress = createProgress(name, { enabled: !json });
        let job: Job__Output | null = null;
        try {
          for await (const event of training.watchJob({ name }, { deadlineMs: watchDeadlineMs })) {
            if (event.progress) progress.update(event.progress);
            if (event.stateChanged) job = event.stateChanged;
          }
        } finally {
          progress.stop();
          process.removeListener('SIGINT', cancel);
        }
        if (json) printJson(job);
        else if (job) printOutcome(job);
        if (job?.state !== 'STATE_SUCCEEDED') {
          const state = (job?.state ?? 'unknown').replace('STATE_', '').toLowerCase();
          throw new TenonError({
            reason: 'WRONG_STATE',
            message: `${name} ended as ${state}${job?.error ? `: ${job.error.message}` : ''}`,
            facts: { name, state },
          });
        }
      }),
    );
}
