import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { tableFromChunks } from '../../native/table/from-chunks.js';
import { cellAt } from '../../native/table/table.js';
import type { UploadDatasetRequest } from '../../proto/gen/tenon/data/v1/index.js';
import { protoRoot } from '../../proto/root.js';
import { all, fails, parts, soon, startData, upload } from '../unit/data/data-service.js';

const people = [
  'id,name,height,member,born',
  '1,Ada,1.7,true,1990-01-02',
  '2,"Bo, the ""second""",NA,false,1991-05-06T07:08:09+02:00',
  '9007199254740993,,1.85,true,',
  '',
].join('\n');

test('a CSV file becomes a typed, profiled version', async (t) => {
  const service = await startData(t);
  const version = await upload(service, people);
  t.is(version.name, 'datasets/d/versions/1');
  t.is(version.rowCount, 3);
  t.is(version.sourceFormat, 'FILE_FORMAT_CSV');
  t.is(version.sourceDigest, createHash('sha256').update(people).digest('hex'));
  t.deepEqual(
    version.schema?.columns.map(({ name, type, nullable }) => [name, type, nullable]),
    [
      ['id', 'COLUMN_TYPE_INTEGER', false],
      ['name', 'COLUMN_TYPE_STRING', true],
      ['height', 'COLUMN_TYPE_DOUBLE', true],
      ['member', 'COLUMN_TYPE_BOOLEAN', false],
      ['born', 'COLUMN_TYPE_TIMESTAMP', true],
    ],
  );
  const height = version.profile.find(({ name }) => name === 'height');
  t.is(height?.nullCount, 1);
  t.is(height?.distinctCount, 2);
  t.true(Math.abs((height?.mean ?? 0) - 1.775) < 1e-12);
  t.is(height?.quantiles.length, 5);
  t.deepEqual(version.profile.find(({ name }) => name === 'member')?.topValues, [
    { value: 'true', count: 2 },
    { value: 'false', count: 1 },
  ]);
  t.deepEqual(await service.datasets.getDatasetVersion({ name: 'datasets/d/versions/latest' }, soon), version);
  t.deepEqual(await service.datasets.getDatasetVersion({ name: version.name }, soon), version);
  const dataset = await service.datasets.getDataset({ name: 'datasets/d' }, soon);
  t.is(dataset.latestVersion, version.name);
  t.is(dataset.versionCount, 1);
});

