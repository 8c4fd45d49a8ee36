import type { DuckDBVector } from '@duckdb/node-api';
import { textNumbers } from './text-numbers.js';
import { isPresent, maxShortBytes, type TextBytes, textBytes, validityOf } from './vector-memory.js';

/** Texts that all columns of a reader remember from one chunk to the next, and their bytes. */
const maxTexts = 262_144;
const maxTextBytes = 8 * 1024 * 1024;

/** The codes of a text column, chunk by chunk: from 0 in order of appearance. */
export interface TextCodes {
  /** The vector that `codeAt` is about until the next. */
  look(vector: DuckDBVector, rowCount: number): void;
  /** The code of the text at a row; `missing` for null. */
  codeAt(row: number): number;
  /** How many bytes the chunk's dictionary takes, 4 per text for its length. */
  dictionaryBytes(): number;
  /** The chunk's dictionary; starts the next. */
  take(): string[];
}

/** What `codeAt` gives for null. */
export const missing = -1;

/** Codes of one of `columnCount` text columns that are read side by side. */
export function textCodes(columnCount: number): TextCodes {
  let texts = textNumbers();
  /** The code in the current chunk, by number; `missing` if it has none yet. */
  let codes: number[] = [];
  let dictionary: number[] = [];
  let dictionarySize = 0;
  let bytes: TextBytes | null = null;
  let valid: Uint8Array | null = null;

  function numberAt(row: number): number {
    if (bytes === null) throw new RangeError('there is no vector to take texts of');
    const { values, words } = bytes;
    const at = 4 * row;
    const length = words[at] as number;
    if (length <= maxShortBytes) {
      // The rest of the 12 bytes are zeros.
      const mixed = mix(mix(mix(length, words[at + 1] as number), words[at + 2] as number), words[at + 3] as number);
      return texts.numberOf(mixed ^ (mixed >>> 15), values, 16 * row + 4, length);
    }
    const start = bytes.find(row);
    const from = bytes.copied();
    let mixed = length;
    for (let index = start; index < start + length; index++)
      mixed = Math.imul(mixed ^ (from[index] as number), 16_777_619);
    return texts.numberOf(mixed ^ (mixed >>> 15), from, start, length);
  }

  return {
    look(vector, rowCount) {
      bytes = textBytes(vector, rowCount);
      valid = validityOf(vector);
    },
    codeAt(row) {
      if (!isPresent(valid, row)) return missing;
      const number = numberAt(row);
      let code = codes[number] ?? missing;
      if (code === missing) {
        code = dictionary.length;
        codes[number] = code;
        dictionary.push(number);
        dictionarySize += texts.lengthOf(number) + 4;
      }
      return code;
    },
    dictionaryBytes: () => dictionarySize,
    take() {
      const taken = dictionary.map((number) => texts.textOf(number));
      for (const number of dictionary) codes[number] = missing;
      dictionary = [];
      dictionarySize = 0;
      if (texts.count() > maxTexts / columnCount || texts.byteCount() > maxTextBytes / columnCount) {
        texts = textNumbers();
        codes = [];
      }
      return taken;
    },
  };
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e37_79b1);
  return mixed ^ (mixed >>> 16);
}
