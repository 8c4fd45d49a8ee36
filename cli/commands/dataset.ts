import { open, stat } from 'node:fs/promises';
import { Command, Option } from 'commander';
import type { Column__Output } from '../../proto/gen/tenon/common/v1/index.js';
import type { ColumnProfile__Output, DatasetVersion__Output } from '../../proto/gen/tenon/data/v1/index.js';
import { allPages } from '../all-pages.js';
import { globalOptions, withClients } from '../connect.js';
import {
  nameIn,
  showBytes,
  showEnum,
  showMilliseconds,
  showNumber,
  showTensorType,
  showTime,
  showValue,
} from '../output/format.js';
import { printJson } from '../output/json.js';
import { printFacts, printTable } from '../output/table.js';
import { chunkBytes, chunksOf, unreadable } from '../parse/input.js';
import { wholeNumber } from '../parse/numbers.js';
import { splitPair } from '../parse/parameters.js';
import { UsageError } from '../usage-error.js';

const deadlineMs = 30_000;
const uploadDeadlineMs = 3_600_000;

interface ArrayFlag {
  column: string;
  file: string;
}

interface UploadOptions {
  name?: string;
  array: ArrayFlag[];
  badRows: 'reject' | 'skip';
  nullText?: string[];
}

/** One more `--array COLUMN=FILE`. */
function arrayFlag(text: string, before: ArrayFlag[]): ArrayFlag[] {
  const [column, file] = splitPair(text, '--array');
  if (file === '' || file === '-') throw new UsageError(`--array ${text} must name a file, as image=images.gz does`);
  return [...before, { column, file }];
}

/** The array files one after the other, as columns of one version. */
async function* arrayMessages(arrays: readonly ArrayFlag[], dataset: string) {
  const parts: { column: string; sizeBytes: number }[] = [];
  for (const { column, file } of arrays) {
    try {
      parts.push({ column, sizeBytes: (await stat(file)).size });
    } catch (error) {
      throw unreadable(file, error);
    }
  }
  yield { header: { dataset, parts } };
  for (const { file } of arrays) yield* chunksOf(file);
}

async function* uploadMessages(file: string, { badRows, nullText }: UploadOptions, dataset: string) {
  const policy = badRows === 'skip' ? ('BAD_ROW_POLICY_SKIP' as const) : ('BAD_ROW_POLICY_REJECT' as const);
  const header = { dataset, badRows: policy, nullTexts: nullText ?? [] };
  if (file === '-') {
    yield { header };
    for await (const chunk of process.stdin) {
      const bytes = chunk as Buffer;
      for (let at = 0; at < bytes.length; at += chunkBytes) yield { chunk: bytes.subarray(at, at + chunkBytes) };
    }
    return;
  }
  // A file that is not there is told without a call.
  try {
    await (await open(file)).close();
  } catch (error) {
    throw unreadable(file, error);
  }
  yield { header };
  yield* chunksOf(file);
}

/** The messages of an upload: of one file, or of `--array` files, where the argument may name the dataset. */
function messagesOf(argument: string | undefined, options: UploadOptions) {
  const { array, name } = options;
  if (array.length > 0) {
    if (argument !== undefined && name !== undefined) {
      throw new UsageError(`${argument} and --array exclude each other; give each file as --array COLUMN=FILE`);
    }
    const dataset = name ?? argument;
    if (dataset === undefined) throw new UsageError('the dataset is not named; give --name DATASET');
    if (options.badRows === 'skip' || options.nullText !== undefined) {
      throw new UsageError('--bad-rows and --null-text have no effect with --array; leave them out');
    }
    return arrayMessages(array, nameIn('datasets', dataset));
  }
  if (argument === undefined) throw new UsageError('no file is given; name one, or give --array COLUMN=FILE');
  if (name === undefined) throw new UsageError("required option '--name <dataset>' not specified");
  return uploadMessages(argument, options, nameIn('datasets', name));
}

/** `uint8 [28, 28]`, or the plain name of a column's type. */
function typeOf({ type, tensor }: Column__Output): string {
  return tensor === null ? showEnum(type, 'COLUMN_TYPE') : showTensorType(tensor);
}

/** Mean, smallest and largest value; empty for columns that have none. */
function figures(type: string, { mean, min, max, nullCount }: ColumnProfile__Output, rowCount: number): string[] {
  if (nullCount === rowCount) return ['', '', ''];
  if (type !== 'timestamp' && type !== 'string' && type !== 'boolean') return [mean, min, max].map(showNumber);
  // Microseconds since 1970.
  if (type === 'timestamp') return ['', showMilliseconds(min / 1000), showMilliseconds(max / 1000)];
  return ['', '', ''];
}

