import { notFound, shown, TenonError } from '../mesh/errors.js';
import type { DataStore, StoredColumn, VersionRecord } from './store.js';
import { parseVersion } from './validate.js';

/** The version of that name, `latest` included. INVALID_FIELD, NOT_FOUND. */
export async function versionNamed(store: DataStore, name: string, field: string): Promise<VersionRecord> {
  const { dataset, number } = parseVersion(name, field);
  const version = await store.getVersion(dataset, number);
  if (version === null) throw notFound(name);
  return version;
}

/** The position of a column. UNKNOWN_COLUMN naming the field. */
export function positionOf(columns: readonly StoredColumn[], name: string, field: string): number {
  const position = columns.findIndex((column) => column.name === name);
  if (position >= 0) return position;
  const known = columns.slice(0, 20).map((column) => column.name);
  const description = `${shown(name)} is no column of the version; it has ${known.join(', ')}`;
  throw new TenonError({
    reason: 'UNKNOWN_COLUMN',
    message: `${field}: ${description}`,
    violations: [{ field, description }],
    facts: { field, column: name },
  });
}
