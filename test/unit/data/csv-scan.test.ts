import test from 'ava';
import { scanCsv } from '../../../services/data/csv-scan.js';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function scan(text: string | Buffer, size = 1 << 20) {
  const bytes = Buffer.from(text as string);
  return scanCsv(pieces(bytes, size), { delimiter: 0x2c, maxIssues: 10, stopEarly: false });
}

for (const size of [1, 3, 1000]) {
  test(`bad rows are named by line whatever the chunks are (${size} bytes)`, async (t) => {
    const found = await scan('a,b\n1,2\n3\n"x\ny",4\n5,6,7\n\n8,é\n9,q"r\n"a"b,1\n1,"z"', size);
    t.is(found.rowCount, 4);
    t.deepEqual(found.issues, [
      { line: 3, column: 'b', message: 'found 1 fields, expected 2' },
      { line: 6, column: '3', message: 'found 3 fields, expected 2' },
      { line: 9, column: 'b', message: 'a quote inside a field that does not start with one' },
      { line: 10, column: 'a', message: 'text after the closing quote' },
    ]);
  });
}

test('invalid UTF-8 and NUL bytes spoil only their rows', async (t) => {
  const bytes = Buffer.concat([
    Buffer.from('a,b\r\n1,'),
    Buffer.from([0xff]),
    Buffer.from('\r\n2,\0\r\n3,4\r\n5,'),
    Buffer.from([0xc3]),
  ]);
  const found = await scan(bytes, 2);
  t.is(found.rowCount, 1);
  t.deepEqual(
    found.issues.map(({ line }) => line),
    [2, 3, 5],
  );
});

test('a quote that never closes is reported where it opens', async (t) => {
  t.is((await scan('a,b\n1,2\n3,"open\n4,5\n')).unclosedQuoteLine, 3);
});

test('an empty file has no columns and a header alone has no rows', async (t) => {
  t.deepEqual((await scan('')).columns, []);
  const header = await scan('a,"b ""c""\nd"');
  t.deepEqual(header.columns, ['a', 'b "c"\nd']);
  t.is(header.rowCount, 0);
});
