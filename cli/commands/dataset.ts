import { open } from 'node:fs/promises';
import { Command, Option } from 'commander';
import type { DatasetVersion__Output } from '../../proto/gen/tenon/data/v1/index.js';
import { globalOptions, withClients } from '../connect.js';
import { nameIn, showBytes, showNumber, showTime, showValue } from '../output/format.js';
import { printJson } from '../output/json.js';
import { printFacts, printTable } from '../output/table.js';

const deadlineMs = 30_000;
const uploadDeadlineMs = 3_600_000;
const chunkBytes = 1 << 20;

interface UploadOptions {
  name: string;
  badRows: 'reject' | 'skip';
  nullText: string[];
}

async function* uploadParts(file: string, { name, badRows, nullText }: UploadOptions) {
  const policy = badRows === 'skip' ? ('BAD_ROW_POLICY_SKIP' as const) : ('BAD_ROW_POLICY_REJECT' as const);
  const handle = await open(file);
  try {
    yield { header: { dataset: nameIn('datasets', name), badRows: policy, nullTexts: nullText } };
    for await (const chunk of handle.createReadStream({ highWaterMark: chunkBytes, autoClose: false })) {
      yield { chunk: chunk as Buffer };
    }
  } finally {
    await handle.close();
  }
}

function printVersion(version: DatasetVersion__Output): void {
  printFacts([
    ['name', version.name],
    ['rows', version.rowCount],
    ['size', showBytes(version.sizeBytes)],
    ['digest', version.digest],
    ['created', showTime(version.createTime)],
    ['rows left out', version.badRowCount],
  ]);
  console.log();
  const types = new Map(version.schema?.columns.map(({ name, type }) => [name, type]));
  printTable(
    ['column', 'type', 'missing', 'distinct', 'mean', 'min', 'max', 'most frequent'],
    version.profile.map((column) => {
      const type = (types.get(column.name) ?? '').replace('COLUMN_TYPE_', '').toLowerCase();
      const numeric = type === 'integer' || type === 'double';
      const figures = numeric ? [column.mean, column.min, column.max].map(showNumber) : ['', '', ''];
      const top = column.topValues.slice(0, 3).map(({ value, count }) => `${value} ${count}`);
      return [column.name, type, column.nullCount, column.distinctCount, ...figures, top.join(', ')];
    }),
  );
  for (const { line, column, message } of version.rowIssues) console.log(`line ${line}, ${column}: ${message}`);
}

function uploadCommand(): Command {
  return new Command('upload')
    .description('upload a CSV, Parquet or JSON file as a new version of a dataset')
    .argument('<file>', 'the file')
    .requiredOption('--name <dataset>', 'the dataset; created if it does not exist')
    .addOption(
      new Option('--bad-rows <policy>', 'rows that cannot be read').choices(['reject', 'skip']).default('reject'),
    )
    .option('--null-text <text...>', 'texts read as missing, besides the empty field')
    .action((file: string, options: UploadOptions, command: Command) =>
      withClients(command, async ({ datasets }) => {
        const parts = uploadParts(file, { ...options, nullText: options.nullText ?? [] });
        const version = await datasets.uploadDataset(parts, { deadlineMs: uploadDeadlineMs });
        if (globalOptions(command).json) printJson(version);
        else printVersion(version);
      }),
    );
}

function showCommand(): Command {
  return new Command('show')
    .description("show a version's columns and first rows")
    .argument('<dataset>', 'the dataset, or datasets/{dataset}/versions/{version}')
    .option('--rows <count>', 'rows to show', '5')
    .action((dataset: string, options: { rows: string }, command: Command) =>
      withClients(command, async ({ datasets }) => {
        const plain = nameIn('datasets', dataset);
        const name = plain.includes('/versions/') ? plain : `${plain}/versions/latest`;
        const version = await datasets.getDatasetVersion({ name }, { deadlineMs });
        const request = { name: version.name, rowCount: Number(options.rows) };
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
  return new Command('list').description('list datasets').action((_options: unknown, command: Command) =>
    withClients(command, async ({ datasets }) => {
      const all = [];
      for (let pageToken = ''; ; ) {
        const page = await datasets.listDatasets({ pageSize: 1_000, pageToken }, { deadlineMs });
        all.push(...page.datasets);
        pageToken = page.nextPageToken;
        if (pageToken === '') break;
      }
      if (globalOptions(command).json) return printJson(all);
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
