import { Command } from 'commander';
import { allPages } from '../all-pages.js';
import { globalOptions, withClients } from '../connect.js';
import { nameIn, shortName, showMetric, showTime } from '../output/format.js';
import { printJson } from '../output/json.js';
import { printFacts, printTable } from '../output/table.js';
import { exportCommand, importCommand } from './exchange.js';

const deadlineMs = 30_000;

function listCommand(): Command {
  return new Command('list')
    .description('list models')
    .addHelpText('after', '\nExample:\n  $ tenon model list')
    .action((_options: unknown, command: Command) =>
      withClients(command, async ({ registry }) => {
        const all = await allPages(async (page) => {
          const { models, nextPageToken } = await registry.listModels(page, { deadlineMs });
          return { items: models, nextPageToken };
        });
        if (globalOptions(command).json) return printJson(all);
        if (all.length === 0) return console.log('no models yet; tenon train registers one');
        printTable(
          ['model', 'versions', 'aliases', 'updated'],
          all.map(({ name, versionCount, aliases, updateTime }) => {
            const named = Object.entries(aliases).map(([alias, version]) => `${alias}=${version.split('/').at(-1)}`);
            return [name, versionCount, named.join(' '), showTime(updateTime)];
          }),
        );
      }),
    );
}

function showCommand(): Command {
  return new Command('show')
    .description('show a model and its newest versions, each with its first metric')
    .argument('<model>', 'the model')
    .addHelpText('after', '\nExample:\n  $ tenon model show penguins')
    .action((id: string, _options: unknown, command: Command) =>
      withClients(command, async ({ registry }) => {
        const model = await registry.getModel({ name: nameIn('models', id) }, { deadlineMs });
        const { versions } = await registry.listModelVersions({ parent: model.name, pageSize: 20 }, { deadlineMs });
        if (globalOptions(command).json) return printJson({ model, versions });
        printFacts([
          ['name', model.name],
          ['description', model.description || '-'],
          [
            'aliases',
            Object.entries(model.aliases)
              .map((pair) => pair.join(' -> '))
              .join(', ') || '-',
          ],
          ['created', showTime(model.createTime)],
        ]);
        console.log();
        printTable(
          ['version', 'created', 'estimator', 'metric', 'data'],
          versions.map(({ name, createTime, lineage, metrics: [metric] }) => [
            name.split('/').at(-1) ?? '',
            showTime(createTime),
            shortName(lineage?.estimator ?? ''),
            metric === undefined ? '' : `${metric.name} ${showMetric(metric.value)}`,
            shortName(lineage?.datasetVersion ?? ''),
          ]),
        );
        const older = model.versionCount - versions.length;
        if (older > 0) console.log(`${older} older versions are not shown`);
      }),
    );
}

function promoteCommand(): Command {
  return new Command('promote')
    .description('point an alias at a version')
    .argument('<model>', 'the model')
    .argument('[version]', 'the version number', 'latest')
    .option('--alias <alias>', 'the alias', 'production')
    .addHelpText('after', '\nExample:\n  $ tenon model promote penguins 3 --alias production')
    .action((id: string, version: string, { alias }: { alias: string }, command: Command) =>
      withClients(command, async ({ registry }) => {
        const name = `${nameIn('models', id)}/versions/${version}`;
        const model = await registry.promoteModelVersion({ name, alias }, { deadlineMs });
        if (globalOptions(command).json) printJson(model);
        else console.log(`${alias} -> ${model.aliases[alias]}`);
      }),
    );
}

function rollbackCommand(): Command {
  return new Command('rollback')
    .description('point an alias back at the version it named before')
    .argument('<model>', 'the model')
    .option('--alias <alias>', 'the alias', 'production')
    .addHelpText('after', '\nExample:\n  $ tenon model rollback penguins')
    .action((id: string, { alias }: { alias: string }, command: Command) =>
      withClients(command, async ({ registry }) => {
        const model = await registry.rollbackAlias({ model: nameIn('models', id), alias }, { deadlineMs });
        if (globalOptions(command).json) printJson(model);
        else console.log(`${alias} -> ${model.aliases[alias]}`);
      }),
    );
}

/** `tenon model list|show|promote|rollback|import|export`. */
export function modelCommand(): Command {
  return new Command('model')
    .description('look at models, move and roll back their aliases, take in and give away models of other libraries')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(promoteCommand())
    .addCommand(rollbackCommand())
    .addCommand(importCommand())
    .addCommand(exportCommand());
}
