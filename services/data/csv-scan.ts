import { isUtf8 } from 'node:buffer';
import { type RowIssue, unparsableFile } from './errors.js';
import { maxLeftOutRanges, maxRowBytes } from './limits.js';

/** What a structural scan found. */
export interface CsvScan {
  /** The header's fields as they stand, unescaped. */
  columns: string[];
  /** Rows after the header that have the right shape. */
  rowCount: number;
  /** Rows that do not. */
  badRowCount: number;
  /** The first bad rows. */
  issues: RowIssue[];
  /** The header's line; 0 when there is none. */
  headerLine: number;
  /** Byte ranges [start, end) to leave out, flattened, so that only good rows remain, without the header. */
  skip: number[];
  /** Whether rows end in LF and CRLF both. */
  mixedNewlines: boolean;
  /** Whether rows end in CRLF; meaningless when mixed. */
  crlf: boolean;
}

/** How to scan. */
export interface CsvScanOptions {
  /** The delimiter's byte. */
  delimiter: number;
  /** The most bad rows to describe. */
  maxIssues: number;
  /** Whether to stop after that many. */
  stopEarly: boolean;
  /** Called with the line of each good row, in order. */
  onRow?: (line: number) => void;
}

interface ByteFault {
  start: number;
  end: number;
  message: string;
}

const quote = 0x22;
const lf = 0x0a;
const cr = 0x0d;
const fieldStart = 0;
const unquoted = 1;
const quoted = 2;
const afterQuote = 3;
const afterCr = 4;

/**
 * Checks a CSV file's structure by RFC 4180 over chunks of bytes and finds each bad row's
 * line exactly: wrong number of fields, text around quotes, invalid UTF-8, NUL bytes, rows
 * beyond 2 MiB. A line without a character is no row. Stops after `maxIssues` bad rows when
 * `stopEarly`. A quote that never closes is reported on the line where it opens. Throws
 * UNPARSABLE_FILE where the header does not end or too many runs of rows would be left out.
 */