test('a table of 2,000 columns becomes a version with the type and profile of each column', async (t) => {
  const service = await startData(t);
  // Types change late, and from column to column: what one query finds must go to the column it is of.
  const kinds: { type: string; cell: (row: number, column: number) => string }[] = [
    { type: 'COLUMN_TYPE_INTEGER', cell: (row, column) => `${row * column}` },
    { type: 'COLUMN_TYPE_DOUBLE', cell: (row, column) => (row < 119 ? `${row}` : `${1_000 + column}.5`) },
    { type: 'COLUMN_TYPE_STRING', cell: (row, column) => (row % 3 === 0 ? '' : `s${column}-${row % 3}`) },
    { type: 'COLUMN_TYPE_BOOLEAN', cell: (row, column) => `${row < column % 100}` },
    { type: 'COLUMN_TYPE_TIMESTAMP', cell: (row, column) => new Date((column * 1_000 + row) * 1_000).toISOString() },
    { type: 'COLUMN_TYPE_STRING', cell: (row, column) => (row < 119 ? '' : `x${column}`) },
    { type: 'COLUMN_TYPE_STRING', cell: () => '' },
  ];
  const columns = Array.from({ length: 2_000 }, (_, column) => ({
    column,
    ...(kinds[column % kinds.length] as (typeof kinds)[0]),
  }));
  const rows = Array.from({ length: 120 }, (_, row) => columns.map(({ column, cell }) => cell(row, column)).join(','));
  const version = await upload(service, [columns.map(({ column }) => `n${column}`).join(','), ...rows].join('\n'));
  t.is(version.rowCount, 120);
  t.deepEqual(
    version.schema?.columns.map(({ name, type, nullable }) => `${name} ${type} ${nullable}`),
    columns.map(({ column, type }) => `n${column} ${type} ${[2, 5, 6].includes(column % 7)}`),
  );
  t.deepEqual(
    version.profile.map(({ name }) => name),
    columns.map(({ column }) => `n${column}`),
  );
  for (const [column, profile] of version.profile.entries()) {
    const { nullCount, distinctCount, min, max, quantiles, topValues } = profile;
    const seen = { nullCount, distinctCount, min, max, median: quantiles[2] ?? null, topValues };
    const rest = { nullCount: 0, min: 0, max: 0, median: null, topValues: [] };
    const trues = column % 100;
    const top = [
      { value: 'false', count: 120 - trues },
      { value: 'true', count: trues },
    ].filter(({ count }) => count > 0);
    const expected = [
      { ...rest, distinctCount: column === 0 ? 1 : 120, max: 119 * column, median: 59.5 * column },
      { ...rest, distinctCount: 120, max: column + 1_000.5, median: 59.5 },
      {
        ...rest,
        nullCount: 40,
        distinctCount: 2,
        topValues: [1, 2].map((value) => ({ value: `s${column}-${value}`, count: 40 })),
      },
      { ...rest, distinctCount: top.length, topValues: top.sort((left, right) => right.count - left.count) },
      { ...rest, distinctCount: 120, min: column * 1e9, max: (column * 1_000 + 119) * 1e6 },
      { ...rest, nullCount: 119, distinctCount: 1, topValues: [{ value: `x${column}`, count: 1 }] },
      { ...rest, nullCount: 120, distinctCount: 0 },
    ][column % kinds.length];
    t.deepEqual(seen, { ...expected } as typeof seen, profile.name);
  }
});

test('a preview shows rows as values', async (t) => {
  const service = await startData(t);
  const { name } = await upload(service, people);
  const { rows, schema } = await service.datasets.previewDatasetVersion({ name, firstRow: 1 }, soon);
  t.is(schema?.columns.length, 5);
  t.is(rows.length, 2);
  t.is(rows[0]?.values.name?.stringValue, 'Bo, the "second"');
  t.is(rows[0]?.values.height?.kind, 'nullValue');
  t.is(rows[0]?.values.born?.timestampValue?.seconds, Date.UTC(1991, 4, 6, 5, 8, 9) / 1000);
  t.is(rows[1]?.values.id?.stringValue, '9007199254740993');
  for (const request of [
    { name, rowCount: -1 },
    { name, rowCount: 1001 },
    { name, firstRow: -1 },
  ]) {
    await fails(t, 'INVALID_FIELD', service.datasets.previewDatasetVersion(request, soon));
  }
});

test('reading gives every row in file order, in bounded chunks', async (t) => {
  const service = await startData(t);
  const rowCount = 150_000;
  const lines = ['i,x,s'];
  for (let i = 0; i < rowCount; i++) lines.push(`${i},${i % 5 === 0 ? '' : i / 8},s${i % 7}`);
  const { name } = await upload(service, lines.join('\r\n'));
  const responses = await all(service.datasets.readDatasetVersion({ name }, soon));
  const chunks = responses.flatMap(({ chunk }) => (chunk === null ? [] : [chunk]));
  t.true(chunks.length > 1);
  let next = 0;
  for (const chunk of chunks) {
    t.is(chunk.firstRow, next);
    next += chunk.rowCount;
    t.true(chunk.rowCount <= 65_536);
    const bytes = chunk.columns.reduce((sum, column) => sum + column.data.length, 0);
    t.true(bytes <= 1_100_000, `${bytes}`);
  }
  t.is(next, rowCount);
  const table = tableFromChunks(chunks);
  const [i, x, s] = table.columns;
  if (i === undefined || x === undefined || s === undefined) return t.fail();
  for (let row = 0; row < rowCount; row += 997) {
    t.is(cellAt(i, row), row);
    t.is(cellAt(x, row), row % 5 === 0 ? null : row / 8);
    t.is(cellAt(s, row), `s${row % 7}`);
  }
  const some = await all(service.datasets.readDatasetVersion({ name, columns: ['s', 'i'] }, soon));
  t.deepEqual(
    some[0]?.chunk?.columns.map((column) => column.name),
    ['s', 'i'],
  );
});

