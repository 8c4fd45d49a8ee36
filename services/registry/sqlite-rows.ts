import type { Queries, SqlValue } from '../mesh/storage/queries.js';
import type { AliasHistory } from './alias.js';
import type { ArtifactRecord } from './artifact.js';
import type { ModelRecord } from './model.js';
import type { VersionContent, VersionPick, VersionRecord } from './model-version.js';

interface ModelRow extends Omit<ModelRecord, 'aliases'> {
  /** A JSON object. */
  aliases: string;
}

interface VersionRow extends Omit<VersionRecord, 'content'> {
  /** JSON of a VersionContent. */
  content: string;
}

const namedVersion = `SELECT h.alias, h.version FROM alias_history h
  WHERE h.position = (SELECT max(position) FROM alias_history WHERE model = h.model AND alias = h.alias)`;

// One statement, so that a model is seen as it stood at one moment.
const modelColumns = `m.id, m.uid, m.display_name AS displayName, m.description, m.revision,
  m.create_ms AS createMs, m.update_ms AS updateMs,
  (SELECT max(version) FROM model_versions WHERE model = m.id) AS latest,
  (SELECT count(*) FROM model_versions WHERE model = m.id) AS versionCount,
  (SELECT json_group_object(alias, version) FROM (${namedVersion} AND h.model = m.id ORDER BY h.alias)) AS aliases`;

const versionColumns = 'model, version, content, manifest_digest AS manifestDigest, create_ms AS createMs';

function toModelRecord(row: ModelRow): ModelRecord {
  return { ...row, aliases: JSON.parse(row.aliases) as Record<string, number> };
}

function toVersionRecord(row: VersionRow): VersionRecord {
  return { ...row, content: JSON.parse(row.content) as VersionContent };
}

/** The model of an id. */
export async function modelById(queries: Queries, id: string): Promise<ModelRecord | null> {
  const row = await queries.get<ModelRow>(`SELECT ${modelColumns} FROM models m WHERE m.id = ?`, [id]);
  return row === undefined ? null : toModelRecord(row);
}

/** At most `limit` models with an id after `after`, ordered by id. */
export async function modelsAfter(queries: Queries, limit: number, after: string | null): Promise<ModelRecord[]> {
  const rows = await queries.all<ModelRow>(
    `SELECT ${modelColumns} FROM models m WHERE m.id > ? ORDER BY m.id LIMIT ?`,
    [after ?? '', limit],
  );
  return rows.map(toModelRecord);
}

/** The version that is meant. */
export async function versionByPick(queries: Queries, model: string, pick: VersionPick): Promise<VersionRecord | null> {
  const [meant, params] = ((): [string, SqlValue[]] => {
    if (pick === 'latest') return ['(SELECT max(version) FROM model_versions WHERE model = ?)', [model]];
    if ('version' in pick) return ['?', [pick.version]];
    const newest = 'SELECT version FROM alias_history WHERE model = ? AND alias = ? ORDER BY position DESC LIMIT 1';
    return [`(${newest})`, [model, pick.alias]];
  })();
  const row = await queries.get<VersionRow>(
    `SELECT ${versionColumns} FROM model_versions WHERE model = ? AND version = ${meant}`,
    [model, ...params],
  );
  return row === undefined ? null : toVersionRecord(row);
}

/**
 * The versions below `before`, newest first: at most `limit`, fewer when their content has
 * more than `maxLength` characters, but always one where there is one.
 */
export async function versionsBefore(
  queries: Queries,
  { model, limit, before, maxLength }: { model: string; limit: number; before: number | null; maxLength: number },
): Promise<{ versions: VersionRecord[]; more: boolean }> {
  const top = before ?? Number.MAX_SAFE_INTEGER;
  const heads = await queries.all<{ version: number; length: number }>(
    `SELECT version, content_length AS length FROM model_versions
     WHERE model = ? AND version < ? ORDER BY version DESC LIMIT ?`,
    [model, top, limit + 1],
  );
  let length = 0;
  const fitting = heads.slice(0, limit).filter((head, index) => {
    length += head.length;
    return index === 0 || length <= maxLength;
  });
  const last = fitting.at(-1);
  if (last === undefined) return { versions: [], more: false };
  const rows = await queries.all<VersionRow>(
    `SELECT ${versionColumns} FROM model_versions
     WHERE model = ? AND version < ? AND version >= ? ORDER BY version DESC`,
    [model, top, last.version],
  );
  return { versions: rows.map(toVersionRecord), more: heads.length > fitting.length };
}

/** The versions that an alias has named. */
export async function aliasHistory(queries: Queries, model: string, alias: string): Promise<AliasHistory> {
  const rows = await queries.all<{ version: number }>(
    'SELECT version FROM alias_history WHERE model = ? AND alias = ? ORDER BY position',
    [model, alias],
  );
  return rows.map(({ version }) => version);
}

/** Makes `history` what is stored: what lies beyond its end goes, a new last element comes. */
export async function saveAliasHistory(
  queries: Queries,
  model: string,
  alias: string,
  history: AliasHistory,
): Promise<void> {
  await queries.run('DELETE FROM alias_history WHERE model = ? AND alias = ? AND position > ?', [
    model,
    alias,
    history.length,
  ]);
  const last = history.at(-1);
  if (last === undefined) return;
  await queries.run(
    'INSERT INTO alias_history (model, alias, position, version) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    [model, alias, history.length, last],
  );
}

/** The artifact of a sha256. */
export async function artifactBySha256(queries: Queries, sha256: string): Promise<ArtifactRecord | null> {
  const row = await queries.get<ArtifactRecord>(
    'SELECT sha256, size_bytes AS sizeBytes, create_ms AS createMs FROM artifacts WHERE sha256 = ?',
    [sha256],
  );
  return row ?? null;
}
