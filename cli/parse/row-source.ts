import type { Command } from 'commander';
import { UsageError } from '../usage-error.js';
import { readText } from './input.js';
import { recordsFromCsv, recordsFromFlags, recordsFromJson, type TableRecord } from './records.js';

/** Where the rows of a command come from. */
export interface RowOptions {
  set?: string[];
  row?: string;
  rows?: string;
  csv?: string;
  ignore?: string[];
}

/** Adds the flags that say where rows come from. */
export function withRowOptions(command: Command): Command {
  return command
    .option('--set <column=value...>', 'one row; columns left out are null')
    .option('--row <json>', 'one row as a JSON object, or several as an array')
    .option('--rows <file>', 'a file with a JSON object, an array of them, or one per line; - is stdin')
    .option('--csv <file>', 'a CSV file with a header; empty fields are null; - is stdin')
    .option('--ignore <column...>', 'columns of the rows that are not sent');
}

/** Refuses no source of rows, and several. */
export function checkOneSource({ set, row, rows, csv }: RowOptions, command: Command): void {
  const given = Object.entries({ '--set': set, '--row': row, '--rows': rows, '--csv': csv })
    .filter(([, value]) => value !== undefined)
    .map(([flag]) => flag);
  if (given.length === 1) return;
  const seen = given.length === 0 ? 'no rows are given' : `${given.join(' and ')} exclude each other`;
  throw new UsageError(`${seen}; give one of --set, --row, --rows, --csv`, `see tenon ${command.name()} --help`);
}

const sourceName = (file: string): string => (file === '-' ? 'stdin' : file);

async function readRecords(
  { set, row, rows, csv }: RowOptions,
  types: ReadonlyMap<string, string>,
): Promise<TableRecord[]> {
  if (row !== undefined) return recordsFromJson(row, '--row');
  if (rows !== undefined) return recordsFromJson(await readText(rows), sourceName(rows));
  if (csv !== undefined) return recordsFromCsv(await readText(csv), types, sourceName(csv));
  return recordsFromFlags(set ?? [], types);
}

/** The rows, without the columns that are ignored; `types` are those of the model's input columns. */
export async function rowsFrom(options: RowOptions, types: ReadonlyMap<string, string>): Promise<TableRecord[]> {
  const ignored = new Set(options.ignore);
  const records = await readRecords(options, types);
  return records.map((record) => Object.fromEntries(Object.entries(record).filter(([name]) => !ignored.has(name))));
}
