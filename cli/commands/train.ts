import { Command, Option } from 'commander';
import type { JobSpec } from '../../proto/gen/tenon/training/v1/index.js';
import { globalOptions, withClients } from '../connect.js';
import { followJob } from '../follow-job.js';
import { nameIn, shortName } from '../output/format.js';
import { printJson } from '../output/json.js';
import { readText } from '../parse/input.js';
import { type LimitFlags, limitOptions, limitsOf } from '../parse/limits.js';
import { number, wholeNumber } from '../parse/numbers.js';
import { parseParameters } from '../parse/parameters.js';
import { messageFromJson } from '../parse/proto-json.js';
import { choiceOf, type SearchFlags, strategies } from '../parse/search.js';
import { type ValidationFlags, validationForms, validationOf } from '../parse/validation.js';
import { UsageError } from '../usage-error.js';

const deadlineMs = 30_000;

interface TrainOptions extends LimitFlags, SearchFlags, ValidationFlags {
  spec?: string;
  target?: string;
  task?: keyof typeof tasks;
  model?: string;
  estimator: string;
  features?: string[];
  recipe?: string;
  param?: string[];
  weightColumn?: string;
  testFraction: number;
  seed: number;
  alias?: string;
  importance: boolean;
  detach: boolean;
}

const tasks = {
  classification: 'TASK_CLASSIFICATION',
  regression: 'TASK_REGRESSION',
  clustering: 'TASK_CLUSTERING',
} as const;

/** The flags of `train` as a job's spec. */
function specOf(dataset: string | undefined, options: TrainOptions, command: Command): JobSpec {
  const { task } = options;
  if (dataset === undefined) throw new UsageError('the dataset must be named, unless --spec names it');
  if (options.model === undefined) throw new UsageError('--model must name the model to register a version of');
  if (options.target === undefined && task !== 'clustering') {
    throw new UsageError('--target must name the column to predict; only --task clustering has none');
  }
  if (options.target !== undefined && task === 'clustering') {
    throw new UsageError('--task clustering predicts no column; leave --target out');
  }
  const plain = nameIn('datasets', dataset);
  const estimator = {
    estimator: nameIn('estimators', options.estimator),
    parameters: parseParameters(options.param ?? []),
  };
  const estimatorGiven = command.getOptionValueSource('estimator') === 'cli';
  return {
    datasetVersion: plain.includes('/versions/') ? plain : `${plain}/versions/latest`,
    target: options.target ?? '',
    task: task === undefined ? 'TASK_UNSPECIFIED' : tasks[task],
    features: options.features ?? [],
    recipe: options.recipe === undefined ? '' : nameIn('recipes', options.recipe),
    ...choiceOf(options, estimator, { estimatorGiven }),
    weightColumn: options.weightColumn ?? '',
    limits: limitsOf(options),
    validation: validationOf(options),
    testFraction: options.testFraction,
    seed: options.seed,
    model: nameIn('models', options.model),
    alias: options.alias ?? '',
    permutationImportance: options.importance ? {} : null,
  };
}

/** A whole spec from a file; flags that it holds too are refused. */
async function specFromFile(file: string, dataset: string | undefined, command: Command): Promise<JobSpec> {
  const beside = command.options.find(
    (option) =>
      !['spec', 'detach', 'json', 'dataDir'].includes(option.attributeName()) &&
      command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  const extra = dataset !== undefined ? 'the dataset' : beside?.long;
  if (extra !== undefined) throw new UsageError(`--spec holds the whole job; leave ${extra} out`);
  const source = file === '-' ? 'stdin' : file;
  const text = await readText(file);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${source} is not JSON: ${(error as Error).message}`);
  }
  return messageFromJson(json, 'tenon.training.v1.JobSpec', source);
}

function foldCount(text: string): number {
  return text === '0' ? 0 : wholeNumber(2, 100)(text);
}

/** `tenon train`: creates a job, follows it, and prints each fold's metrics. */
export function trainCommand(): Command {
  const command = new Command('train')
    .description('train, validate and register a model')
    .argument('[dataset]', 'the dataset, or datasets/{dataset}/versions/{version}')
    .option('--target <column>', 'the column to predict')
    .addOption(
      new Option('--task <task>', 'what is predicted (default: by the target); clustering has no target').choices(
        Object.keys(tasks),
      ),
    )
    .option('--model <model>', 'the model to register a version of; created if it does not exist')
    .option('--estimator <name>', 'what to train; tenon estimator list shows all', 'random-forest')
    .option('--param <name=value...>', 'parameters of the estimator; tenon estimator show NAME explains them')
    .option('--features <column...>', 'the columns to predict from (default: all but the target)')
    .option('--recipe <recipe>', 'a stored recipe (default: fill missing values, encode text)')
    .option('--weight-column <column>', 'a column with the weight of each row')
    .option(
      '--folds <count>',
      'folds of shuffled rows, 2 to 100; 0 for none (default: 5, stratified for classes)',
      foldCount,
    )
    .option('--stratified', "folds keep each class's share; classification only", false)
    .option('--validation <kind>', `how rows are divided: ${validationForms}`)
    .addOption(new Option('--search <strategy>', 'choose among values of --vary, or automatically').choices(strategies))
    .option('--vary <name=values...>', 'what a search varies: max_depth=4,8,16, or an interval C=0.01..100:log')
    .addOption(
      new Option('--candidates <count>', 'the most combinations that a search tries, 1 to 1000').argParser(
        wholeNumber(1, 1_000),
      ),
    )
    .addOption(
      new Option('--budget-seconds <seconds>', 'when a search stops; the best so far wins').argParser(
        number(0.001, 1e9),
      ),
    )
    .option('--metric <name>', 'the metric that decides a search (default: accuracy, rmse or silhouette)')
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
    .option('--spec <file>', 'the whole job as JSON (tenon.training.v1.JobSpec) instead of flags; - is stdin')
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
      --estimator random-forest --param n_estimators=300 max_depth=8
  $ tenon train penguins --target species --model penguins --search random --candidates 20 \\
      --estimator gradient-boosting --vary learning_rate=0.02..0.3:log max_leaf_nodes=15,31,63
  $ tenon train penguins --task clustering --model groups --estimator k-means --param n_clusters=3
  $ tenon train --spec job.json`,
    )
    .action((dataset: string | undefined, options: TrainOptions, command: Command) =>
      withClients(command, async (clients) => {
        const { json } = globalOptions(command);
        const spec =
          options.spec === undefined
            ? specOf(dataset, options, command)
            : await specFromFile(options.spec, dataset, command);
        const job = await clients.training.createJob({ job: { spec } }, { deadlineMs });
        if (options.detach) {
          if (json) printJson(job);
          else console.log(job.name);
          return;
        }
        if (!json) {
          const { estimator, datasetVersion, candidates = [] } = job.spec ?? {};
          const what = candidates.length > 0 ? 'a search' : shortName(estimator?.estimator ?? '');
          console.error(`${job.name}: ${what} on ${shortName(datasetVersion ?? '')}`);
        }
        await followJob(clients, job.name, { json });
      }),
    );
  for (const option of limitOptions()) command.addOption(option);
  return command;
}
