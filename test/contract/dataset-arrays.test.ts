import { gzipSync } from 'node:zlib';
import test from 'ava';
import { tableFromChunks } from '../../native/table/from-chunks.js';
import { cellAt } from '../../native/table/table.js';
import type { UploadDatasetHeader } from '../../proto/gen/tenon/data/v1/index.js';
import { idxFile, npyFile, npyHeader } from '../harness/array-files.js';
import { all, type DataService, fails, soon, startData, upload } from '../unit/data/data-service.js';

const rows = 5;
const pixels = Uint8Array.from({ length: rows * 6 }, (_, index) => (index * 37) % 256);
const images = idxFile([rows, 2, 3], pixels);
const labels = idxFile([rows], [3, 1, 4, 1, 5]);

/** Uploads array files as the columns of one version. */
function uploadParts(service: DataService, files: Record<string, Buffer>, header: UploadDatasetHeader = {}) {
  const parts = Object.entries(files).map(([column, file]) => ({ column, sizeBytes: file.length }));
  return upload(service, Buffer.concat(Object.values(files)), { parts, ...header });
}

test('images and labels become one version, of a tensor column and whole numbers', async (t) => {
  const service = await startData(t);
  const version = await uploadParts(service, { image: images, label: gzipSync(labels) });
  t.is(version.rowCount, rows);
  t.is(version.sourceFormat, 'FILE_FORMAT_IDX');
  t.deepEqual(
    version.schema?.columns.map(({ name, type, nullable, tensor }) => ({ name, type, nullable, tensor })),
    [
      {
        name: 'image',
        type: 'COLUMN_TYPE_TENSOR',
        nullable: false,
        tensor: { dtype: 'DATA_TYPE_UINT8', shape: [2, 3] },
      },
      { name: 'label', type: 'COLUMN_TYPE_INTEGER', nullable: false, tensor: null },
    ],
  );
  const [image, label] = version.profile;
  t.is(image?.min, Math.min(...pixels));
  t.is(image?.max, Math.max(...pixels));
  t.true(Math.abs((image?.mean ?? 0) - pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length) < 1e-9);
  t.is(image?.distinctCount, rows);
  t.is(label?.distinctCount, 4);

  const chunks = await all(service.datasets.readDatasetVersion({ name: version.name }, soon));
  const { columns } = tableFromChunks(chunks.flatMap(({ chunk }) => chunk ?? []));
  t.is(columns[0]?.type, 'tensor');
  t.deepEqual(columns[0]?.type === 'tensor' && [...columns[0].values], [...pixels]);
  t.deepEqual(
    Array.from({ length: rows }, (_, row) => columns[1] && cellAt(columns[1], row)),
    [3, 1, 4, 1, 5],
  );
  const preview = await service.datasets.previewDatasetVersion({ name: version.name, firstRow: 1, rowCount: 1 }, soon);
  t.deepEqual(preview.rows[0]?.values.image?.tensorValue, {
    dtype: 'DATA_TYPE_UINT8',
    shape: [2, 3],
    data: Buffer.from(pixels.subarray(6, 12)),
  });
});

test('one array file names its column by its dimensions, or as it is told', async (t) => {
  const service = await startData(t);
  const names = async (file: Buffer, header: UploadDatasetHeader = {}) =>
    (await upload(service, file, header)).schema?.columns.map(({ name, type, tensor }) => [
      name,
      type.replace('COLUMN_TYPE_', ''),
      tensor?.shape ?? null,
    ]);
  t.deepEqual(await names(images), [['image', 'TENSOR', [2, 3]]]);
  t.deepEqual(await names(idxFile([5, 6], pixels)), [['features', 'TENSOR', [6]]]);
  t.deepEqual(await names(labels), [['label', 'INTEGER', null]]);
  t.deepEqual(await names(idxFile([2], [0.5, Number.NaN], 'f64')), [['value', 'DOUBLE', null]]);
  t.deepEqual(await names(gzipSync(images), { parts: [{ column: 'scan' }] }), [['scan', 'TENSOR', [2, 3]]]);
  const asText = { columns: [{ name: 'label', type: 'COLUMN_TYPE_STRING' as const }] };
  t.deepEqual(await names(labels, asText), [['label', 'STRING', null]]);
});

