import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import { readCsv } from '../../../native/table/read-csv.js';
import { cellAt } from '../../../native/table/table.js';
import { readPlainly } from './csv-reference.js';

const folder = await mkdtemp(join(tmpdir(), 'tenon-csv-'));
test.after.always(() => rm(folder, { recursive: true, force: true }));
let files = 0;
const maxRowBytes = 40;

async function agree(t: { deepEqual: (a: unknown, b: unknown) => unknown }, bytes: Buffer) {
  const path = join(folder, `${files++ % 100}.csv`);
  await writeFile(path, bytes);
  const expected = readPlainly(bytes, maxRowBytes);
  const { contents, table } = await readCsv(path, {
    delimiter: ',',
    nullTexts: [],
    // As text each cell can be looked at.
    types: new Map(expected.names.map((name) => [Buffer.from(name, 'latin1').toString(), 'string'])),
    maxRowBytes,
    maxColumns: 100,
    maxIssues: 1_000_000,
    stopEarly: false,
  });
  t.deepEqual(contents.unclosedQuoteLine, expected.unclosedQuoteLine);
  if (expected.unclosedQuoteLine !== null) return;
  const asText = (text: string) => Buffer.from(text, 'latin1').toString();
  t.deepEqual([contents.names, contents.issues], [expected.names.map(asText), expected.issues]);
  const rows = Array.from({ length: table.rowCount }, (_, row) => table.columns.map((column) => cellAt(column, row)));
  const wanted = expected.rows.map((row) => row.map((field) => (field === '' ? null : asText(field))));
  // Of many rows only whether they are equal: a description of the difference would take minutes.
  if (rows.length < 1000) t.deepEqual(rows, wanted);
  else t.deepEqual(isDeepStrictEqual(rows, wanted), true);
}

const piece = fc.constantFrom(
  ...['"', '""', ',', '\n', '\r\n', '\r', '\0', 'a', 'bc', '1', ' ', 'é', '\u{1f600}', '"a,b"', '"\n"'].map((text) =>
    Buffer.from(text),
  ),
  Buffer.from([0xc3]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xff]),
);

test('any bytes are read as a reading byte by byte finds them', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 80 }), async (pieces) =>
      agree(t, Buffer.concat([Buffer.from('a,b\n'), ...pieces])),
    ),
    { numRuns: 500 },
  );
});

test('any header is, too', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => agree(t, Buffer.concat(pieces))),
    { numRuns: 500 },
  );
});

test('so are bytes around the end of a block', async (t) => {
  const row = Buffer.from('12345,"67,8"\r\n');
  const filler = Buffer.concat(Array.from({ length: Math.floor((2 ** 18 - 200) / row.length) }, () => row));
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { minLength: 100, maxLength: 200 }),
      fc.integer({ min: 0, max: 100 }),
      async (pieces, blanks) =>
        agree(t, Buffer.concat([Buffer.from(`a,b\n${'\n'.repeat(blanks)}`), filler, ...pieces, row])),
    ),
    { numRuns: 10 },
  );
});
