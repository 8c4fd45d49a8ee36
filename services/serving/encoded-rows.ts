import type { EncodedRows } from '../../native/recipe/row-reader.js';

/** A PredictRequest of which only the deployment was read. */
export interface EncodedPredict {
  deployment: string;
  rows: EncodedRows;
}

// Fields of PredictRequest, each with its wire type, in one byte.
const deploymentTag = 0x0a;
const recordsTag = 0x12;
const rowsTag = 0x1a;

/**
 * Finds the rows in the bytes of a PredictRequest as serializers write it: the deployment, then records or rows, one or
 * more and nothing else. Null for any other bytes. What is in the rows is not looked at.
 */
export function findRows(bytes: Buffer): EncodedPredict | null {
  const nameLength = bytes[1] ?? 0;
  if (bytes[0] !== deploymentTag || nameLength > 0x7f) return null;
  const from = 2 + nameLength;
  const tag = bytes[from];
  if (tag !== recordsTag && tag !== rowsTag) return null;
  let rowCount = 0;
  for (let at = from; at < bytes.length; rowCount++) {
    if (bytes[at++] !== tag) return null;
    let length = 0;
    let factor = 1;
    let byte: number | undefined;
    do {
      byte = bytes[at++];
      if (byte === undefined || factor > 2 ** 28) return null;
      length += (byte & 0x7f) * factor;
      factor *= 128;
    } while (byte > 0x7f);
    at += length;
    if (at > bytes.length) return null;
  }
  // Names are ASCII: other bytes make a text that no deployment has.
  const deployment = bytes.toString('latin1', 2, from);
  return { deployment, rows: { form: tag === rowsTag ? 'rows' : 'records', tag, bytes, from, rowCount } };
}
