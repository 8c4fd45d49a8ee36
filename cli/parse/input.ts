import { open, readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { UsageError } from '../usage-error.js';

/** How much of a file one message of an upload holds. */
export const chunkBytes = 1 << 20;

const causes: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
};

/** A file of the command line that cannot be read. */
export function unreadable(file: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new UsageError(`${file} cannot be read: ${causes[code ?? ''] ?? message}`);
}

/** A whole file as text; `-` is stdin. */
export async function readText(file: string): Promise<string> {
  try {
    const bytes = file === '-' ? await buffer(process.stdin) : await readFile(file);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${file === '-' ? 'stdin' : file} is not UTF-8 text`);
    throw unreadable(file, error);
  }
}

/** The messages of an upload that hold a file's bytes. */
export async function* chunksOf(file: string) {
  try {
    const handle = await open(file);
    try {
      for await (const chunk of handle.createReadStream({ highWaterMark: chunkBytes, autoClose: false })) {
        yield { chunk: chunk as Buffer };
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(file, error);
  }
}
