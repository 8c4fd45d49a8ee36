import { Command } from 'commander';
import { dataOptions } from '../../services/data/options.js';
import { commonOptions } from '../../services/mesh/config/common-options.js';
import { renderConfigHelp } from '../../services/mesh/config/help.js';
import type { Options } from '../../services/mesh/config/option.js';
import { discoveryOptions } from '../../services/mesh/discovery/options.js';
import { telemetryOptions } from '../../services/mesh/telemetry/options.js';
import { registryOptions } from '../../services/registry/options.js';
import { servingOptions } from '../../services/serving/options.js';
import { trainingOptions } from '../../services/training/options.js';

const all: Options = {
  ...commonOptions,
  ...discoveryOptions,
  ...telemetryOptions,
  ...dataOptions,
  ...trainingOptions,
  ...registryOptions,
  ...servingOptions,
};

/** `tenon config`: every option of every service, with default, range and meaning. */
export function configCommand(): Command {
  const command = new Command('config')
    .description('print every option of the services, with default, range and meaning')
    .addHelpText('after', () => `\n${renderConfigHelp(all)}`);
  return command.action(() => console.log(renderConfigHelp(all)));
}