test('a split divides a version the same way each time, keeping shares', async (t) => {
  const service = await startData(t);
  const lines = Array.from({ length: 100 }, (_, row) => `${row},${row % 4 === 0 ? 'rare' : 'common'}`);
  const { name } = await upload(service, ['n,kind', ...lines].join('\n'));
  const split = { testFraction: 0.2, stratifyColumn: 'kind', seed: 7 };
  const told = await service.datasets.splitDatasetVersion({ name, split }, soon);
  t.is(told.trainRows, 80);
  t.is(told.testRows, 20);
  t.deepEqual(told.testCounts, [
    { value: 'common', count: 15 },
    { value: 'rare', count: 5 },
  ]);
  const read = async (part: 'SPLIT_PART_TRAIN' | 'SPLIT_PART_TEST') => {
    const request = { name, split, part, columns: ['n'] };
    const responses = await all(service.datasets.readDatasetVersion(request, soon));
    const table = tableFromChunks(responses.flatMap(({ chunk }) => (chunk === null ? [] : [chunk])));
    const [column] = table.columns;
    return column === undefined ? [] : Array.from({ length: table.rowCount }, (_, row) => Number(cellAt(column, row)));
  };
  const train = await read('SPLIT_PART_TRAIN');
  const held = await read('SPLIT_PART_TEST');
  t.is(train.length, 80);
  t.deepEqual(
    [...train, ...held].sort((a, b) => a - b),
    Array.from({ length: 100 }, (_, row) => row),
  );
  t.deepEqual(await read('SPLIT_PART_TEST'), held);

  const { datasets } = service;
  await fails(t, 'INVALID_FIELD', datasets.splitDatasetVersion({ name }, soon));
  await fails(t, 'INVALID_FIELD', datasets.splitDatasetVersion({ name, split: { testFraction: 1 } }, soon));
  await fails(t, 'INVALID_FIELD', datasets.splitDatasetVersion({ name, split: { seed: -1 } }, soon));
  await fails(t, 'UNKNOWN_COLUMN', datasets.splitDatasetVersion({ name, split: { stratifyColumn: 'x' } }, soon));
  await fails(t, 'INVALID_FIELD', all(datasets.readDatasetVersion({ name, part: 'SPLIT_PART_TEST' }, soon)));
  const unknown = await fails(
    t,
    'UNKNOWN_COLUMN',
    all(datasets.readDatasetVersion({ name, columns: ['n', 'x'] }, soon)),
  );
  t.is(unknown.violations[0]?.field, 'columns[1]');
});

test('a file with a bad row is refused by line and column, and nothing is kept', async (t) => {
  const service = await startData(t);
  const bad = 'island,species\na,b\n\nc,"d\ne"\nf,g\nh\n';
  const error = await fails(t, 'UNPARSABLE_FILE', upload(service, bad));
  t.regex(error.violations[0]?.description ?? '', /^line 7, column species: /);
  await fails(t, 'RESOURCE_NOT_FOUND', service.datasets.getDataset({ name: 'datasets/d' }, soon));
  t.deepEqual(await readdir(join(service.directory, 'data', 'tables', 'incoming')), []);
});

