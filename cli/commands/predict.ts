import { Command } from 'commander';
import { globalOptions, withClients } from '../connect.js';
import { nameIn, showMetric, showValue } from '../output/format.js';
import { printJson } from '../output/json.js';
import { printTable } from '../output/table.js';
import { readText } from '../parse/input.js';
import { recordsFromCsv, recordsFromFlags, recordsFromJson, structOf, type TableRecord } from '../parse/records.js';
import { UsageError } from '../usage-error.js';

const deadlineMs = 60_000;

interface PredictOptions {
  set?: string[];
  row?: string;
  rows?: string;
  csv?: string;
  ignore?: string[];
}

const sourceName = (file: string): string => (file === '-' ? 'stdin' : file);

function checkOneSource({ set, row, rows, csv }: PredictOptions): void {
  const given = Object.entries({ '--set': set, '--row': row, '--rows': rows, '--csv': csv })
    .filter(([, value]) => value !== undefined)
    .map(([flag]) => flag);
  if (given.length === 1) return;
  const seen = given.length === 0 ? 'no rows are given' : `${given.join(' and ')} exclude each other`;
  throw new UsageError(`${seen}; give one of --set, --row, --rows, --csv`, 'see tenon predict --help');
}

async function readRecords(
  { set, row, rows, csv }: PredictOptions,
  types: ReadonlyMap<string, string>,
): Promise<TableRecord[]> {
  if (row !== undefined) return recordsFromJson(row, '--row');
  if (rows !== undefined) return recordsFromJson(await readText(rows), sourceName(rows));
  if (csv !== undefined) return recordsFromCsv(await readText(csv), types, sourceName(csv));
  return recordsFromFlags(set ?? [], types);
}

function without(record: TableRecord, ignored: ReadonlySet<string>): TableRecord {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !ignored.has(name)));
}

/** `tenon predict`: rows from flags, JSON or CSV, answered by a deployment. */
export function predictCommand(): Command {
  return new Command('predict')
    .description('predict rows with a deployment')
    .argument('<deployment>', 'the deployment')
    .option('--set <column=value...>', 'one row; columns left out are null')
    .option('--row <json>', 'one row as a JSON object, or several as an array')
    .option('--rows <file>', 'a file with a JSON object, an array of them, or one per line; - is stdin')
    .option('--csv <file>', 'a CSV file with a header; empty fields are null; - is stdin')
    .option('--ignore <column...>', 'columns of the rows that are not sent')
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
    .action((id: string, options: PredictOptions, command: Command) => {
      checkOneSource(options);
      return withClients(command, async ({ predictions }) => {
        const deployment = nameIn('deployments', id);
        const { signature } = await predictions.getSignature({ deployment }, { deadlineMs });
        const types = new Map(signature?.inputs?.columns.map(({ name, type }) => [name, type]));
        const ignored = new Set(options.ignore);
        const records = (await readRecords(options, types)).map((record) => structOf(without(record, ignored)));
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
