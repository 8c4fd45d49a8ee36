import { Command } from 'commander';
import { renderConfigHelp } from '../../services/mesh/config/help.js';
import { loadConfig } from '../../services/mesh/config/load-config.js';
import { environmentName } from '../../services/mesh/config/option.js';
import { globalOptions } from '../connect.js';
import { printJson } from '../output/json.js';
import { allOptions, optionEnvironment } from '../service-options.js';

/** `tenon config`: every option of every service, with default, range and meaning. */
export function configCommand(): Command {
  return new Command('config')
    .description('print every option of the services, with default, range and meaning')
    .usage('[options] [--any.option=value...]')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      'after',
      () => `
Options of the services that are given as flags, in the environment or in a
--config file are checked, and shown where they differ from their defaults.

Examples:
  $ tenon config
  $ tenon config --rpc.max-handlers=64 --config tenon.json

${renderConfigHelp(allOptions)}`,
    )
    .action((_options: unknown, command: Command) => {
      const now: Readonly<Record<string, unknown>> = loadConfig(allOptions, {
        argv: command.args,
        env: optionEnvironment(),
      });
      if (!globalOptions(command).json) {
        process.stdout.write(renderConfigHelp(allOptions, now));
        return;
      }
      printJson(
        Object.entries(allOptions).map(([name, option]) => ({
          name,
          ...option,
          environment: environmentName(name),
          value: option.secret === true ? null : now[name],
        })),
      );
    });
}