test('bad rows are left out and listed when asked for', async (t) => {
  const service = await startData(t);
  const file = 'a,b\r\n1,2\r\n3\r\n4,5\nx,6\r\n7,8,9\r\n';
  const version = await upload(service, file, {
    badRows: 'BAD_ROW_POLICY_SKIP',
    columns: [{ name: 'a', type: 'COLUMN_TYPE_INTEGER' }],
  });
  t.is(version.rowCount, 2);
  t.is(version.badRowCount, 3);
  t.deepEqual(version.rowIssues, [
    { line: 3, column: 'b', message: 'found 1 fields, expected 2' },
    { line: 5, column: 'a', message: '"x" is no INTEGER' },
    { line: 6, column: '3', message: 'found 3 fields, expected 2' },
  ]);
  const refused = await fails(
    t,
    'UNPARSABLE_FILE',
    upload(service, 'a\n1\nx\n', { columns: [{ name: 'a', type: 'COLUMN_TYPE_INTEGER' }] }),
  );
  t.regex(refused.message, /line 3, column a: "x" is no INTEGER/);
  const unknown = upload(service, 'a\n1\n', { columns: [{ name: 'z', type: 'COLUMN_TYPE_INTEGER' }] });
  t.is((await fails(t, 'UNKNOWN_COLUMN', unknown)).violations[0]?.field, 'header.columns[0].name');
});

for (const [what, file] of [
  ['an empty file', ''],
  ['only blank lines', '\n\n'],
  ['only a header', 'a,b\n'],
  ['an empty JSON array', '[]'],
] as const) {
  test(`a table without rows is refused: ${what}`, async (t) => {
    const service = await startData(t);
    const error = await fails(t, 'EMPTY_TABLE', upload(service, file));
    t.is(error.violations[0]?.field, 'chunk');
  });
}

for (const [what, file, message] of [
  ['a name twice', 'a,b,a\n1,2,3\n', /line 1, column 3: .*column 1/],
  ['a column without a name', 'a,,b\n1,2,3\n', /line 1, column 2: the column has no name/],
  ['a name too long', `a,${'x'.repeat(129)}\n1,2\n`, /line 1, column 2: .*129 characters.*128/],
  ['a quote that is never closed', 'a,b\n1,"2\n3,4\n', /line 2: a quote that is never closed/],
  ['bytes that are no UTF-8', Buffer.from('612c620a312cff0a', 'hex'), /line 2, column a: .*UTF-8/],
  ['malformed JSON', '[{"a":1},{"a":2]', /line 2: malformed JSON at or before value 2/],
  ['JSON that nests', '[{"a":1},{"a":[2]}]', /line 2, column a: an array or object/],
  ['JSON of other things than objects', '[1,2]', /line 1: ubigint found, expected an object/],
  ['Parquet cut short', Buffer.from('PAR1\0\0\0\0garbage'), /cut short: the last 4 of its 15 bytes must be PAR1/],
  ['Parquet of its first bytes alone', Buffer.from('PAR1\0'), /cut short: 5 bytes, .*at least 12/],
  [
    'a Parquet footer beyond the file',
    Buffer.from('PAR1\xff\xff\xff\x7fPAR1', 'latin1'),
    /2147483647 bytes, must be at most 0/,
  ],
  ['a Parquet footer of nonsense', Buffer.from('PAR1garbage!\x04\0\0\0PAR1', 'latin1'), /no readable Parquet/],
] as const) {
  test(`a file that cannot be read is refused by place: ${what}`, async (t) => {
    const service = await startData(t);
    const error = await fails(t, 'UNPARSABLE_FILE', upload(service, file as string));
    t.regex(error.message, message);
    t.false(error.message.includes(service.directory));
  });
}