function printVersion(version: DatasetVersion__Output): void {
  printFacts([
    ['name', version.name],
    ['rows', version.rowCount],
    ['columns', version.profile.length],
    ['rows left out', version.badRowCount],
    ['size', `${showBytes(version.sizeBytes)} as Parquet`],
    ['digest', version.digest],
    ['created', showTime(version.createTime)],
  ]);
  console.log();
  const types = new Map(version.schema?.columns.map((column) => [column.name, typeOf(column)]));
  printTable(
    ['column', 'type', 'missing', 'distinct', 'mean', 'min', 'max', 'most frequent'],
    version.profile.map((column) => {
      const type = types.get(column.name) ?? '';
      const top = column.topValues.slice(0, 3).map(({ value, count }) => `${value} ${count}`);
      const shown = figures(type, column, version.rowCount);
      return [column.name, type, column.nullCount, column.distinctCount, ...shown, top.join(', ')];
    }),
  );
  if (version.rowIssues.length > 0) console.log('\nrows left out:');
  for (const { line, column, message } of version.rowIssues) console.log(`  line ${line}, ${column}: ${message}`);
}

function uploadCommand(): Command {
  return new Command('upload')
    .description('upload a CSV, Parquet, JSON, IDX or NPY file as a new version of a dataset')
    .argument('[file]', 'the file; - is stdin. With --array the dataset, where --name is not given')
    .option('--name <dataset>', 'the dataset; created if it does not exist')
    .option(
      '--array <column=file>',
      'an IDX or NPY file as a column, plain or gzip; once for each column, of equally many rows',
      arrayFlag,
      [],
    )
    .addOption(
      new Option('--bad-rows <policy>', 'rows that cannot be read').choices(['reject', 'skip']).default('reject'),
    )
    .option('--null-text <text...>', 'texts read as missing, besides the empty field')
    .addHelpText(
      'after',
      `
Examples:
  $ tenon dataset upload birds.csv --name penguins
  $ tenon dataset upload birds.csv --name penguins --bad-rows skip --null-text NA .
  $ tenon dataset upload fashion --array image=train-images-idx3-ubyte.gz \\
      --array label=train-labels-idx1-ubyte.gz`,
    )
    .action((file: string | undefined, options: UploadOptions, command: Command) => {
      const messages = messagesOf(file, options);
      return withClients(command, async ({ datasets }) => {
        const version = await datasets.uploadDataset(messages, { deadlineMs: uploadDeadlineMs });
        if (globalOptions(command).json) printJson(version);
        else printVersion(version);
      });
    });
}

function showCommand(): Command {
  return new Command('show')
    .description("show a version's columns and first rows")
    .argument('<dataset>', 'the dataset, or datasets/{dataset}/versions/{version}')
    .addOption(new Option('--rows <count>', 'rows to show').argParser(wholeNumber(0, 1_000)).default(5))
    .addHelpText('after', '\nExample:\n  $ tenon dataset show penguins --rows 20')
    .action((dataset: string, options: { rows: number }, command: Command) =>
      withClients(command, async ({ datasets }) => {
        const plain = nameIn('datasets', dataset);
        const name = plain.includes('/versions/') ? plain : `${plain}/versions/latest`;
        const version = await datasets.getDatasetVersion({ name }, { deadlineMs });
        const request = { name: version.name, rowCount: options.rows };
        const preview = await datasets.previewDatasetVersion(request, { deadlineMs });
        if (globalOptions(command).json) return printJson({ version, rows: preview.rows });
        printVersion(version);
        console.log();
        const columns = preview.schema?.columns.map((column) => column.name) ?? [];
        printTable(
          columns,
          preview.rows.map(({ values }) => columns.map((column) => showValue(values[column]))),
        );
      }),
    );
}

function listCommand(): Command {
  return new Command('list')
    .description('list datasets')
    .addHelpText('after', '\nExample:\n  $ tenon dataset list')
    .action((_options: unknown, command: Command) =>
      withClients(command, async ({ datasets }) => {
        const all = await allPages(async (page) => {
          const answer = await datasets.listDatasets(page, { deadlineMs });
          return { items: answer.datasets, nextPageToken: answer.nextPageToken };
        });
        if (globalOptions(command).json) return printJson(all);
        if (all.length === 0) return console.log('no datasets yet; tenon dataset upload makes one');
        printTable(
          ['dataset', 'versions', 'updated', 'description'],
          all.map(({ name, versionCount, updateTime, description }) => [
            name,
            versionCount,
            showTime(updateTime),
            description,
          ]),
        );
      }),
    );
}

/** `tenon dataset upload|show|list`. */
export function datasetCommand(): Command {
  return new Command('dataset')
    .description('upload and look at tables')
    .addCommand(uploadCommand())
    .addCommand(showCommand())
    .addCommand(listCommand());
}
