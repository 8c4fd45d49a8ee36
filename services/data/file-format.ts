import { open } from 'node:fs/promises';
import { arrayFormatOf } from './arrays/array-header.js';

/** The formats a table or an array may arrive in. */
export type TableFormat = 'CSV' | 'PARQUET' | 'JSON' | ArrayFormat;

/** The formats of arrays. */
export type ArrayFormat = 'IDX' | 'NPY';

const headBytes = 65_536;

/**
 * The first bytes of a file, and the file's format by them: the magic of Parquet, IDX or NPY, a bracket, else CSV. What is
 * compressed with gzip can only be an array, whose format is then recognised inside.
 */
export async function recogniseFormat(path: string): Promise<{ format: TableFormat | 'GZIP'; head: Buffer }> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(headBytes);
    const { bytesRead } = await file.read(buffer, 0, headBytes, 0);
    const head = buffer.subarray(0, bytesRead);
    if (head.subarray(0, 4).toString('latin1') === 'PAR1') return { format: 'PARQUET', head };
    if (head[0] === 0x1f && head[1] === 0x8b) return { format: 'GZIP', head };
    const array = arrayFormatOf(head);
    if (array !== null) return { format: array, head };
    const first = head
      .toString('latin1')
      .replace(/^\xef\xbb\xbf/, '')
      .trimStart()[0];
    return { format: first === '[' || first === '{' ? 'JSON' : 'CSV', head };
  } finally {
    await file.close();
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** The length of a UTF-8 byte order mark at the start, 0 or 3. */
export function byteOrderMarkLength(head: Buffer): 0 | 3 {
  return head.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
}

/** The delimiter that the header line holds most often outside quotes; the comma when none. */
export function recogniseDelimiter(head: Buffer): string {
  const counts = new Map([',', ';', '\t', '|'].map((delimiter) => [delimiter, 0]));
  let quoted = false;
  for (const c of head.subarray(byteOrderMarkLength(head)).toString('latin1').trimStart()) {
    if (c === '"') quoted = !quoted;
    else if (c === '\n' && !quoted) break;
    else if (!quoted) {
      const count = counts.get(c);
      if (count !== undefined) counts.set(c, count + 1);
    }
  }
  const [best] = [...counts].sort(([, left], [, right]) => right - left);
  return best === undefined || best[1] === 0 ? ',' : best[0];
}
