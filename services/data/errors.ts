import { TenonError } from '../mesh/errors.js';

/** A row or cell that could not be read: line from 1, 0 for the file as a whole; the column's name or position from 1. */
export interface RowIssue {
  line: number;
  column: string;
  message: string;
}

/** `line 7, column species: found 3 fields, expected 4`; what has no place is told without. */
export function describeIssue({ line, column, message }: RowIssue): string {
  const place = [...(line === 0 ? [] : [`line ${line}`]), ...(column === '' ? [] : [`column ${column}`])].join(', ');
  return place === '' ? message : `${place}: ${message}`;
}

/** UNPARSABLE_FILE naming every row given; the first one's place is in the facts. */
export function unparsableFile(issues: readonly RowIssue[]): TenonError {
  const [first] = issues;
  return new TenonError({
    reason: 'UNPARSABLE_FILE',
    message: issues.map(describeIssue).join('; '),
    facts: { line: first?.line ?? 0, column: first?.column ?? '' },
    violations: issues.map((issue) => ({ field: 'chunk', description: describeIssue(issue) })),
  });
}

/** EMPTY_TABLE: what was found instead of rows. */
export function emptyTable(found: string): TenonError {
  const description = `the table has no rows: ${found}`;
  return new TenonError({ reason: 'EMPTY_TABLE', message: description, violations: [{ field: 'chunk', description }] });
}

/** QUOTA_EXCEEDED for a full disk or quota; any other error is returned as it is. */
export function storageError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new TenonError({ reason: 'QUOTA_EXCEEDED', message: 'the data directory is full', cause: error });
}

/**
 * Waits for work of the table engine. QUOTA_EXCEEDED where memory or disk did not suffice;
 * any other error as it is.
 */
export async function engineError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    if (/^Out of Memory Error/.test(text)) {
      const message = 'the table needs more memory than data.engine-memory allows';
      throw new TenonError({
        reason: 'QUOTA_EXCEEDED',
        message,
        facts: { option: 'data.engine-memory' },
        cause: error,
      });
    }
    if (/No space left on device|Quota exceeded/i.test(text)) {
      throw new TenonError({ reason: 'QUOTA_EXCEEDED', message: 'the data directory is full', cause: error });
    }
    throw storageError(error);
  }
}
