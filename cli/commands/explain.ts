import { Command } from 'commander';
import type { ExplainResponse__Output, OutputExplanation__Output } from '../../proto/gen/tenon/serving/v1/index.js';
import { globalOptions, withClients } from '../connect.js';
import { nameIn, showMetric, showValue } from '../output/format.js';
import { printJson } from '../output/json.js';
import { printTable } from '../output/table.js';
import { wholeNumber } from '../parse/numbers.js';
import { structOf, type TableRecord } from '../parse/records.js';
import { checkOneSource, type RowOptions, rowsFrom, withRowOptions } from '../parse/row-source.js';

const deadlineMs = 600_000;

interface ExplainOptions extends RowOptions {
  top?: number;
  features?: boolean;
  allClasses?: boolean;
  sampling?: boolean;
}

/** What a number in the space is called. */
const spaces: Readonly<Record<string, string>> = {
  EXPLANATION_SPACE_VALUE: 'value',
  EXPLANATION_SPACE_LOG_VALUE: 'logarithm',
  EXPLANATION_SPACE_PROBABILITY: 'probability',
  EXPLANATION_SPACE_LOG_ODDS: 'log-odds',
  EXPLANATION_SPACE_SCORE: 'score',
};

const barLength = 20;

/** A bar of plus or minus signs, as long as the contribution is of the largest one; a dot for next to nothing. */
function barOf(contribution: number, largest: number): string {
  const length = largest === 0 ? 0 : Math.round((Math.abs(contribution) / largest) * barLength);
  return length === 0 ? '.' : (contribution < 0 ? '-' : '+').repeat(length);
}

function signed(contribution: number): string {
  return contribution < 0 ? showMetric(contribution) : `+${showMetric(contribution)}`;
}

/** The lines of a table: the largest contribution first, what was left out last. */
function tableOf(output: OutputExplanation__Output, names: readonly string[], record: TableRecord): string[][] {
  const { contributions, indices, rest } = output;
  const largest = contributions.reduce((most, each) => Math.max(most, Math.abs(each)), Math.abs(rest));
  const lines = contributions
    .map((contribution, at) => ({ name: names[indices[at] ?? at] ?? '', contribution }))
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .map(({ name, contribution }) => [
      name,
      String(record[name] ?? ''),
      signed(contribution),
      barOf(contribution, largest),
    ]);
  if (indices.length > 0) {
    lines.push([`${names.length - indices.length} others`, '', signed(rest), barOf(rest, largest)]);
  }
  return lines;
}

function printExplanations(answer: ExplainResponse__Output, records: readonly TableRecord[], column: string): void {
  const space = spaces[answer.space] ?? answer.space;
  for (const [row, { prediction, outputs }] of answer.explanations.entries()) {
    if (row > 0) console.log();
    console.log(`row ${row + 1}: ${column} ${showValue(prediction?.value)}`);
    for (const output of outputs) {
      const of = output.class === '' ? '' : ` of ${output.class}`;
      console.log(`${space}${of} ${showMetric(output.output)}, on average ${showMetric(output.baseValue)}`);
      printTable(['column', 'value', 'contribution', 'sign'], tableOf(output, answer.names, records[row] ?? {}));
    }
  }
}

/** `tenon explain`: which columns moved the predictions of rows, and how far. */
export function explainCommand(): Command {
  const explain = new Command('explain')
    .description('tell which columns moved the predictions of rows, and how far')
    .argument('<deployment>', 'the deployment');
  return withRowOptions(explain)
    .option('--top <count>', 'only the largest contributions of each row', wholeNumber(1, 2 ** 31 - 1))
    .option('--features', 'features, as the recipe made them, instead of columns')
    .option('--all-classes', 'every class instead of the one predicted')
    .option('--sampling', 'estimate by sampling, which explains any estimator')
    .addHelpText(
      'after',
      `
Examples:
  $ tenon explain penguins --set island=Biscoe bill_length_mm=46.1
  $ tenon explain penguins --csv birds.csv --ignore species --top 3 --json`,
    )
    .action((id: string, options: ExplainOptions, command: Command) => {
      checkOneSource(options, command);
      return withClients(command, async ({ predictions }) => {
        const deployment = nameIn('deployments', id);
        const { signature } = await predictions.getSignature({ deployment }, { deadlineMs });
        const types = new Map(signature?.inputs?.columns.map(({ name, type }) => [name, type]));
        const records = await rowsFrom(options, types);
        const request = {
          deployment,
          records: records.map(structOf),
          limit: options.top ?? 0,
          allClasses: options.allClasses === true,
          granularity: options.features ? ('EXPLANATION_GRANULARITY_FEATURE' as const) : undefined,
          method: options.sampling ? ('EXPLANATION_METHOD_SAMPLING' as const) : undefined,
        };
        const answer = await predictions.explain(request, { deadlineMs });
        if (globalOptions(command).json) return printJson(answer);
        printExplanations(answer, records, signature?.target?.name ?? 'prediction');
        console.error(`by ${answer.modelVersion}`);
      });
    });
}