test('NPY of either byte order and version is read', async (t) => {
  const service = await startData(t);
  const floats = Float32Array.from({ length: 12 }, (_, index) => index / 4 - 1);
  const little = Buffer.from(floats.buffer);
  const big = Buffer.from(little).swap32();
  for (const file of [
    npyFile(npyHeader('<f4', [3, 2, 2]), little),
    npyFile(npyHeader('>f4', [3, 2, 2]), big, 2),
    gzipSync(npyFile(npyHeader('<f4', [3, 2, 2]), little)),
  ]) {
    const { name, schema, profile, sourceFormat } = await upload(service, file);
    t.is(sourceFormat, 'FILE_FORMAT_NPY');
    t.deepEqual(schema?.columns[0]?.tensor, { dtype: 'DATA_TYPE_FP32', shape: [2, 2] });
    t.is(profile[0]?.min, -1);
    t.is(profile[0]?.max, 1.75);
    const chunks = await all(service.datasets.readDatasetVersion({ name }, soon));
    const [column] = tableFromChunks(chunks.flatMap(({ chunk }) => chunk ?? [])).columns;
    t.deepEqual(column?.type === 'tensor' && [...column.values], [...floats]);
  }
  const { rowCount, schema } = await upload(service, npyFile(npyHeader('|b1', [3]), Uint8Array.of(1, 0, 1)));
  t.is(rowCount, 3);
  t.is(schema?.columns[0]?.type, 'COLUMN_TYPE_BOOLEAN');
});

test('equal arrays are equal versions, however they were compressed', async (t) => {
  const service = await startData(t);
  const plain = await uploadParts(service, { image: images, label: labels });
  const compressed = await uploadParts(service, { image: gzipSync(images), label: gzipSync(labels) });
  t.is(plain.digest, compressed.digest);
  t.not(plain.sourceDigest, compressed.sourceDigest);
});

