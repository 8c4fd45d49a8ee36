/** The oneofs of the contracts: decoded messages repeat under these names which of their fields is set. */
const oneofs: ReadonlySet<string> = new Set(['event', 'kind', 'method', 'part', 'step', 'target']);

function isTimestamp(value: object): value is { seconds: number; nanos: number } {
  return 'seconds' in value && 'nanos' in value && Object.keys(value).length === 2;
}

/** What `JSON.stringify` is given for one value of a message. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // Buffer's toJSON has run by now.
  if ('type' in value && value.type === 'Buffer' && 'data' in value) {
    return Buffer.from(value.data as number[]).toString('base64');
  }
  if (isTimestamp(value)) return new Date(Number(value.seconds) * 1000 + value.nanos / 1e6).toISOString();
  const entries = Object.entries(value);
  const kept = entries.filter(([name, set]) => !(oneofs.has(name) && typeof set === 'string' && set in value));
  return kept.length === entries.length ? value : Object.fromEntries(kept);
}

/**
 * A message as JSON in the field names of proto JSON: numbers as numbers, times in RFC 3339, bytes in base64, enums by
 * name.
 * @param indent 0 for one line
 */
export function renderJson(message: unknown, indent: 0 | 2 = 2): string {
  return JSON.stringify(message, plain, indent);
}

/** Prints one JSON document. */
export function printJson(message: unknown): void {
  console.log(renderJson(message));
}

/** Prints one event of a stream, on a line of its own. */
export function printJsonLine(message: unknown): void {
  console.log(renderJson(message, 0));
}
