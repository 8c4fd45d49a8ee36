import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { openEngine } from '../../../services/data/engine.js';
import { ingest } from '../../../services/data/ingest.js';
import { storedTable } from '../../../services/data/read-chunks.js';
import { checkHeader } from '../../../services/data/validate.js';
import { TenonError } from '../../../services/mesh/errors.js';

const nullTexts = ['NA', 'NaN', 'null', 'NULL'];
const { signal } = new AbortController();

async function opened() {
  const directory = await mkdtemp(join(tmpdir(), 'tenon-ingest-'));
  const engine = await openEngine({ directory, memoryLimitBytes: 256 * 1024 * 1024, threads: 2 });
  let count = 0;
  return {
    async read(file: string | Buffer, skip: boolean) {
      // Never the same path twice: the engine remembers what a file held.
      const path = join(directory, `source-${count++}`);
      const output = `${path}.table`;
      await writeFile(path, file);
      const header = checkHeader({
        dataset: 'datasets/d',
        format: 'FILE_FORMAT_CSV',
        badRows: skip ? 'BAD_ROW_POLICY_SKIP' : 'BAD_ROW_POLICY_REJECT',
        nullTexts: [],
        delimiter: ',',
        columns: ['a', 'b'].map((name) => ({
          name,
          type: 'COLUMN_TYPE_STRING',
          nullable: false,
          categories: [],
          tensor: null,
        })),
        requestId: '',
        sha256: '',
        parts: [],
      });
      const { rowCount, badRowCount } = await ingest(engine, {
        path,
        output,
        header,
        maxColumns: 10,
        maxBytes: 1e9,
        signal,
      });
      const sql = `SELECT c0, c1 FROM ${storedTable(output, 2)}`;
      const rows = await engine.use(signal, async (connection) => (await connection.runAndReadAll(sql)).getRows());
      return { rows, rowCount, badRowCount };
    },
    async close() {
      await engine.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const cell = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }).map((text) => text.replaceAll('\0', '')),
  fc.constantFrom('', 'NA', '"', '""', ',', '\n', '\r\n', '\r', ' ', '1', '-', 'é\n"'),
);

test('any texts written as CSV by RFC 4180 come back as they were', async (t) => {
  const place = await opened();
  t.teardown(place.close);
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      async (table, lineEnd) => {
        const lines = ['a,b', ...table.map(([a, b]) => `${quoted(a)},${quoted(b)}`)];
        const { rows, badRowCount } = await place.read(`${lines.join(lineEnd)}${lineEnd}`, false);
        const asNull = (text: string) => (text === '' || nullTexts.includes(text) ? null : text);
        t.is(badRowCount, 0);
        t.deepEqual(
          rows,
          table.map((row) => row.map(asNull)),
        );
      },
    ),
    { numRuns: 150, seed: 11 },
  );
});

test('any bytes after a header are rows, bad rows or a refusal, never a fault', async (t) => {
  const place = await opened();
  t.teardown(place.close);
  const bytes = fc.array(fc.constantFrom(0x22, 0x2c, 0x0a, 0x0d, 0x61, 0x20, 0x00, 0xff, 0xc3, 0xa9, 0x5c, 0x23), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(bytes, fc.boolean(), async (tail, skip) => {
      try {
        const { rows, rowCount } = await place.read(Buffer.concat([Buffer.from('a,b\n'), Buffer.from(tail)]), skip);
        t.is(rows.length, rowCount);
      } catch (error) {
        if (!(error instanceof TenonError)) throw error;
        t.true(['UNPARSABLE_FILE', 'EMPTY_TABLE'].includes(error.reason), error.message);
      }
    }),
    { numRuns: 300, seed: 12 },
  );
});
