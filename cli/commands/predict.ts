import { Command } from 'commander';
import { globalOptions, withClients } from '../connect.js';
import { nameIn, showMetric, showValue } from '../output/format.js';
import { printJson } from '../output/json.js';
import { printTable } from '../output/table.js';
import { structOf } from '../parse/records.js';
import { checkOneSource, type RowOptions, rowsFrom, withRowOptions } from '../parse/row-source.js';

const deadlineMs = 60_000;

/** `tenon predict`: rows from flags, JSON or CSV, answered by a deployment. */
export function predictCommand(): Command {
  const predict = new Command('predict')
    .description('predict rows with a deployment')
    .argument('<deployment>', 'the deployment');
  return withRowOptions(predict)
    .addHelpText(
      'after',
      `
Examples:
  $ tenon predict penguins --set island=Biscoe bill_length_mm=46.1
  $ tenon predict penguins --row '{"island":"Biscoe","bill_length_mm":46.1,
      "bill_depth_mm":13.2,"flipper_length_mm":211,"body_mass_g":4500,"sex":null}'
  $ tenon predict penguins --csv birds.csv --ignore species
  $ tail -n +1 birds.csv | tenon predict penguins --csv - --ignore species --json`,
    )
    .action((id: string, options: RowOptions, command: Command) => {
      checkOneSource(options, command);
      return withClients(command, async ({ predictions }) => {
        const deployment = nameIn('deployments', id);
        const { signature } = await predictions.getSignature({ deployment }, { deadlineMs });
        const types = new Map(signature?.inputs?.columns.map(({ name, type }) => [name, type]));
        const records = (await rowsFrom(options, types)).map(structOf);
        const answer = await predictions.predict({ deployment, records }, { deadlineMs });
        if (globalOptions(command).json) return printJson(answer);
        printTable(
          [signature?.target?.name ?? 'prediction', ...answer.classes.map((name) => `p(${name})`)],
          answer.predictions.map(({ value, probabilities }) => [showValue(value), ...probabilities.map(showMetric)]),
        );
        console.error(`by ${answer.modelVersion}`);
      });
    });
}
