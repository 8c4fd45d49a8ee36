import { Command, Option } from 'commander';
import { globalOptions, withClients } from '../connect.js';
import { followJob } from '../follow-job.js';
import { nameIn, shortName } from '../output/format.js';
import { printJson } from '../output/json.js';
import { type LimitFlags, limitOptions, limitsOf } from '../parse/limits.js';
import { number } from '../parse/numbers.js';
import { UsageError } from '../usage-error.js';

const deadlineMs = 30_000;

const objectives = { size: 'OBJECTIVE_SIZE', latency: 'OBJECTIVE_LATENCY' } as const;

const methods = {
  'fewer-trees': 'METHOD_FEWER_TREES',
  prune: 'METHOD_PRUNE',
  'merge-leaves': 'METHOD_MERGE_LEAVES',
  quantize: 'METHOD_QUANTIZE',
  reduce: 'METHOD_REDUCE',
  pack: 'METHOD_PACK',
} as const;

interface OptimizeOptions extends LimitFlags {
  maxLoss: number;
  metric?: string;
  objective: keyof typeof objectives;
  method?: (keyof typeof methods)[];
  dataset?: string;
  detach: boolean;
}

function versionNamed(text: string): string {
  const name = nameIn('models', text);
  if (/^models\/[^/]+\/versions\/[^/]+$/.test(name)) return name;
  throw new UsageError(`${JSON.stringify(text)} must name a version, like penguins/versions/1`);
}

function datasetNamed(dataset: string | undefined): string {
  if (dataset === undefined) return '';
  const plain = nameIn('datasets', dataset);
  return plain.includes('/versions/') ? plain : `${plain}/versions/latest`;
}

/** `tenon optimize`: makes a version smaller or faster within a bound on the loss, and prints every variant. */
export function optimizeCommand(): Command {
  const command = new Command('optimize')
    .description('make a version smaller or faster, and register what keeps to a bound on the loss')
    .argument('<version>', 'the version, like penguins/versions/1')
    .addOption(
      new Option('--max-loss <loss>', 'the most of the metric that may be lost, in its own unit')
        .argParser(number(0, 1e12))
        .makeOptionMandatory(),
    )
    .option('--metric <name>', 'the metric to keep (default: accuracy for classes, rmse for numbers)')
    .addOption(new Option('--objective <what>', 'what to make small').choices(Object.keys(objectives)).default('size'))
    .addOption(
      new Option('--method <name...>', 'what may be done (default: all that suit the model)').choices(
        Object.keys(methods),
      ),
    )
    .option('--dataset <dataset>', 'rows to measure on (default: those that the training held out)')
    .option('--detach', 'print the job and do not wait for it', false)
    .addHelpText(
      'after',
      `
Every variant is measured on the same rows: the metric, its loss, the bytes of the weights, and
the time to score a row, the model alone. The registered one is marked with *.
Ctrl-C leaves the job running; tenon job watch and tenon job cancel take it up.

Examples:
  $ tenon optimize penguins/versions/1 --max-loss 0.005
  $ tenon optimize mass/versions/3 --max-loss 2 --metric rmse --objective latency --method prune pack`,
    )
    .action((version: string, options: OptimizeOptions, self: Command) =>
      withClients(self, async (clients) => {
        const { json } = globalOptions(self);
        const modelVersion = versionNamed(version);
        const job = await clients.training.optimizeModel(
          {
            modelVersion,
            maxLoss: options.maxLoss,
            metric: options.metric ?? '',
            objective: objectives[options.objective],
            methods: (options.method ?? []).map((method) => methods[method]),
            evaluationDatasetVersion: datasetNamed(options.dataset),
            limits: limitsOf(options),
          },
          { deadlineMs },
        );
        if (options.detach) {
          if (json) printJson(job);
          else console.log(job.name);
          return;
        }
        if (!json) console.error(`${job.name}: ${shortName(modelVersion)}, to keep its ${job.optimize?.metric ?? ''}`);
        await followJob(clients, job.name, { json });
      }),
    );
  for (const option of limitOptions()) command.addOption(option);
  return command;
}
