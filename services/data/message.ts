import { DuckDBBlobValue } from '@duckdb/node-api';
import type { Row } from '../../proto/gen/tenon/common/v1/Row.js';
import type { Schema } from '../../proto/gen/tenon/common/v1/Schema.js';
import type { Value } from '../../proto/gen/tenon/common/v1/Value.js';
import type { Dataset, DatasetVersion, Recipe } from '../../proto/gen/tenon/data/v1/index.js';
import { etagOf } from '../mesh/resource/etag.js';
import { timestampOf } from '../mesh/resource/timestamp.js';
import type { DatasetRecord, RecipeRecord, StoredColumn, VersionRecord } from './store.js';

/** The etag of a dataset; another after every change, also of one deleted and created again. */
export function etagOfDataset({ name, revision, createMs }: DatasetRecord): string {
  return etagOf([name, createMs, revision]);
}

/** `tenon.data.v1.Dataset`. */
export function toDataset(record: DatasetRecord): Dataset {
  return {
    name: record.name,
    displayName: record.displayName,
    description: record.description,
    latestVersion: `${record.name}/versions/${record.versionCount}`,
    versionCount: record.versionCount,
    createTime: timestampOf(record.createMs),
    updateTime: timestampOf(record.updateMs),
    etag: etagOfDataset(record),
  };
}

/** `tenon.common.v1.Schema`. */
export function toSchema(columns: readonly StoredColumn[]): Schema {
  return {
    columns: columns.map(({ name, type, nullable, tensor = null }) => ({
      name,
      type,
      nullable,
      categories: [],
      tensor,
    })),
  };
}

/** The resource name of a version. */
export function nameOfVersion({ dataset, number }: VersionRecord): string {
  return `${dataset}/versions/${number}`;
}

/** `tenon.data.v1.DatasetVersion`. */
export function toVersion(record: VersionRecord): DatasetVersion {
  return {
    name: nameOfVersion(record),
    digest: record.digest,
    sizeBytes: record.sizeBytes,
    rowCount: record.rowCount,
    schema: toSchema(record.columns),
    profile: record.profile,
    badRowCount: record.badRowCount,
    rowIssues: record.rowIssues,
    sourceFormat: record.sourceFormat,
    sourceDigest: record.sourceDigest,
    createTime: timestampOf(record.createMs),
  };
}

/** The etag of a recipe. */
export function etagOfRecipe({ name, revision, createMs }: RecipeRecord): string {
  return etagOf([name, createMs, revision]);
}

/** `tenon.data.v1.Recipe`. */
export function toRecipe(record: RecipeRecord): Recipe {
  return {
    name: record.name,
    displayName: record.displayName,
    steps: record.steps,
    createTime: timestampOf(record.createMs),
    updateTime: timestampOf(record.updateMs),
    etag: etagOfRecipe(record),
  };
}

/** A cell as `tenon.common.v1.Value`; `value` as the engine gives it, times in microseconds since 1970. */
export function toValue(value: unknown, { type, tensor }: Pick<StoredColumn, 'type' | 'tensor'>): Value {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { doubleValue: value };
  if (typeof value === 'string') return { stringValue: value };
  if (value instanceof DuckDBBlobValue && tensor) {
    return { tensorValue: { ...tensor, data: Buffer.from(value.bytes) } };
  }
  if (typeof value !== 'bigint') return { nullValue: 'NULL_VALUE' };
  if (type === 'COLUMN_TYPE_TIMESTAMP') {
    const micros = ((value % 1_000_000n) + 1_000_000n) % 1_000_000n;
    return { timestampValue: { seconds: Number((value - micros) / 1_000_000n), nanos: Number(micros) * 1_000 } };
  }
  const number = Number(value);
  return Number.isSafeInteger(number) ? { integerValue: number } : { stringValue: `${value}` };
}

/** A row as `tenon.common.v1.Row`. */
export function toRow(columns: readonly StoredColumn[], values: readonly unknown[]): Row {
  return {
    values: Object.fromEntries(columns.map((column, index) => [column.name, toValue(values[index], column)])),
  };
}