test('JSON objects of 1,000 members become a version with the type of each', async (t) => {
  const service = await startData(t);
  const members = Array.from({ length: 1_000 }, (_, index) => index);
  const values = (row: number) => [row, row + 0.5, `t${row}`, row % 2 === 0, '2024-01-02', null];
  const objects = Array.from({ length: 100 }, (_, row) =>
    Object.fromEntries(members.map((index) => [`a/${index}`, values(row)[index % 6]])),
  );
  const version = await upload(service, JSON.stringify(objects));
  t.is(version.rowCount, 100);
  const types = ['INTEGER', 'DOUBLE', 'STRING', 'BOOLEAN', 'TIMESTAMP', 'STRING'];
  t.deepEqual(
    version.schema?.columns.map(({ name, type }) => `${name} ${type}`),
    members.map((index) => `a/${index} COLUMN_TYPE_${types[index % 6]}`),
  );
  t.deepEqual(
    version.profile.map(({ nullCount }) => nullCount),
    members.map((index) => (index % 6 === 5 ? 100 : 0)),
  );
});

test('JSON is read by content, as an array or as lines', async (t) => {
  const service = await startData(t);
  const array = await upload(service, ' [{"a":1,"b":"x","d":true},{"b":null,"a":2.5,"c":"2020-01-01"}]');
  t.is(array.sourceFormat, 'FILE_FORMAT_JSON');
  t.deepEqual(
    array.schema?.columns.map(({ name, type }) => [name, type]),
    [
      ['a', 'COLUMN_TYPE_DOUBLE'],
      ['b', 'COLUMN_TYPE_STRING'],
      ['d', 'COLUMN_TYPE_BOOLEAN'],
      ['c', 'COLUMN_TYPE_TIMESTAMP'],
    ],
  );
  const lines = await upload(service, '{"a":1}\n{"a":2}\n');
  t.is(lines.schema?.columns[0]?.type, 'COLUMN_TYPE_INTEGER');
  await fails(t, 'INVALID_FIELD', upload(service, '{"a":1}', { delimiter: ';' }));
  await fails(t, 'INVALID_FIELD', upload(service, '{"a":1}', { nullTexts: ['-'] }));
});

test('the penguins of vega-datasets come in whole', async (t) => {
  const service = await startData(t);
  const path = join(protoRoot, '..', 'node_modules', 'vega-datasets', 'data', 'penguins.json');
  const version = await upload(service, await readFile(path));
  t.is(version.rowCount, 344);
  t.is(version.schema?.columns.length, 7);
  t.is(version.profile.find(({ name }) => name === 'Species')?.distinctCount, 3);
});

test('what was downloaded can be uploaded again, and equal tables have equal digests', async (t) => {
  const service = await startData(t);
  const first = await upload(service, people);
  const again = await upload(service, people.replaceAll('\n', '\r\n'));
  t.is(again.name, 'datasets/d/versions/2');
  t.is(again.digest, first.digest);
  t.not(again.sourceDigest, first.sourceDigest);
  const pieces = await all(service.datasets.downloadDatasetVersion({ name: first.name }, soon));
  const bytes = Buffer.concat(pieces.map(({ chunk }) => chunk));
  t.is(createHash('sha256').update(bytes).digest('hex'), first.digest);
  t.is(bytes.length, first.sizeBytes);
  const parquet = await upload(service, bytes);
  t.is(parquet.sourceFormat, 'FILE_FORMAT_PARQUET');
  t.deepEqual(parquet.schema, first.schema);
  t.deepEqual(parquet.profile, first.profile);
  t.is(parquet.digest, first.digest);
  await fails(t, 'UNPARSABLE_FILE', upload(service, bytes.subarray(0, bytes.length - 20)));
});

test('a repeated request_id gives the first version, another request with it is refused', async (t) => {
  const service = await startData(t);
  const first = await upload(service, people, { requestId: 'r1' });
  t.deepEqual(await upload(service, people, { requestId: 'r1' }), first);
  const error = await fails(t, 'REQUEST_ID_REUSED', upload(service, `${people}4,D,1,true,\n`, { requestId: 'r1' }));
  t.is(error.violations[0]?.field, 'header.request_id');
  const both = await Promise.all([
    upload(service, people, { requestId: 'r2' }),
    upload(service, people, { requestId: 'r2' }),
  ]);
  t.deepEqual(both[0], both[1]);
  t.is((await service.datasets.getDataset({ name: 'datasets/d' }, soon)).versionCount, 2);
});

