import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { TenonError } from '../../services/mesh/errors.js';
import type { Clients } from '../../services/mesh/rpc/clients.js';
import { globalOptions, withClients } from '../connect.js';
import { followJob } from '../follow-job.js';
import { nameIn, showBytes } from '../output/format.js';
import { printJsonLine } from '../output/json.js';
import { chunksOf } from '../parse/input.js';
import { UsageError } from '../usage-error.js';

const deadlineMs = 30_000;
const transferDeadlineMs = 3_600_000;

interface ImportOptions {
  model: string;
  alias: string;
  features: string[];
  classes: string[];
  target: string;
}

/** Names divided by commas. */
function names(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

/** `tenon model import`. */
export function importCommand(): Command {
  return new Command('import')
    .description('register a model of XGBoost (JSON), LightGBM (text) or scikit-learn (ONNX) as a version')
    .argument('<file>', "the model's file; its content tells the format")
    .requiredOption('--model <model>', 'the model to register a version of; created if it does not exist')
    .option('--alias <alias>', 'an alias to point at the new version', '')
    .option('--features <names>', 'the input columns in order, divided by commas', names, [])
    .option('--classes <names>', 'the classes in order, divided by commas', names, [])
    .option('--target <name>', 'the name of what is predicted', 'prediction')
    .addHelpText(
      'after',
      `
Names that are not given are those of the file, or else feature_0, feature_1 and 0, 1 for classes.

Examples:
  $ tenon model import churn.json --model churn --alias production
  $ tenon model import iris.onnx --model iris --features sepal_length,sepal_width --classes setosa,virginica`,
    )
    .action((file: string, options: ImportOptions, command: Command) =>
      withClients(command, async (clients) => {
        const { name: artifact } = await clients.registry.uploadArtifact(chunksOf(file), {
          deadlineMs: transferDeadlineMs,
        });
        const { alias, features: featureNames, classes, target } = options;
        const spec = { artifact, model: nameIn('models', options.model), alias, featureNames, classes, target };
        const job = await clients.training.importModel({ spec }, { deadlineMs });
        await followJob(clients, job.name, { json: globalOptions(command).json });
      }),
    );
}

/** Writes an artifact to a file, which appears complete or not at all. */
async function save({ registry }: Clients, artifact: string, output: string): Promise<void> {
  const partial = `${output}.partial`;
  const hash = createHash('sha256');
  const handle = await open(partial, 'w').catch((error: unknown) => {
    throw new UsageError(`${output} cannot be written: ${(error as Error).message}`);
  });
  try {
    for await (const { chunk } of registry.downloadArtifact({ name: artifact }, { deadlineMs: transferDeadlineMs })) {
      hash.update(chunk);
      await handle.write(chunk);
    }
    await handle.close();
    if (`artifacts/${hash.digest('hex')}` !== artifact) {
      throw new TenonError({
        reason: 'DIGEST_MISMATCH',
        message: `the bytes are not those of ${artifact}`,
        facts: { artifact },
      });
    }
    await rename(partial, output);
  } finally {
    await handle.close().catch(() => undefined);
    await rm(partial, { force: true });
  }
}

/** `tenon model export`. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write a version, recipe included, in a format of other libraries')
    .argument('<version>', 'the version, such as penguins/versions/3')
    .addOption(new Option('--format <format>', 'the format').choices(['onnx']).default('onnx'))
    .requiredOption('--output <file>', 'the file to write')
    .addHelpText('after', '\nExample:\n  $ tenon model export penguins/versions/3 --output penguins.onnx')
    .action((version: string, { output }: { output: string }, command: Command) =>
      withClients(command, async (clients) => {
        const { json } = globalOptions(command);
        const spec = { modelVersion: nameIn('models', version), format: 'FORMAT_ONNX' as const };
        const { name } = await clients.training.exportModel({ spec }, { deadlineMs });
        const job = await followJob(clients, name, { json });
        const exported = job?.result?.exported;
        if (!exported) return;
        await save(clients, exported.artifact, output);
        if (json) printJsonLine({ file: output, sizeBytes: exported.sizeBytes });
        else console.log(`${output}: ${showBytes(exported.sizeBytes)}`);
      }),
    );
}
