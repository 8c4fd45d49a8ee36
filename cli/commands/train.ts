import { Command, Option } from 'commander';
import { globalOptions, withClients } from '../connect.js';
import { followJob } from '../follow-job.js';
import { nameIn, shortName } from '../output/format.js';
import { printJson } from '../output/json.js';
import { number, wholeNumber } from '../parse/numbers.js';
import { parseParameters } from '../parse/parameters.js';
import { UsageError } from '../usage-error.js';

const deadlineMs = 30_000;

interface TrainOptions {
  target: string;
  model: string;
  estimator: string;
  features?: string[];
  recipe?: string;
  param?: string[];
  folds?: number;
  stratified: boolean;
  testFraction: number;
  seed: number;
  alias?: string;
  importance: boolean;
  detach: boolean;
}

/** How quality is estimated; null leaves it to the service, which knows the task. */
function validationOf({ folds, stratified }: TrainOptions) {
  if (folds === 0) {
    if (stratified) throw new UsageError('--stratified has no effect with --folds 0; leave one out');
    return { none: {} };
  }
  // Zero folds mean the service's default.
  if (stratified) return { stratifiedKFold: { folds: folds ?? 0 } };
  return folds === undefined ? null : { kFold: { folds } };
}

/** The flags of `train` as a job's spec. */
function specOf(dataset: string, options: TrainOptions) {
  const plain = nameIn('datasets', dataset);
  return {
    datasetVersion: plain.includes('/versions/') ? plain : `${plain}/versions/latest`,
    target: options.target,
    features: options.features ?? [],
    recipe: options.recipe === undefined ? '' : nameIn('recipes', options.recipe),
    estimator: {
      estimator: nameIn('estimators', options.estimator),
      parameters: parseParameters(options.param ?? []),
    },
    validation: validationOf(options),
    testFraction: options.testFraction,
    seed: options.seed,
    model: nameIn('models', options.model),
    alias: options.alias ?? '',
    permutationImportance: options.importance ? {} : null,
  };
}

function foldCount(text: string): number {
  return text === '0' ? 0 : wholeNumber(2, 100)(text);
}

/** `tenon train`: creates a job, follows it, and prints each fold's metrics. */
export function trainCommand(): Command {
  return new Command('train')
    .description('train, validate and register a model')
    .argument('<dataset>', 'the dataset, or datasets/{dataset}/versions/{version}')
    .requiredOption('--target <column>', 'the column to predict')
    .requiredOption('--model <model>', 'the model to register a version of; created if it does not exist')
    .option('--estimator <name>', 'what to train; tenon estimator list shows all', 'random-forest')
    .option('--param <name=value...>', 'parameters of the estimator; tenon estimator show NAME explains them')
    .option('--features <column...>', 'the columns to predict from (default: all but the target)')
    .option('--recipe <recipe>', 'a stored recipe (default: fill missing values, one-hot text)')
    .option(
      '--folds <count>',
      'folds of shuffled rows, 2 to 100; 0 for none (default: 5, stratified for classes)',
      foldCount,
    )
    .option('--stratified', "folds keep each class's share; classification only", false)
    .addOption(
      new Option('--test-fraction <share>', 'share of rows held out for the final test, 0 to 0.9')
        .argParser(number(0, 0.9))
        .default(0.2),
    )
    .addOption(
      new Option('--seed <seed>', 'the seed of every random choice')
        .argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER))
        .default(0),
    )
    .option('--alias <alias>', 'an alias to point at the new version')
    .option('--importance', 'measure on the held-out rows how much each column matters', false)
    .option('--detach', 'print the job and do not wait for it', false)
    .addHelpText(
      'after',
      `
Ctrl-C leaves the job running; tenon job watch and tenon job cancel take it up.
With --json each event of the job is a line; the last holds the result.

Examples:
  $ tenon train penguins --target species --model penguins --alias production
  $ tenon train penguins --target body_mass_g --model mass --folds 10 \\
      --estimator random-forest --param n_estimators=300 max_depth=8`,
    )
    .action((dataset: string, options: TrainOptions, command: Command) =>
      withClients(command, async (clients) => {
        const { json } = globalOptions(command);
        const job = await clients.training.createJob({ job: { spec: specOf(dataset, options) } }, { deadlineMs });
        if (options.detach) {
          if (json) printJson(job);
          else console.log(job.name);
          return;
        }
        if (!json) {
          const { estimator, datasetVersion } = job.spec ?? {};
          console.error(`${job.name}: ${shortName(estimator?.estimator ?? '')} on ${shortName(datasetVersion ?? '')}`);
        }
        await followJob(clients, job.name, { json });
      }),
    );
}