test('parts that do not go together are refused, both counts named', async (t) => {
  const service = await startData(t);
  const other = await fails(
    t,
    'INVALID_FIELD',
    uploadParts(service, { image: images, label: idxFile([4], [1, 2, 3, 4]) }),
  );
  t.is(other.violations[0]?.field, 'header.parts[1]');
  t.regex(other.message, /4 rows must be 5/);
  const twice = [images.length, labels.length].map((sizeBytes) => ({ column: 'a', sizeBytes }));
  const named = await fails(t, 'UNPARSABLE_FILE', upload(service, Buffer.concat([images, labels]), { parts: twice }));
  t.regex(named.message, /"a" is column 1's already/);
  const sizes = [{ sizeBytes: images.length }, { sizeBytes: 1 }];
  const short = await fails(t, 'INVALID_FIELD', upload(service, Buffer.concat([images, labels]), { parts: sizes }));
  t.is(short.violations[0]?.field, 'header.parts');
  t.regex(short.message, new RegExp(`${images.length + 1} bytes in all must be ${images.length + labels.length}`));
  const csv = await fails(t, 'INVALID_FIELD', upload(service, 'a\n1\n', { parts: [{ column: 'a' }] }));
  t.is(csv.violations[0]?.field, 'header.parts');
  const tensor = { columns: [{ name: 'image', type: 'COLUMN_TYPE_STRING' as const }] };
  t.is(
    (await fails(t, 'INVALID_FIELD', upload(service, images, tensor))).violations[0]?.field,
    'header.columns[0].name',
  );
});

const wrong: [string, Buffer, RegExp][] = [
  ['a header cut short', images.subarray(0, 7), /cut short: 7 bytes, 3 dimensions need 16/],
  ['elements cut short', images.subarray(0, -1), /claims 30 bytes of elements, must be 29/],
  ['bytes behind the elements', Buffer.concat([images, Buffer.of(0)]), /claims 30 bytes of elements, must be 31/],
  ['a claimed shape of 3 GB', idxFile([3_000_000, 10, 100], []), /claims 3000000000 bytes of elements, must be 0/],
  [
    'dimensions whose product overflows',
    idxFile([4e9, 4e9, 4e9, 4e9], []),
    /claims 2\.56e\+38 bytes of elements, must be <= /,
  ],
  [
    'rows that are too large',
    idxFile([1, 2_000, 1_000], new Uint8Array(2e6)),
    /2000000 elements, must have at most 1048576/,
  ],
  ['a dimension of 0', idxFile([2, 0, 3], []), /\[0, 3\].*must have whole dimensions >= 1/],
  [
    'an unknown element type',
    gzipSync(Buffer.from([0, 0, 0x0a, 1, 0, 0, 0, 1, 5])),
    /begins with 00000a0100000001, must begin as IDX/,
  ],
  ['integers of 32 bits as pixels', idxFile([1, 2], [1, 2], 'i32'), /i32, must be u8 or f32/],
  ['NaN in a tensor', idxFile([1, 2], [1, Number.NaN], 'f32'), /element 1 of row 0 is NaN, must be finite/],
  ['a gzip stream cut short', gzipSync(images).subarray(0, -12), /gzip stream is damaged or cut short/],
  [
    'a gzip bomb',
    gzipSync(Buffer.concat([idxFile([1, 1], [7]), Buffer.alloc(50_000_000)])),
    /claims 1 bytes of elements, the file has more/,
  ],
  ['gzip of something else', gzipSync('a,b\n1,2\n'), /must begin as IDX .* or NPY/],
  [
    'bytes behind a gzip stream',
    Buffer.concat([gzipSync(images), Buffer.from('junk')]),
    /claims 30 bytes of elements, the file has more|damaged/,
  ],
  ['Python objects', npyFile(npyHeader('|O', [1]), new Uint8Array(8)), /Python objects are never read/],
  [
    'Fortran order',
    npyFile(npyHeader('<f4', [1, 2], 'True'), new Uint8Array(8)),
    /'fortran_order' is True, must be False/,
  ],
  [
    'no dimensions',
    npyFile(npyHeader('<f4', []).replace('()', '()'), new Uint8Array(4)),
    /0 dimensions, must have at least 1/,
  ],
  [
    'an NPY header that claims 4 GB',
    Buffer.from('934e554d5059020000ffffffff', 'hex').fill(0xff, 8),
    /claims 4294967295 bytes, must be <= 65536/,
  ],
  [
    'a structured NPY',
    npyFile("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", new Uint8Array(4)),
    /'descr' once/,
  ],
];

for (const [title, file, message] of wrong) {
  test(`an upload of ${title} is refused and nothing is kept`, async (t) => {
    const service = await startData(t);
    const error = await fails(t, 'UNPARSABLE_FILE', upload(service, file));
    t.is(error.violations[0]?.field, 'chunk');
    t.regex(error.message, message);
    t.deepEqual((await service.datasets.listDatasets({}, soon)).datasets, []);
  });
}

test('an array without rows is an empty table', async (t) => {
  const service = await startData(t);
  await fails(t, 'EMPTY_TABLE', upload(service, idxFile([0, 2, 3], [])));
});

test('a split is by single values, not by tensors', async (t) => {
  const service = await startData(t);
  const { name } = await uploadParts(service, { image: images, label: labels });
  const split = { testFraction: 0.4, stratifyColumn: 'image', seed: 1 };
  const error = await fails(t, 'INVALID_FIELD', service.datasets.splitDatasetVersion({ name, split }, soon));
  t.is(error.violations[0]?.field, 'split.stratify_column');
});

test('a recipe over tensors is previewed as tensors, and its other steps refuse them by name', async (t) => {
  const service = await startData(t);
  const { name } = await uploadParts(service, { image: images, label: labels });
  const steps = [{ columns: ['image'], minMax: {} }];
  const preview = await service.recipes.previewRecipe({ datasetVersion: name, steps, target: 'label' }, soon);
  t.deepEqual(preview.features, ['image']);
  const [min, max] = [Math.min(...pixels), Math.max(...pixels)];
  const { shape, data } = preview.rows[0]?.values.image?.tensorValue ?? { shape: [], data: Buffer.alloc(0) };
  t.deepEqual(shape, [2, 3]);
  t.deepEqual(
    Array.from({ length: 6 }, (_, index) => data.readFloatLE(index * 4)),
    [...pixels.subarray(0, 6)].map((pixel) => Math.fround((pixel - min) / (max - min))),
  );
  for (const step of [{ fillMissing: {} }, { oneHot: {} }, { ordinal: {} }]) {
    const wrongStep = { datasetVersion: name, steps: [{ columns: ['image'], ...step }], target: 'label' };
    const error = await fails(t, 'INVALID_FIELD', service.recipes.previewRecipe(wrongStep, soon));
    t.is(error.violations[0]?.field, 'steps[0].columns[0]');
    t.regex(error.message, /is tensor here/);
  }
});
