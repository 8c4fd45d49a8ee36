import { Command } from 'commander';
import { allPages } from '../all-pages.js';
import { globalOptions, withClients } from '../connect.js';
import { nameIn, shortName, showEnum, showTime } from '../output/format.js';
import { printJson } from '../output/json.js';
import { printTable } from '../output/table.js';

const deadlineMs = 30_000;

function listCommand(): Command {
  return new Command('list')
    .description('list deployments, what they serve and why the last load failed')
    .addHelpText('after', '\nExample:\n  $ tenon deployment list')
    .action((_options: unknown, command: Command) =>
      withClients(command, async ({ deployments }) => {
        const all = await allPages(async (page) => {
          const answer = await deployments.listDeployments(page, { deadlineMs });
          return { items: answer.deployments, nextPageToken: answer.nextPageToken };
        });
        if (globalOptions(command).json) return printJson(all);
        if (all.length === 0) return console.log('no deployments yet; tenon deploy MODEL makes one');
        printTable(
          ['deployment', 'state', 'answers with', 'follows', 'error', 'changed'],
          all.map(({ name, state, activeVersion, alias, version, updateTime, error }) => [
            shortName(name),
            showEnum(state, 'STATE'),
            shortName(activeVersion),
            alias === undefined || alias === '' ? shortName(version ?? '') : shortName(alias),
            error?.message ?? '',
            showTime(updateTime),
          ]),
        );
      }),
    );
}

function deleteCommand(): Command {
  return new Command('delete')
    .description('remove a deployment after its running predictions have ended')
    .argument('<deployment>', 'the deployment')
    .addHelpText('after', '\nExample:\n  $ tenon deployment delete penguins')
    .action((id: string, _options: unknown, command: Command) =>
      withClients(command, async ({ deployments }) => {
        const name = nameIn('deployments', id);
        await deployments.deleteDeployment({ name }, { deadlineMs });
        if (globalOptions(command).json) printJson({ deleted: name });
        else console.log(`${name} is deleted`);
      }),
    );
}

/** `tenon deployment list|delete`. */
export function deploymentCommand(): Command {
  return new Command('deployment')
    .description('list and remove deployments')
    .addCommand(listCommand())
    .addCommand(deleteCommand());
}
