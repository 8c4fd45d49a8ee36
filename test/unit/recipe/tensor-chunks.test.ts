import test from 'ava';
import { type ColumnChunkLike, tableFromChunks } from '../../../native/table/from-chunks.js';
import { cellAt, takeRows } from '../../../native/table/table.js';
import { TableError } from '../../../native/table/table-error.js';

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

function chunk(changes: Partial<ColumnChunkLike> = {}, rowCount = 2) {
  const column: ColumnChunkLike = {
    name: 'x',
    type: 'COLUMN_TYPE_TENSOR',
    data: floats(1, 2, 3, 4),
    validity: new Uint8Array(0),
    dictionary: [],
    tensor: { dtype: 'DATA_TYPE_FP32', shape: [2, 1] },
    ...changes,
  };
  return { rowCount, columns: [column] };
}

test('chunks of tensors join, a null holding zeros, and rows are taken whole', (t) => {
  const table = tableFromChunks([chunk(), chunk({ validity: Uint8Array.of(0b10) })]);
  const [column] = table.columns;
  if (column?.type !== 'tensor') return t.fail();
  t.deepEqual([...column.values], [1, 2, 3, 4, 0, 0, 3, 4]);
  t.is(cellAt(column, 2), null);
  t.deepEqual(cellAt(column, 3), Float32Array.of(3, 4));
  const [taken] = takeRows(table, Uint32Array.of(3, 2, 0)).columns;
  t.deepEqual(
    [0, 1, 2].map((row) => taken && cellAt(taken, row)),
    [Float32Array.of(3, 4), null, Float32Array.of(1, 2)],
  );
});

const wrong: [string, ReturnType<typeof chunk>[], string][] = [
  ['no tensor type', [chunk({ tensor: null })], 'chunks[0].columns[0].tensor.dtype'],
  [
    'another element type',
    [chunk({ tensor: { dtype: 'DATA_TYPE_FP64', shape: [2] } })],
    'chunks[0].columns[0].tensor.dtype',
  ],
  [
    'a shape of 3 GB',
    [chunk({ tensor: { dtype: 'DATA_TYPE_UINT8', shape: [3e9] } })],
    'chunks[0].columns[0].tensor.shape',
  ],
  [
    'a shape that is negative',
    [chunk({ tensor: { dtype: 'DATA_TYPE_UINT8', shape: [-2, -2] } })],
    'chunks[0].columns[0].tensor.shape',
  ],
  [
    'another shape later',
    [chunk(), chunk({ tensor: { dtype: 'DATA_TYPE_FP32', shape: [1, 2] } })],
    'chunks[1].columns[0].tensor',
  ],
  ['data of another length', [chunk({ data: floats(1, 2, 3) })], 'chunks[0].columns[0].data'],
  ['NaN', [chunk({ data: floats(1, Number.NaN, 3, 4) })], 'columns["x"].data'],
];

for (const [what, chunks, field] of wrong) {
  test(`chunks of tensors with ${what} are no table`, (t) => {
    const error = t.throws(() => tableFromChunks(chunks), { instanceOf: TableError });
    t.is(error?.field, field);
  });
}
