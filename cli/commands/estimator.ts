import { Command } from 'commander';
import type { EstimatorParameter__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { allPages } from '../all-pages.js';
import { globalOptions, withClients } from '../connect.js';
import { nameIn, shortName, showEnum, showNumber, showValue } from '../output/format.js';
import { printJson } from '../output/json.js';
import { printFacts, printTable, wrapText } from '../output/table.js';

const deadlineMs = 30_000;

function rangeOf({ type, choices, min, minExclusive, max }: EstimatorParameter__Output): string {
  if (type === 'TYPE_CHOICE') return choices.join(' | ');
  if (type === 'TYPE_BOOLEAN') return 'true | false';
  const kind = type === 'TYPE_INTEGER' ? 'whole, ' : '';
  return `${kind}${minExclusive ? 'above ' : ''}${showNumber(min)} to ${showNumber(max)}`;
}

function listCommand(): Command {
  return new Command('list')
    .description('list what can be trained')
    .addHelpText('after', '\nExample:\n  $ tenon estimator list')
    .action((_options: unknown, command: Command) =>
      withClients(command, async ({ training }) => {
        const all = await allPages(async (page) => {
          const { estimators, nextPageToken } = await training.listEstimators(page, { deadlineMs });
          return { items: estimators, nextPageToken };
        });
        if (globalOptions(command).json) return printJson(all);
        printTable(
          ['estimator', 'tasks', 'description'],
          all.map(({ name, tasks, description }) => [
            shortName(name),
            tasks.map((task) => showEnum(task, 'TASK')).join(', '),
            description,
          ]),
        );
      }),
    );
}

function showCommand(): Command {
  return new Command('show')
    .description('show an estimator and its parameters, each with default, range and meaning')
    .argument('<estimator>', 'the estimator')
    .addHelpText('after', '\nExample:\n  $ tenon estimator show random-forest')
    .action((id: string, _options: unknown, command: Command) =>
      withClients(command, async ({ training }) => {
        const estimator = await training.getEstimator({ name: nameIn('estimators', id) }, { deadlineMs });
        if (globalOptions(command).json) return printJson(estimator);
        printFacts([
          ['name', estimator.name],
          ['tasks', estimator.tasks.map((task) => showEnum(task, 'TASK')).join(', ')],
          ['missing values', estimator.acceptsMissing ? 'taken as they are' : 'must be filled by the recipe'],
        ]);
        const room = Math.min(process.stdout.columns ?? 100, 100);
        console.log(`\n${wrapText(estimator.description, room)}\n`);
        for (const parameter of estimator.parameters) {
          const value = showValue(parameter.defaultValue) || 'none';
          console.log(`--param ${parameter.name}=<${rangeOf(parameter)}>`);
          const help = wrapText(`${parameter.help} Default ${value}.`, room - 4);
          console.log(`    ${help.replaceAll('\n', '\n    ')}`);
        }
      }),
    );
}

/** `tenon estimator list|show`. */
export function estimatorCommand(): Command {
  return new Command('estimator')
    .description('see what can be trained, and with which parameters')
    .addCommand(listCommand())
    .addCommand(showCommand());
}
