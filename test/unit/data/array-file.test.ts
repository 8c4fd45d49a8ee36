import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { openArray } from '../../../services/data/arrays/array-file.js';
import { arrayFormatOf } from '../../../services/data/arrays/array-header.js';
import { type ArrayDtype, ArrayFault, dtypeBytes } from '../../../services/data/arrays/array-type.js';
import { byteReader } from '../../../services/data/arrays/byte-reader.js';
import { type IdxDtype, idxFile, npyFile, npyHeader } from '../../harness/array-files.js';

let folder: string;
let count = 0;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenon-arrays-'));
});

test.after.always(() => rm(folder, { recursive: true, force: true }));

const unhurried = new AbortController().signal;

/** Header and elements of a file that stands between other bytes, read a few rows at a time. */
async function read(file: Buffer, { rows = 2, maxBytes = 1e6 } = {}) {
  const path = join(folder, `file-${count++}`);
  await writeFile(path, Buffer.concat([Buffer.from('before'), file, Buffer.from('behind')]));
  const array = await openArray({ path, start: 6, length: file.length }, { maxBytes, signal: unhurried });
  try {
    const parts: Buffer[] = [];
    for (let row = 0; row < array.rowCount; row += rows) {
      parts.push(await array.rows(Math.min(rows, array.rowCount - row)));
    }
    await array.end();
    return { header: array.header, elements: Buffer.concat(parts) };
  } finally {
    await array.close();
  }
}

const shape = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
const sizeOf = (sizes: readonly number[]) => sizes.reduce((product, size) => product * size, 1);

test('any IDX file is read back as it was written, plain or compressed', async (t) => {
  const dtypes: IdxDtype[] = ['u8', 'i8', 'i16', 'i32', 'f32', 'f64'];
  await fc.assert(
    fc.asyncProperty(
      shape,
      fc.constantFrom(...dtypes),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      async (sizes, dtype, rows, gzip) => {
        const file = idxFile(
          sizes,
          Array.from({ length: sizeOf(sizes) }, (_, index) => index % 100),
          dtype,
        );
        const { header, elements } = await read(gzip ? gzipSync(file) : file, { rows });
        t.like(header, { format: 'IDX', dtype, shape: sizes, bigEndian: true });
        t.deepEqual(elements, file.subarray(header.headerBytes));
      },
    ),
    { numRuns: 60 },
  );
});

test('any NPY file is read back as it was written, plain or compressed', async (t) => {
  const dtypes: [string, ArrayDtype][] = [
    ['b1', 'bool'],
    ['u1', 'u8'],
    ['u2', 'u16'],
    ['i4', 'i32'],
    ['u8', 'u64'],
    ['i8', 'i64'],
    ['f4', 'f32'],
    ['f8', 'f64'],
  ];
  await fc.assert(
    fc.asyncProperty(
      shape,
      fc.constantFrom(...dtypes),
      fc.constantFrom('<', '>', '|', '=', ''),
      fc.constantFrom(1 as const, 2 as const),
      fc.boolean(),
      async (sizes, [descr, dtype], order, version, gzip) => {
        const body = Buffer.alloc(sizeOf(sizes) * dtypeBytes[dtype], 'bytes that are read as they are');
        const file = npyFile(npyHeader(`${order}${descr}`, sizes), body, version);
        const { header, elements } = await read(gzip ? gzipSync(file) : file);
        t.like(header, { format: 'NPY', dtype, shape: sizes, bigEndian: order === '>' });
        t.deepEqual(elements, body);
      },
    ),
    { numRuns: 60 },
  );
});

test('a file cut short anywhere, or with a byte too many, is a fault and nothing else', async (t) => {
  const files = [
    idxFile([3, 2, 2], new Uint8Array(12).fill(3)),
    npyFile(npyHeader('<f4', [3, 2]), new Uint8Array(24)),
    gzipSync(idxFile([3, 2, 2], new Uint8Array(12).fill(3))),
  ];
  for (const file of files) {
    for (let length = 0; length < file.length; length++) {
      await t.throwsAsync(read(file.subarray(0, length)), { instanceOf: ArrayFault }, `${length} of ${file.length}`);
    }
    await t.throwsAsync(read(Buffer.concat([file, Buffer.of(0)])), { instanceOf: ArrayFault });
  }
});

test('any bytes behind a magic are an array or a fault', async (t) => {
  const magics = [Buffer.from([0, 0, 8, 3]), Buffer.from([0, 0, 13, 200]), Buffer.from('934e554d50590100', 'hex')];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...magics), fc.uint8Array({ maxLength: 200 }), async (magic, bytes) => {
      await read(Buffer.concat([magic, bytes])).catch((error: unknown) => {
        if (!(error instanceof ArrayFault)) throw error;
      });
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test('what a header claims is refused before it is read, also in a stream that could inflate to it', async (t) => {
  const file = gzipSync(idxFile([100, 100, 100], new Uint8Array(1_000_000)));
  t.is((await read(file, { rows: 50 })).elements.length, 1_000_000);
  await t.throwsAsync(read(file, { maxBytes: 999_999 }), {
    instanceOf: ArrayFault,
    message: /claims 1000000 bytes of elements, must be <= 999999/,
  });
});

test('formats are told apart by their first bytes', (t) => {
  t.is(arrayFormatOf(idxFile([1], [1])), 'IDX');
  t.is(arrayFormatOf(npyFile(npyHeader('|u1', [1]), Uint8Array.of(1))), 'NPY');
  for (const text of ['', 'a,b\n1,2\n', '[{"a": 1}]', 'PAR1', '\0\0', '\0\0\x01\x01', '\0\0\x08\0']) {
    t.is(arrayFormatOf(Buffer.from(text, 'latin1')), null, text);
  }
});

test('a reader gives as many bytes as are asked for, across chunks of any size', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 7 }), { maxLength: 8 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }),
      async (chunks, counts) => {
        async function* stream() {
          for (const chunk of chunks) yield Buffer.from(chunk);
        }
        const reader = byteReader(stream());
        const all = Buffer.concat(chunks);
        let at = 0;
        for (const wanted of counts) {
          t.deepEqual(await reader.read(wanted), all.subarray(at, at + wanted));
          at = Math.min(all.length, at + wanted);
        }
        await reader.close();
      },
    ),
  );
});
