import { open } from 'node:fs/promises';

/** The formats a table may arrive in. */
export type TableFormat = 'CSV' | 'PARQUET' | 'JSON';

const headBytes = 65_536;

/** The first bytes of a file, and the file's format by them: Parquet's magic, a bracket, else CSV. */
export async function recogniseFormat(path: string): Promise<{ format: TableFormat; head: Buffer }> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(headBytes);
    const { bytesRead } = await file.read(buffer, 0, headBytes, 0);
    const head = buffer.subarray(0, bytesRead);
    if (head.subarray(0, 4).toString('latin1') === 'PAR1') return { format: 'PARQUET', head };
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
