import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { globalOptions, withClients } from '../connect.js';
import { nameIn, showNumber, showValue } from '../output/format.js';
import { printJson } from '../output/json.js';
import { printTable } from '../output/table.js';
import { recordsFromCsv, recordsFromFlags, recordsFromJson, structOf, type TableRecord } from '../parse/records.js';
import { UsageError } from '../usage-error.js';

const deadlineMs = 60_000;

interface PredictOptions {
  set: string[];
  row?: string;
  rows?: string;
  csv?: string;
}

async function readRecords(
  { set, row, rows, csv }: PredictOptions,
  types: ReadonlyMap<string, string>,
): Promise<TableRecord[]> {
  const given = [set.length > 0, row !== undefined, rows !== undefined, csv !== undefined].filter(Boolean).length;
  if (given !== 1) throw new UsageError('give rows in one way: --set, --row, --rows or --csv');
  if (row !== undefined) return recordsFromJson(row);
  if (rows !== undefined) return recordsFromJson(await readFile(rows, 'utf8'));
  if (csv !== undefined) return recordsFromCsv(await readFile(csv, 'utf8'), types);
  return recordsFromFlags(set, types);
}

/** `tenon predict`: rows from flags, JSON or CSV, answered by a deployment. */
export function predictCommand(): Command {
  return new Command('predict')
    .description('predict rows with a deployment')
    .argument('<deployment>', 'the deployment')
    .option('--set <column=value...>', 'one row; columns left out are null', [])
    .option('--row <json>', 'one row as a JSON object, or several as an array')
    .option('--rows <file>', 'a file with a JSON object, or an array of them')
    .option('--csv <file>', 'a CSV file with a header; empty fields are null')
    .action((id: string, options: PredictOptions, command: Command) =>
      withClients(command, async ({ predictions }) => {
        const deployment = nameIn('deployments', id);
        const { signature } = await predictions.getSignature({ deployment }, { deadlineMs });
        const types = new Map(signature?.inputs?.columns.map(({ name, type }) => [name, type]));
        const records = (await readRecords(options, types)).map(structOf);
        const answer = await predictions.predict({ deployment, records }, { deadlineMs });
        if (globalOptions(command).json) return printJson(answer);
        printTable(
          [signature?.target?.name ?? 'prediction', ...answer.classes],
          answer.predictions.map(({ value, probabilities }) => [showValue(value), ...probabilities.map(showNumber)]),
        );
        console.log(`by ${answer.modelVersion}`);
      }),
    );
}
