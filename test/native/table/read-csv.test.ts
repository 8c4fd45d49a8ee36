import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type CsvOptions, csvToParquet, readCsv } from '../../../native/table/read-csv.js';
import { cellAt, type Table } from '../../../native/table/table.js';
import { setThreads, threadCount } from '../../../native/threads.js';

const folder = await mkdtemp(join(tmpdir(), 'tenon-csv-'));
test.after.always(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function fileOf(text: string | Buffer): Promise<string> {
  const path = join(folder, `${files++}.csv`);
  await writeFile(path, text);
  return path;
}

const options: CsvOptions = {
  delimiter: ',',
  nullTexts: [],
  maxRowBytes: 2 ** 21,
  maxColumns: 100,
  maxIssues: 10,
  stopEarly: false,
};

async function read(text: string | Buffer, changed: Partial<CsvOptions> = {}) {
  return readCsv(await fileOf(text), { ...options, ...changed });
}

function rowsOf({ rowCount, columns }: Table) {
  return Array.from({ length: rowCount }, (_, row) => columns.map((column) => cellAt(column, row)));
}

test('bad rows are named by line, column and what was found', async (t) => {
  const { contents, table } = await read('a,b\n1,2\n3\n"x\ny",4\n5,6,7\n\n8,é\n9,q"r\n"a"b,1\n1,"z"');
  t.deepEqual(contents.issues, [
    { line: 3, field: 1, fault: { kind: 'fieldCount', found: 1, bound: 2 } },
    { line: 6, field: 2, fault: { kind: 'fieldCount', found: 3, bound: 2 } },
    { line: 9, field: 1, fault: { kind: 'strayQuote' } },
    { line: 10, field: 0, fault: { kind: 'afterQuote' } },
  ]);
  t.is(contents.badRowCount, 4);
  t.deepEqual(rowsOf(table), [
    ['1', '2'],
    ['x\ny', '4'],
    ['8', 'é'],
    ['1', 'z'],
  ]);
});

test('invalid UTF-8 and NUL bytes spoil only their rows', async (t) => {
  const bytes = Buffer.concat([
    Buffer.from('a,b\r\n1,'),
    Buffer.from([0xff]),
    Buffer.from('\r\n2,\0\r\n3,4\r\n"\n\0",'),
    Buffer.from([0xed, 0xa0, 0x80]),
    Buffer.from('\r\n5,'),
    Buffer.from([0xc3]),
  ]);
  const { contents, table } = await read(bytes);
  t.deepEqual(
    contents.issues.map(({ line, fault }) => [line, fault.kind]),
    [
      [2, 'utf8'],
      [3, 'nul'],
      [5, 'nul'],
      [7, 'utf8'],
    ],
  );
  t.deepEqual(rowsOf(table), [[3, 4]]);
});

test('a quote that never closes is reported where it opens', async (t) => {
  const { contents } = await read('a,b\n1,2\n3,"open\n4,5\n');
  t.is(contents.unclosedQuoteLine, 3);
  t.is((await read('a,"b\n1,2\n')).contents.unclosedQuoteLine, 1);
});

test('an empty file has no columns and a header alone has no rows', async (t) => {
  const { contents: nothing } = await read('');
  t.deepEqual([nothing.names, nothing.headerLine], [[], 0]);
  t.is((await read('\n\r\n')).contents.headerLine, 0);
  const { contents: alone } = await read('\n\na,"b ""c""\nd"');
  t.deepEqual([alone.names, alone.headerLine, alone.rowCount], [['a', 'b "c"\nd'], 3, 0]);
});

test('a header with a fault, of too many columns or without an end gives no columns', async (t) => {
  const { contents: wrong } = await read('a,b"c\n1,2\n');
  t.deepEqual([wrong.names, wrong.issues], [[], [{ line: 1, field: 1, fault: { kind: 'strayQuote' } }]]);
  const { contents: many } = await read('a,b,c\n1,2,3\n', { maxColumns: 2 });
  t.deepEqual([many.names, many.columnCount], [[], 3]);
  const { contents: endless } = await read(`${'a,'.repeat(200)}a\n1\n`, { maxRowBytes: 100, maxColumns: 1000 });
  t.true(endless.endlessHeader);
  t.true((await read('a'.repeat(2 ** 24 + 1))).contents.endlessHeader);
});

test('lines end in LF or CRLF, also within one file; a carriage return elsewhere is a fault', async (t) => {
  const { contents, table } = await read('a,b\r\n1,x\n2,"y\r\nz"\r\n\r\n3,w\rv\r\n4,u\r');
  t.deepEqual(rowsOf(table), [
    [1, 'x'],
    [2, 'y\r\nz'],
    [4, 'u'],
  ]);
  t.deepEqual(contents.issues, [{ line: 6, field: 1, fault: { kind: 'loneReturn' } }]);
});

test('types are recognised by every value, texts for null and the empty one aside', async (t) => {
  const text = [
    'flag,count,size,seen,word,nothing,code',
    'true,1,1,2020-02-29,x,,001',
    ',-9223372036854775808,2.5e3,2020-02-29T12:30:00.25+01:00,"say ""hi""",NA,002',
    'FALSE,NA,,NA,"",,NA',
  ].join('\n');
  const { contents, table } = await read(text, { nullTexts: ['NA'] });
  t.deepEqual(contents.types, ['boolean', 'integer', 'double', 'timestamp', 'string', 'string', 'string']);
  const [day, seen] = [Date.UTC(2020, 1, 29), Date.UTC(2020, 1, 29, 11, 30, 0, 250)];
  t.deepEqual(rowsOf(table), [
    [true, 1, 1, BigInt(day) * 1000n, 'x', null, '001'],
    [null, -9223372036854775808n, 2500, BigInt(seen) * 1000n, 'say "hi"', null, '002'],
    [false, null, null, null, null, null, null],
  ]);
});

test('a type that was asked for takes leading zeros, and makes rows bad whose values are not of it', async (t) => {
  const text = 'a,b\n007,1\nx,2\n 8 ,y\n9,3\n';
  const asked = { types: new Map([['a', 'integer'] as const]) };
  const { contents, table } = await read(text, asked);
  t.deepEqual(contents.issues, [{ line: 3, field: 0, fault: { kind: 'type', value: 'x' } }]);
  t.deepEqual(rowsOf(table), [
    [7, '1'],
    [8, 'y'],
    [9, '3'],
  ]);
  const long = 'é'.repeat(101);
  const { contents: shown } = await read(`a\n${long}\n`, asked);
  t.deepEqual(shown.issues[0]?.fault, { kind: 'type', value: 'é'.repeat(100) });
});

test('guesses that later rows refute are made again over all rows', async (t) => {
  const many = 20_000;
  const rows = Array.from({ length: many }, (_, row) => {
    const late = row === many - 1;
    return `${late ? '0.5' : row},${late ? 'word' : row},${late ? '7' : ''},${late ? '1' : 'true'},${row % 2 ? 'true' : ''}`;
  });
  const { contents, table } = await read(`a,b,c,d,e\n${rows.join('\n')}\n`);
  t.deepEqual(contents.types, ['double', 'string', 'integer', 'string', 'boolean']);
  t.deepEqual(rowsOf(table)[0], [0, '0', null, 'true', null]);
  t.deepEqual(rowsOf(table)[many - 1], [0.5, 'word', 7, '1', true]);
});

/** Rows whose quoted fields hold delimiters, quotes and line ends, over several windows of 8 MiB. */
function manyRows(count: number): { text: string; texts: string[] } {
  const texts = Array.from({ length: count }, (_, row) => {
    const filler = 'abc\n","\r\n'.repeat((row * 7919) % 13);
    return row % 3 === 0
      ? `${filler}"${row}"`
      : row % 97 === 0
        ? `${'z'.repeat((row * 31) % 40_000)}é${row}`
        : `${row}`;
  });
  const lines = texts.map((text, row) => `${row},"${text.replaceAll('"', '""')}"${row % 2 === 0 ? '\n' : '\r\n'}`);
  return { text: `number,text\n${lines.join('')}`, texts };
}

test('rows that lie across blocks and windows come back as they were, at any thread count', async (t) => {
  const count = 200_000;
  const { text, texts } = manyRows(count);
  t.true(text.length > 2 * 2 ** 24);
  const path = await fileOf(text);
  const before = threadCount();
  let bytes: Buffer | null = null;
  try {
    for (const threads of [1, 2, 3, 5]) {
      setThreads(threads);
      const { contents, table } = await readCsv(path, options);
      t.deepEqual([contents.rowCount, contents.badRowCount], [count, 0]);
      const [numbers, words] = table.columns;
      if (numbers?.type !== 'integer' || words?.type !== 'string') return t.fail('types');
      t.is(
        texts.findIndex((word, row) => words.dictionary[words.codes[row] ?? -1] !== word),
        -1,
      );
      t.true(numbers.values.every((value, row) => value === BigInt(row)));
      const output = join(folder, `threads-${threads}`);
      t.deepEqual(await csvToParquet(path, { output, groupRows: 65_536 }, options), { contents, wholeGroups: true });
      const written = await readFile(output);
      t.true(bytes === null || bytes.equals(written));
      bytes = written;
    }
  } finally {
    setThreads(before);
  }
});

test('bad rows far into a file have the right lines', async (t) => {
  const { text } = manyRows(100_000);
  const lines = text.split('\n').length - 1;
  const { contents, table } = await read(`${text}1,2,3\n100000,x\n`);
  t.deepEqual(contents.issues, [{ line: lines + 1, field: 2, fault: { kind: 'fieldCount', found: 3, bound: 2 } }]);
  t.is(table.rowCount, 100_001);
  t.is((await read(`${text}1,"open\n`)).contents.unclosedQuoteLine, lines + 1);
});

for (const [name, bytes] of [
  ['a row above its bound', 3 * 2 ** 20],
  ['a row that no window holds', 40 * 2 ** 20],
] as const) {
  test(`${name} is bad, and what follows is read`, async (t) => {
    const long = `"${'x\n'.repeat(bytes / 2)}"`;
    const { contents, table } = await read(`a,b\n1,2\n3,${long}\n${long}\n4,5\n`);
    t.deepEqual(contents.issues, [
      { line: 3, field: 0, fault: { kind: 'rowBytes', found: bytes + 4, bound: 2 ** 21 } },
      { line: 4 + bytes / 2, field: 1, fault: { kind: 'fieldCount', found: 1, bound: 2 } },
    ]);
    t.deepEqual(rowsOf(table), [
      [1, 2],
      [4, 5],
    ]);
    t.is((await read(`a,b\n1,2\n3,"${'x\n'.repeat(bytes / 2)}`)).contents.unclosedQuoteLine, 3);
    const { contents: last } = await read(`a,b\n1,2\n3,${long}`);
    t.deepEqual([last.rowCount, last.badRowCount, last.issues.length], [1, 1, 1]);
  });
}

test('reading stops early after as many bad rows as were asked for', async (t) => {
  const rows = Array.from({ length: 400_000 }, (_, row) => (row % 2 === 0 ? '1,2' : '1')).join('\n');
  const { contents } = await read(`a,b\n${rows}\n`, { maxIssues: 3, stopEarly: true });
  t.deepEqual(
    contents.issues.map(({ line }) => line),
    [3, 5, 7],
  );
});

test('a file that is not there, and an output that is, are refused; an abort ends the reading', async (t) => {
  const path = await fileOf('a\n1\n');
  await t.throwsAsync(readCsv(join(folder, 'absent'), options), { message: /cannot be read: No such file/ });
  await t.throwsAsync(csvToParquet(path, { output: path, groupRows: 65_536 }, options), {
    message: /cannot be made: File exists/,
  });
  t.is(await readFile(path, 'utf8'), 'a\n1\n');
  const controller = new AbortController();
  const large = await fileOf(`a\n${'1\n'.repeat(2 ** 25)}`);
  const reading = readCsv(large, options, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await t.throwsAsync(reading, { message: 'enough' });
});
