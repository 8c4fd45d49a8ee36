import test from 'ava';
import { type ColumnChunkLike, tableFromChunks } from '../../../native/table/from-chunks.js';
import { TableError } from '../../../native/table/table-error.js';

/** A chunk of one column, absent where `values` hold null; what lies there is `filler`. */
function chunk(values: readonly (number | null)[], { filler = 0, validity = true } = {}) {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (const [row, value] of values.entries())
    if (value !== null) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  const column: ColumnChunkLike = {
    name: 'x',
    type: 'COLUMN_TYPE_DOUBLE',
    data: new Uint8Array(Float64Array.from(values, (value) => value ?? filler).buffer),
    validity: validity ? bits : new Uint8Array(0),
    dictionary: [],
  };
  return { rowCount: values.length, columns: [column] };
}

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, row) => from + row);

test('doubles of chunks of any length join; absent ones hold zero, whatever lay there', (t) => {
  const parts = [1, 7, 8, 9, 0, 64, 13].map((count, at) => numbers(count, at * 100));
  const holed = parts.map((part, at) => part.map((value, row) => (at > 1 && row % 3 === 1 ? null : value)));
  const all = tableFromChunks(parts.map((part) => chunk(part, { validity: false }))).columns[0];
  t.deepEqual(all?.type === 'double' ? [...all.values] : [], parts.flat());
  t.is(all?.validity, null);
  const whole = tableFromChunks(parts.map((part) => chunk(part))).columns[0];
  t.is(whole?.validity, null, 'all bits are set');
  const some = tableFromChunks(holed.map((part) => chunk(part, { filler: Number.NaN }))).columns[0];
  t.deepEqual(
    some?.type === 'double' ? [...some.values] : [],
    holed.flat().map((value) => value ?? 0),
  );
  t.deepEqual(
    [...(some?.validity ?? [])],
    holed.flat().map((value) => (value === null ? 0 : 1)),
  );
});

test('the largest doubles are finite, and the first that is not is named', (t) => {
  const largest = [Number.MAX_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324, -0, 1];
  const { columns } = tableFromChunks([chunk(largest)]);
  t.deepEqual(columns[0]?.type === 'double' ? [...columns[0].values] : [], largest);
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    for (const at of [0, 1, 6, 8]) {
      const values: (number | null)[] = numbers(9);
      values[5] = null;
      values[at] = wrong;
      const error = t.throws(() => tableFromChunks([chunk(numbers(3)), chunk(values)]), { instanceOf: TableError });
      t.is(error?.reason, 'NOT_FINITE');
      t.regex(error?.message ?? '', new RegExp(`row ${3 + at} `));
    }
  }
});

test('a validity of another length is no table', (t) => {
  const { rowCount, columns } = chunk(numbers(9));
  for (const validity of [new Uint8Array(1), new Uint8Array(3)]) {
    const error = t.throws(
      () => tableFromChunks([{ rowCount, columns: [{ ...(columns[0] as ColumnChunkLike), validity }] }]),
      {
        instanceOf: TableError,
      },
    );
    t.is(error?.field, 'chunks[0].columns[0].validity');
  }
});