test('a header that is wrong is refused by its field', async (t) => {
  const service = await startData(t);
  for (const [header, field] of [
    [{ dataset: 'datasets/Big' }, 'header.dataset'],
    [{ delimiter: ',,' }, 'header.delimiter'],
    [{ delimiter: '"' }, 'header.delimiter'],
    [{ nullTexts: Array.from({ length: 21 }, (_, index) => `${index}`) }, 'header.null_texts'],
    [{ columns: [{ name: 'a' }] }, 'header.columns[0].type'],
    [{ sha256: 'abc' }, 'header.sha256'],
    [{ requestId: 'x'.repeat(65) }, 'header.request_id'],
  ] as const) {
    const error = await fails(t, 'INVALID_FIELD', upload(service, 'a\n1\n', header as object));
    t.is(error.violations[0]?.field, field);
  }
  async function* messages(...list: UploadDatasetRequest[]) {
    yield* list;
  }
  const header = { dataset: 'datasets/d' };
  for (const list of [[], [{ chunk: Buffer.from('a') }], [{ header }, { header }]]) {
    await fails(t, 'INVALID_FIELD', service.datasets.uploadDataset(messages(...list), soon));
  }
  const large = messages({ header }, { chunk: Buffer.alloc(1024 * 1024 + 1) });
  await fails(t, 'INVALID_FIELD', service.datasets.uploadDataset(large, soon));
});

test('bytes that are not the announced ones, or too many, are refused', async (t) => {
  const service = await startData(t, { argv: ['--data.max-upload-bytes=2KiB'] });
  await fails(t, 'DIGEST_MISMATCH', upload(service, people, { sha256: '0'.repeat(64) }));
  await fails(t, 'QUOTA_EXCEEDED', upload(service, `a\n${'1\n'.repeat(2_000)}`));
  const sha256 = createHash('sha256').update(people).digest('hex');
  t.is((await upload(service, people, { sha256 })).name, 'datasets/d/versions/1');
});

