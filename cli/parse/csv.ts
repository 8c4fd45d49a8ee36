import { UsageError } from '../usage-error.js';

/**
 * The records of a CSV text (RFC 4180), quotes removed; a blank line is no record.
 * @param source what the text is called in errors
 */
export function parseCsv(text: string, source: string): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let wasQuoted = false;
  const endField = () => {
    fields.push(field);
    field = '';
    wasQuoted = false;
  };
  const endRecord = () => {
    const blank = fields.length === 0 && field === '' && !wasQuoted;
    endField();
    if (!blank) records.push(fields);
    fields = [];
  };
  const content = text.startsWith('\ufeff') ? text.slice(1) : text;
  for (let at = 0; at < content.length; at++) {
    const char = content.charAt(at);
    if (quoted) {
      if (char !== '"') field += char;
      else if (content.charAt(at + 1) === '"') {
        field += '"';
        at++;
      } else quoted = false;
    } else if (char === '"' && field === '') {
      quoted = true;
      wasQuoted = true;
    } else if (char === ',') endField();
    else if (char === '\n') endRecord();
    else if (!(char === '\r' && content.charAt(at + 1) === '\n')) field += char;
  }
  if (quoted) throw new UsageError(`${source} ends inside a quoted field`);
  if (field !== '' || fields.length > 0 || wasQuoted) endRecord();
  return records;
}
