import { isUtf8 } from 'node:buffer';
import type { CsvIssue, RowFault } from '../../../native/table/read-csv.js';

/** What a reading byte by byte finds. */
export interface Reference {
  names: string[];
  /** The fields of each good row, unescaped. */
  rows: string[][];
  issues: CsvIssue[];
  unclosedQuoteLine: number | null;
}

/** Reads CSV by RFC 4180 byte by byte, as plainly as it can be written; texts are the bytes as Latin-1. */
export function readPlainly(bytes: Buffer, maxRowBytes: number): Reference {
  const found: Reference = { names: [], rows: [], issues: [], unclosedQuoteLine: null };
  const text = bytes.toString('latin1');
  let headerRead = false;
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const start = at;
    const rowLine = line;
    const fields: string[] = [];
    let field = '';
    let fault: RowFault['kind'] | null = null;
    let faultField = 0;
    let contentEnd: number | null = null;
    const blame = (kind: RowFault['kind']) => {
      if (fault === null) faultField = fields.length;
      fault ??= kind;
    };
    let state: 'start' | 'plain' | 'quoted' | 'closed' | 'returned' = 'start';
    let quoteLine = line;
    while (at < text.length && contentEnd === null) {
      const c = text[at++] ?? '';
      if (c === '\n') line++;
      if (state === 'quoted') {
        if (c === '"') state = 'closed';
        else field += c;
      } else if (c === '\n') contentEnd = state === 'returned' ? at - 2 : at - 1;
      else if (state === 'returned') {
        blame('loneReturn');
        state = 'plain';
      } else if (c === '\r') state = 'returned';
      else if (c === ',') {
        fields.push(field);
        field = '';
        state = 'start';
      } else if (c === '"') {
        if (state === 'closed') {
          field += c;
          state = 'quoted';
        } else if (state === 'start') {
          state = 'quoted';
          quoteLine = line;
        } else blame('strayQuote');
      } else {
        if (state === 'closed') blame('afterQuote');
        field += c;
        state = 'plain';
      }
    }
    if (contentEnd === null && state === 'quoted') {
      found.unclosedQuoteLine = quoteLine;
      return found;
    }
    contentEnd ??= state === 'returned' ? text.length - 1 : text.length;
    fields.push(field);
    if (contentEnd === start) continue;
    const content = bytes.subarray(start, contentEnd);
    if (fault === null) {
      const kind = faultOfBytes(content);
      if (kind !== null) fault = kind;
    }
    if (!headerRead) {
      headerRead = true;
      if (fault === null) found.names = fields;
      else found.issues.push(issueOf(rowLine, faultField, fault));
      if (fault !== null) return found;
      continue;
    }
    if (fault !== null) found.issues.push(issueOf(rowLine, faultField, fault));
    else if (fields.length !== found.names.length) {
      found.issues.push({
        line: rowLine,
        field: Math.min(fields.length, found.names.length),
        fault: { kind: 'fieldCount', found: fields.length, bound: found.names.length },
      });
    } else if (content.length > maxRowBytes) {
      const rowBytes = { kind: 'rowBytes', found: content.length, bound: maxRowBytes } as const;
      found.issues.push({ line: rowLine, field: 0, fault: rowBytes });
    } else found.rows.push(fields);
  }
  return found;
}

function issueOf(line: number, field: number, kind: RowFault['kind']): CsvIssue {
  return { line, field, fault: { kind } as RowFault };
}

/** The first line of the bytes that is wrong tells why. */
function faultOfBytes(content: Buffer): 'nul' | 'utf8' | null {
  for (const part of content.toString('latin1').split('\n')) {
    if (part.includes('\0')) return 'nul';
    if (!isUtf8(Buffer.from(part, 'latin1'))) return 'utf8';
  }
  return null;
}