test('an upload that is cancelled leaves nothing behind', async (t) => {
  const service = await startData(t);
  const cancel = new AbortController();
  async function* halfway(): AsyncGenerator<UploadDatasetRequest> {
    yield { header: { dataset: 'datasets/d' } };
    yield { chunk: Buffer.from(people) };
    cancel.abort();
    await new Promise(() => undefined);
  }
  await fails(t, 'CANCELLED', service.datasets.uploadDataset(halfway(), { ...soon, signal: cancel.signal }));
  await fails(t, 'RESOURCE_NOT_FOUND', service.datasets.getDataset({ name: 'datasets/d' }, soon));
  const incoming = join(service.directory, 'data', 'tables', 'incoming');
  for (let tries = 0; tries < 600 && (await readdir(incoming)).length > 0; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  t.deepEqual(await readdir(incoming), []);
});

test('datasets and versions are listed in pages', async (t) => {
  const service = await startData(t);
  for (const id of ['c', 'a', 'b', 'a']) await upload(service, 'x\n1\n', { dataset: `datasets/${id}` });
  const { datasets } = service;
  const first = await datasets.listDatasets({ pageSize: 2 }, soon);
  t.deepEqual(
    first.datasets.map(({ name }) => name),
    ['datasets/a', 'datasets/b'],
  );
  const second = await datasets.listDatasets({ pageSize: 2, pageToken: first.nextPageToken }, soon);
  t.deepEqual(
    second.datasets.map(({ name }) => name),
    ['datasets/c'],
  );
  t.is(second.nextPageToken, '');
  const versions = await datasets.listDatasetVersions({ parent: 'datasets/a', pageSize: 1 }, soon);
  t.is(versions.versions[0]?.name, 'datasets/a/versions/2');
  t.deepEqual(versions.versions[0]?.profile, []);
  const rest = await datasets.listDatasetVersions(
    { parent: 'datasets/a', pageSize: 1, pageToken: versions.nextPageToken },
    soon,
  );
  t.is(rest.versions[0]?.name, 'datasets/a/versions/1');
  t.is(rest.nextPageToken, '');
  await fails(t, 'INVALID_FIELD', datasets.listDatasets({ pageSize: -1 }, soon));
  await fails(t, 'INVALID_FIELD', datasets.listDatasets({ pageToken: versions.nextPageToken }, soon));
  await fails(t, 'RESOURCE_NOT_FOUND', datasets.listDatasetVersions({ parent: 'datasets/none' }, soon));
});

test('a dataset is updated and deleted under its etag', async (t) => {
  const service = await startData(t);
  await upload(service, people);
  const { datasets } = service;
  const name = 'datasets/d';
  const { etag } = await datasets.getDataset({ name }, soon);
  const updated = await datasets.updateDataset(
    { dataset: { name, displayName: 'People', description: 'kept', etag }, updateMask: { paths: ['display_name'] } },
    soon,
  );
  t.is(updated.displayName, 'People');
  t.is(updated.description, '');
  t.not(updated.etag, etag);
  await fails(t, 'ETAG_MISMATCH', datasets.updateDataset({ dataset: { name, etag } }, soon));
  await fails(t, 'INVALID_FIELD', datasets.updateDataset({}, soon));
  await fails(t, 'INVALID_FIELD', datasets.updateDataset({ dataset: { name }, updateMask: { paths: ['etag'] } }, soon));
  await fails(t, 'RESOURCE_NOT_FOUND', datasets.updateDataset({ dataset: { name: 'datasets/none' } }, soon));
  await fails(t, 'INVALID_FIELD', datasets.updateDataset({ dataset: { name, displayName: 'x'.repeat(129) } }, soon));
  await upload(service, people, { dataset: 'datasets/other' });
  await fails(t, 'ETAG_MISMATCH', datasets.deleteDataset({ name, etag }, soon));
  await datasets.deleteDataset({ name, etag: updated.etag }, soon);
  await fails(t, 'RESOURCE_NOT_FOUND', datasets.deleteDataset({ name }, soon));
  await fails(t, 'RESOURCE_NOT_FOUND', datasets.getDatasetVersion({ name: `${name}/versions/latest` }, soon));
  await fails(t, 'RESOURCE_NOT_FOUND', all(datasets.readDatasetVersion({ name: `${name}/versions/1` }, soon)));
  const kept = await datasets.previewDatasetVersion({ name: 'datasets/other/versions/1' }, soon);
  t.is(kept.rows.length, 3, 'the other dataset shares the deleted content');
});

test('versions that do not exist and names that are none are refused everywhere', async (t) => {
  const service = await startData(t);
  await upload(service, people);
  const { datasets } = service;
  const split = { testFraction: 0.5 };
  for (const [name, reason] of [
    ['datasets/d/versions/9', 'RESOURCE_NOT_FOUND'],
    ['datasets/none/versions/latest', 'RESOURCE_NOT_FOUND'],
    ['datasets/d', 'INVALID_FIELD'],
    ['datasets/d/versions/01', 'INVALID_FIELD'],
    ['datasets/../versions/1', 'INVALID_FIELD'],
  ] as const) {
    await fails(t, reason, datasets.getDatasetVersion({ name }, soon));
    await fails(t, reason, datasets.previewDatasetVersion({ name }, soon));
    await fails(t, reason, datasets.splitDatasetVersion({ name, split }, soon));
    await fails(t, reason, all(datasets.readDatasetVersion({ name }, soon)));
    await fails(t, reason, all(datasets.downloadDatasetVersion({ name }, soon)));
  }
});

test('everything is there after a restart, retries included', async (t) => {
  const before = await startData(t);
  const version = await upload(before, people, { requestId: 'r' });
  await before.stop();
  const after = await startData(t, { directory: before.directory });
  t.deepEqual(await after.datasets.getDatasetVersion({ name: version.name }, soon), version);
  t.deepEqual(await upload(after, people, { requestId: 'r' }), version);
  t.is((await after.datasets.previewDatasetVersion({ name: version.name }, soon)).rows.length, 3);
});

test('delimiters are recognised, a byte order mark is no part of a name', async (t) => {
  const service = await startData(t);
  for (const [file, header] of [
    ['\ufeffa;b\n1,5;x\n', {}],
    ['a\tb\n1\tx\n', {}],
    ['a#b\n1#x\n', { delimiter: '#' }],
  ] as const) {
    const version = await upload(service, file, header);
    t.deepEqual(
      version.schema?.columns.map(({ name }) => name),
      ['a', 'b'],
    );
  }
});

test('uploads at the same time each make a version', async (t) => {
  const service = await startData(t);
  const uploads = Array.from({ length: 6 }, (_, index) =>
    service.datasets.uploadDataset(parts({ dataset: 'datasets/d' }, `a\n${index}\n`, 1), soon),
  );
  const versions = await Promise.all(uploads);
  t.is(new Set(versions.map(({ name }) => name)).size, 6);
  t.is((await service.datasets.getDataset({ name: 'datasets/d' }, soon)).versionCount, 6);
});

test('a stored file that was damaged is DATA_LOSS, never other rows', async (t) => {
  const before = await startData(t);
  const version = await upload(before, people);
  await before.stop();
  const file = join(before.directory, 'data', 'tables', 'blobs', version.digest.slice(0, 2), version.digest);
  const bytes = await readFile(file);
  bytes.writeUInt8((bytes[100] ?? 0) ^ 1, 100);
  await writeFile(file, bytes);
  const { datasets } = await startData(t, { directory: before.directory });
  const { name } = version;
  await fails(t, 'DIGEST_MISMATCH', datasets.previewDatasetVersion({ name }, soon));
  await fails(t, 'DIGEST_MISMATCH', all(datasets.readDatasetVersion({ name }, soon)));
  await fails(t, 'DIGEST_MISMATCH', all(datasets.downloadDatasetVersion({ name }, soon)));
});

test('a reading that is cancelled ends, and the service goes on', async (t) => {
  const service = await startData(t);
  const lines = Array.from({ length: 300_000 }, (_, row) => `${row},${row / 3}`);
  const { name } = await upload(service, ['a,b', ...lines].join('\n'));
  const cancel = new AbortController();
  const reading = async () => {
    for await (const _ of service.datasets.readDatasetVersion({ name }, { ...soon, signal: cancel.signal }))
      cancel.abort();
  };
  await fails(t, 'CANCELLED', reading());
  t.is((await service.datasets.previewDatasetVersion({ name }, soon)).rows.length, 10);
});

test('null texts are the ones given, whatever characters they hold', async (t) => {
  const service = await startData(t);
  const file = 'a,b\n-,","\nNA,"""x"""\n,z\n';
  const { name, profile } = await upload(service, file, { nullTexts: ['-', ',', '"x"', "'"] });
  t.deepEqual(
    profile.map(({ nullCount }) => nullCount),
    [2, 2],
  );
  const { rows } = await service.datasets.previewDatasetVersion({ name }, soon);
  t.is(rows[1]?.values.a?.stringValue, 'NA');
  t.is(rows[2]?.values.b?.stringValue, 'z');
});

test('every printable delimiter can be asked for', async (t) => {
  const service = await startData(t);
  for (const delimiter of ['\t', ' ', '|', '\\', "'", '#', '-', 'N', '~']) {
    const version = await upload(service, `a${delimiter}b\n"1"${delimiter}x\n`, { delimiter });
    t.is(version.schema?.columns.length, 2, delimiter);
    t.is(version.rowCount, 1, delimiter);
  }
});
