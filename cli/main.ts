#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { packageRoot } from '../proto/root.js';
import { configCommand } from './commands/config.js';
import { datasetCommand } from './commands/dataset.js';
import { deployCommand } from './commands/deploy.js';
import { deploymentCommand } from './commands/deployment.js';
import { doctorCommand } from './commands/doctor.js';
import { estimatorCommand } from './commands/estimator.js';
import { explainCommand } from './commands/explain.js';
import { jobCommand } from './commands/job.js';
import { modelCommand } from './commands/model.js';
import { optimizeCommand } from './commands/optimize.js';
import { predictCommand } from './commands/predict.js';
import { trainCommand } from './commands/train.js';
import { upCommand } from './commands/up.js';
import { printError } from './output/errors.js';
import { UsageError } from './usage-error.js';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };

const program = new Command('tenon')
  .description('A private model cloud: from a table to a served prediction, over gRPC.')
  .version(version, '-V, --version', 'print the version')
  // Otherwise the program would take `deploy --version 3` for its own.
  .enablePositionalOptions()
  .addHelpText(
    'after',
    `
From a CSV file to a prediction:
  $ tenon up                                              # in a terminal of its own
  $ tenon dataset upload birds.csv --name penguins
  $ tenon train penguins --target species --model penguins --alias production
  $ tenon deploy penguins
  $ tenon predict penguins --set island=Biscoe bill_length_mm=46.1

Exit codes: 0 done; 1 a service refused or failed; 2 the command line is wrong;
130 left with Ctrl-C.`,
  );

for (const command of [
  upCommand(),
  datasetCommand(),
  trainCommand(),
  jobCommand(),
  estimatorCommand(),
  modelCommand(),
  optimizeCommand(),
  deployCommand(),
  deploymentCommand(),
  predictCommand(),
  explainCommand(),
  doctorCommand(),
  configCommand(),
]) {
  program.addCommand(command);
}

let refusing = program;

/** What every command has, and what subcommands do not inherit from the program. */
function prepare(command: Command): void {
  command
    .addOption(
      new Option('--data-dir <dir>', 'where `tenon up` keeps its state and says where it listens')
        .default('.tenon')
        .env('TENON_DATA_DIR'),
    )
    .addOption(new Option('--json', 'print JSON; errors too, on stderr').default(false, 'tables'))
    .helpOption('-h, --help', 'print this')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      outputError() {
        refusing = command;
      },
    });
  command.commands.forEach(prepare);
}
prepare(program);

function commandPath(command: Command): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;
}

/** What commander says, in the words of this tool. */
function usageErrorOf(error: CommanderError): UsageError {
  const [what = '', ...suggestion] = error.message.replace(/^error: /, '').split('\n');
  const message = [what, ...suggestion.map((line) => line.replace(/^\((.*)\)$/, '$1'))].join('; ');
  return new UsageError(message, `see ${commandPath(refusing)} --help`);
}

// Whoever reads our output may stop before its end: `tenon dataset show birds | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  const json = process.argv.includes('--json');
  if (!(error instanceof CommanderError)) process.exitCode = printError(error, { json });
  else if (error.exitCode === 0) process.exitCode = 0;
  // Without a verb, the help was printed on stderr.
  else if (error.code === 'commander.help') process.exitCode = 2;
  else process.exitCode = printError(usageErrorOf(error), { json });
}