export async function scanCsv(
  chunks: AsyncIterable<Buffer>,
  { delimiter, maxIssues, stopEarly, onRow }: CsvScanOptions,
): Promise<CsvScan & { unclosedQuoteLine: number | null }> {
  const special = new Uint8Array(256);
  for (const byte of [delimiter, lf, cr, quote]) special[byte] = 1;
  const scan: CsvScan = {
    columns: [],
    headerLine: 0,
    rowCount: 0,
    badRowCount: 0,
    issues: [],
    skip: [],
    mixedNewlines: false,
    crlf: false,
  };
  let header: Buffer[] | null = [];
  let state = fieldStart;
  let base = 0;
  let line = 1;
  let rowLine = 1;
  let rowStart = 0;
  let fields = 0;
  let quoteLine = 1;
  let problem: { field: number; message: string } | null = null;
  let lfRows = 0;
  let crlfRows = 0;
  let done = false;
  // A row's bytes are checked for UTF-8 and NUL only in chunks that fail as a whole.
  let pending = Buffer.alloc(0);
  let faults: ByteFault[] = [];
  let faultAt = 0;

  const columnAt = (index: number) => scan.columns[index] ?? String(index + 1);
  const leaveOut = (start: number, end: number) => {
    if (scan.skip.at(-1) === start) scan.skip[scan.skip.length - 1] = end;
    else if (scan.skip.length >= 2 * maxLeftOutRanges) {
      const message = `more than ${maxLeftOutRanges} runs of rows to leave out`;
      throw unparsableFile([{ line: rowLine, column: '', message }]);
    } else scan.skip.push(start, end);
  };
  const endRow = (end: number, contentEnd: number) => {
    fields++;
    while ((faults[faultAt]?.end ?? end) <= rowStart && faultAt < faults.length) faultAt++;
    const fault = faults[faultAt];
    if (fault !== undefined && fault.start < end) problem ??= { field: 0, message: fault.message };
    if (contentEnd === rowStart) leaveOut(rowStart, end);
    else if (header !== null) {
      const bytes = Buffer.concat(header).subarray(rowStart, contentEnd);
      header = null;
      scan.headerLine = rowLine;
      leaveOut(rowStart, end);
      if (problem === null) scan.columns = headerFields(bytes.toString('utf8'), String.fromCharCode(delimiter));
    } else {
      if (problem === null && fields !== scan.columns.length) {
        const at = Math.min(fields, scan.columns.length);
        problem = { field: at, message: `found ${fields} fields, expected ${scan.columns.length}` };
      }
      if (problem === null && contentEnd - rowStart > maxRowBytes) {
        problem = { field: 0, message: `${contentEnd - rowStart} bytes in one row, at most ${maxRowBytes}` };
      }
      if (problem === null) {
        scan.rowCount++;
        onRow?.(rowLine);
      } else leaveOut(rowStart, end);
    }
    if (problem !== null) {
      scan.badRowCount++;
      if (scan.issues.length < maxIssues) {
        scan.issues.push({ line: rowLine, column: columnAt(problem.field), message: problem.message });
      }
      done = stopEarly && scan.issues.length >= maxIssues;
    }
    problem = null;
    fields = 0;
    rowStart = end;
    rowLine = line;
    state = fieldStart;
  };

  for await (const chunk of chunks) {
    const whole = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    const complete = lastBoundary(whole);
    const sound = isUtf8(whole.subarray(0, complete)) && !chunk.includes(0);
    if (!sound) {
      faults = faults.slice(faultAt).concat(faultyLines(whole.subarray(0, complete), base - pending.length));
      faultAt = 0;
    }
    pending = Buffer.from(whole.subarray(complete));
    header?.push(chunk);
    if (header !== null && base > 2 * maxRowBytes) {
      const message = `no header that ends within the first ${2 * maxRowBytes} bytes`;
      throw unparsableFile([{ line: rowLine, column: '', message }]);
    }
    for (let i = 0; i < chunk.length && !done; i++) {
      if (state === quoted) {
        const byte = chunk[i];
        if (byte === lf) line++;
        else if (byte === quote) state = afterQuote;
        continue;
      }
      if (state === unquoted) while (i < chunk.length && special[chunk[i] ?? 0] === 0) i++;
      if (i >= chunk.length) break;
      const byte = chunk[i];
      if (byte === lf) {
        line++;
        const at = base + i;
        const contentEnd = state === afterCr ? at - 1 : at;
        if (state === afterCr) crlfRows++;
        else lfRows++;
        endRow(at + 1, contentEnd);
      } else if (state === afterCr) {
        problem ??= { field: fields, message: 'a carriage return that no line feed follows' };
        state = unquoted;
      } else if (byte === cr) {
        state = afterCr;
      } else if (byte === delimiter) {
        fields++;
        state = fieldStart;
      } else if (byte === quote) {
        if (state === afterQuote) state = quoted;
        else if (state === fieldStart) {
          state = quoted;
          quoteLine = line;
        } else problem ??= { field: fields, message: 'a quote inside a field that does not start with one' };
      } else {
        if (state === afterQuote) problem ??= { field: fields, message: 'text after the closing quote' };
        state = unquoted;
      }
    }
    base += chunk.length;
    if (done) break;
  }
  const unclosedQuoteLine = !done && state === quoted ? quoteLine : null;
  if (!done && unclosedQuoteLine === null && base > rowStart) {
    if (pending.length > 0) problem ??= { field: fields, message: 'bytes that are no UTF-8' };
    endRow(base, base);
  }
  return { ...scan, mixedNewlines: lfRows > 0 && crlfRows > 0, crlf: crlfRows > 0, unclosedQuoteLine };
}

/** The fields of a header row whose structure is known to be right. */
function headerFields(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = '';
  let inQuotes = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (inQuotes && c === '"' && text[i + 1] === '"') field += text[i++];
    else if (c === '"') inQuotes = !inQuotes;
    else if (c === delimiter && !inQuotes) {
      fields.push(field);
      field = '';
    } else field += c;
  }
  return [...fields, field];
}

/** The end of the last whole UTF-8 character that can be told from the last bytes. */
function lastBoundary(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

/** The physical lines of a chunk that hold invalid UTF-8 or NUL, as absolute byte ranges. */
function faultyLines(bytes: Buffer, offset: number): ByteFault[] {
  const faults: ByteFault[] = [];
  for (let start = 0; start < bytes.length; ) {
    const next = bytes.indexOf(lf, start);
    const end = next < 0 ? bytes.length : next + 1;
    const text = bytes.subarray(start, end);
    if (text.includes(0)) faults.push({ start: offset + start, end: offset + end, message: 'a NUL byte' });
    else if (!isUtf8(text))
      faults.push({ start: offset + start, end: offset + end, message: 'bytes that are no UTF-8' });
    start = end;
  }
  return faults;
}
