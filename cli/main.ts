#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { configCommand } from './commands/config.js';
import { datasetCommand } from './commands/dataset.js';
import { deployCommand } from './commands/deploy.js';
import { doctorCommand } from './commands/doctor.js';
import { modelCommand } from './commands/model.js';
import { predictCommand } from './commands/predict.js';
import { trainCommand } from './commands/train.js';
import { upCommand } from './commands/up.js';
import { printError } from './output/errors.js';

const program = new Command('tenon')
  .description('A private model cloud: from a table to a served prediction, over gRPC.')
  .option('--data-dir <dir>', 'where `tenon up` keeps its state and says where it listens', '.tenon')
  .option('--json', 'print JSON instead of tables', false)
  .addHelpText('after', '\nExit codes: 0 done; 1 a service refused or failed; 2 the command line is wrong.')
  .exitOverride();

for (const command of [
  upCommand(),
  datasetCommand(),
  trainCommand(),
  modelCommand(),
  deployCommand(),
  predictCommand(),
  doctorCommand(),
  configCommand(),
]) {
  program.addCommand(command);
}
// Subcommands do not inherit this from the program.
const overrideExit = (command: Command): void => {
  command.exitOverride();
  command.commands.forEach(overrideExit);
};
overrideExit(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const json = program.opts<{ json: boolean }>().json;
    process.exitCode = printError(error, { json });
  }
}
