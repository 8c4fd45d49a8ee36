import type { ColumnType__Output } from '../../proto/gen/tenon/common/v1/ColumnType.js';
import type { FileFormat__Output, RecipeStep__Output } from '../../proto/gen/tenon/data/v1/index.js';

/** A dataset as it is kept; times in milliseconds since 1970. */
export interface DatasetRecord {
  name: string;
  displayName: string;
  description: string;
  /** Counts the changes, from 1. */
  revision: number;
  versionCount: number;
  createMs: number;
  updateMs: number;
}

/** `tenon.common.v1.TensorType`, of the element types that are kept. */
export interface TensorType {
  dtype: 'DATA_TYPE_UINT8' | 'DATA_TYPE_FP32';
  shape: number[];
}

/** A column of a version. Tensors are kept as bytes: their elements, little-endian and row-major. */
export interface StoredColumn {
  name: string;
  type: ColumnType__Output;
  nullable: boolean;
  /** Set for tensor columns only. */
  tensor?: TensorType | null;
}

/** A value and how often it occurs. */
export interface Count {
  value: string;
  count: number;
}

/** `tenon.data.v1.ColumnProfile`. */
export interface Profile {
  name: string;
  nullCount: number;
  distinctCount: number;
  mean: number;
  stdDev: number;
  min: number;
  max: number;
  quantiles: number[];
  topValues: Count[];
}

/** What an upload gives a version. */
export interface NewVersion {
  digest: string;
  sizeBytes: number;
  rowCount: number;
  columns: StoredColumn[];
  badRowCount: number;
  rowIssues: { line: number; column: string; message: string }[];
  sourceFormat: FileFormat__Output;
  sourceDigest: string;
  createMs: number;
}

/** A version as it is kept. */
export interface VersionRecord extends NewVersion {
  /** `datasets/{dataset}`. */
  dataset: string;
  /** From 1. */
  number: number;
  /** One per column; empty in lists. */
  profile: Profile[];
}

/** A recipe as it is kept; the steps as they were sent. */
export interface RecipeRecord {
  name: string;
  displayName: string;
  steps: RecipeStep__Output[];
  revision: number;
  createMs: number;
  updateMs: number;
}

/** What makes a retry recognisable. */
export interface RetryKey {
  requestId: string;
  request: unknown;
}

/** Datasets, versions and recipes. What a call returned is on disk. */
export interface DataStore {
  getDataset(name: string): Promise<DatasetRecord | null>;
  /** By name, those after `after`. */
  listDatasets(limit: number, after: string | null): Promise<DatasetRecord[]>;
  /** Changes what `change` returns; it sees the current record and may throw. NOT_FOUND. */
  updateDataset(
    name: string,
    change: (current: DatasetRecord) => Partial<Pick<DatasetRecord, 'displayName' | 'description'>>,
  ): Promise<DatasetRecord>;
  /** Deletes the dataset with its versions and the files no other version needs. NOT_FOUND. */
  deleteDataset(name: string, check: (current: DatasetRecord) => void): Promise<void>;
  /** The result of an earlier upload with this key; null when there was none. REQUEST_ID_REUSED. */
  replayUpload(key: RetryKey): Promise<VersionRecord | null>;
  /**
   * Moves the file at `path` into the blob store and adds a version that names it, creating
   * the dataset when there is none: all of it or nothing, once per key.
   */
  addVersion(dataset: string, file: { path: string }, version: AddedVersion, key: RetryKey): Promise<VersionRecord>;
  /** The version of that number, or the newest; null when there is none. */
  getVersion(dataset: string, number: number | 'latest'): Promise<VersionRecord | null>;
  /** Newest first, those below `before`. Without profiles. */
  listVersions(dataset: string, limit: number, before: number | null): Promise<VersionRecord[]>;
  /** ALREADY_EXISTS; once per key. */
  createRecipe(recipe: Pick<RecipeRecord, 'name' | 'displayName' | 'steps'>, key: RetryKey): Promise<RecipeRecord>;
  getRecipe(name: string): Promise<RecipeRecord | null>;
  listRecipes(limit: number, after: string | null): Promise<RecipeRecord[]>;
  updateRecipe(
    name: string,
    change: (current: RecipeRecord) => Partial<Pick<RecipeRecord, 'displayName' | 'steps'>>,
  ): Promise<RecipeRecord>;
  deleteRecipe(name: string, check: (current: RecipeRecord) => void): Promise<void>;
  close(): Promise<void>;
}

/** A version before the store names its file and number. */
export type AddedVersion = Omit<NewVersion, 'digest' | 'sizeBytes' | 'createMs'> & { profile: Profile[] };
