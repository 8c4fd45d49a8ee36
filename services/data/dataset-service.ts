import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetServiceHandlers, UploadDatasetRequest__Output } from '../../proto/gen/tenon/data/v1/index.js';
import { invalidField, notFound } from '../mesh/errors.js';
import { checkEtag } from '../mesh/resource/etag.js';
import { fieldsToUpdate } from '../mesh/resource/field-mask.js';
import { parseName } from '../mesh/resource/name.js';
import { cutPage, pageOf } from '../mesh/resource/page.js';
import { checkText } from '../mesh/resource/text.js';
import type { Implementation } from '../mesh/rpc/handler.js';
import type { BlobStore } from '../mesh/storage/blob-store.js';
import { bytesPerValue } from './column-chunk.js';
import type { Engine } from './engine.js';
import { engineError } from './errors.js';
import { ingest } from './ingest.js';
import { maxChunkBytes } from './limits.js';
import { etagOfDataset, toDataset, toRow, toSchema, toVersion } from './message.js';
import { chunkSql, readChunks, storedTable } from './read-chunks.js';
import { receive } from './receive.js';
import { splitRows } from './split-rows.js';
import type { DataStore, VersionRecord } from './store.js';
import type { StoredFiles } from './stored-files.js';
import { type CheckedSplit, checkHeader, checkRowCount, checkSplit } from './validate.js';
import { positionOf, versionNamed } from './versions.js';

/** The most bytes of rows a preview returns; rows beyond are left out. */
const maxPreviewBytes = 16 * 1024 * 1024;

/** What the handlers stand on. */
export interface DataParts {
  store: DataStore;
  blobs: BlobStore;
  files: StoredFiles;
  engine: Engine;
  /** Where uploads stand until they are kept; below the engine's directory. */
  incoming: string;
  maxUploadBytes: number;
  maxColumns: number;
  maxPreviewCells: number;
}

/** The handlers of DatasetService. */
export function createDatasetService(parts: DataParts): Implementation<DatasetServiceHandlers> {
  const { store, blobs, files, engine } = parts;

  async function rowsOf(version: VersionRecord, split: CheckedSplit, signal: AbortSignal) {
    const { stratifyColumn } = split;
    const stratify =
      stratifyColumn === null ? null : positionOf(version.columns, stratifyColumn, 'split.stratify_column');
    if (stratify !== null && version.columns[stratify]?.type === 'COLUMN_TYPE_TENSOR') {
      throw invalidField('split.stratify_column', stratifyColumn, 'must be a column of single values, not a tensor');
    }
    const { rowCount, columns: stored } = version;
    const path = await files.pathOf(version, signal);
    return engine.use(signal, (connection) => splitRows(connection, { path, stored, rowCount, split, stratify }));
  }

  return {
    uploadDataset: (requests, { signal }) => engineError(upload(parts, requests, signal)),

    async getDataset({ name }) {
      parseName('datasets/{dataset}', name, 'name');
      const dataset = await store.getDataset(name);
      if (dataset === null) throw notFound(name);
      return toDataset(dataset);
    },

    async listDatasets(request) {
      const page = pageOf(request, 'datasets');
      const found = await store.listDatasets(page.limit + 1, page.after);
      const { items, nextPageToken } = cutPage(found, page, 'datasets', ({ name }) => name);
      return { datasets: items.map(toDataset), nextPageToken };
    },

    async updateDataset({ dataset, updateMask }) {
      if (dataset === null) throw invalidField('dataset', null, 'must be set');
      const { name, displayName, description, etag } = dataset;
      parseName('datasets/{dataset}', name, 'dataset.name');
      const fields = fieldsToUpdate(updateMask, ['display_name', 'description']);
      if (fields.has('display_name')) checkText('dataset.display_name', displayName, { max: 128 });
      if (fields.has('description')) checkText('dataset.description', description, { max: 4_096 });
      const updated = await store.updateDataset(name, (current) => {
        checkEtag(etag, etagOfDataset(current), name);
        return {
          ...(fields.has('display_name') ? { displayName } : {}),
          ...(fields.has('description') ? { description } : {}),
        };
      });
      return toDataset(updated);
    },

    async deleteDataset({ name, etag }) {
      parseName('datasets/{dataset}', name, 'name');
      await store.deleteDataset(name, (current) => checkEtag(etag, etagOfDataset(current), name));
      return {};
    },

    getDatasetVersion: async ({ name }) => toVersion(await versionNamed(store, name, 'name')),

    async listDatasetVersions(request) {
      const { parent } = request;
      parseName('datasets/{dataset}', parent, 'parent');
      const list = `${parent}/versions`;
      const page = pageOf(request, list);
      if ((await store.getDataset(parent)) === null) throw notFound(parent);
      const before = page.after === null ? null : Number(page.after);
      const found = await store.listVersions(parent, page.limit + 1, before);
      const { items, nextPageToken } = cutPage(found, page, list, ({ number }) => `${number}`);
      return { versions: items.map(toVersion), nextPageToken };
    },

    async previewDatasetVersion({ name, rowCount, firstRow }, { signal }) {
      const asked = checkRowCount(rowCount);
      if (!Number.isSafeInteger(firstRow) || firstRow < 0) throw invalidField('first_row', firstRow, 'must be >= 0');
      const version = await versionNamed(store, name, 'name');
      const { columns } = version;
      const tensorBytes = columns.reduce((sum, column) => sum + (column.tensor ? bytesPerValue(column) : 0), 0);
      const limit = Math.min(asked, Math.max(1, Math.floor(maxPreviewBytes / Math.max(1, tensorBytes))));
      const selected = columns.map((column, index) => `${chunkSql(column, index)} AS v${index}`).join(', ');
      const table = storedTable(await files.pathOf(version, signal), columns.length);
      const sql = `SELECT ${selected} FROM ${table} LIMIT ${limit} OFFSET ${firstRow}`;
      const found = await engineError(
        engine.use(signal, async (connection) => (await connection.runAndReadAll(sql)).getRows()),
      );
      let bytes = 0;
      const fitting = found.filter((row) => {
        for (const value of row) bytes += typeof value === 'string' ? value.length * 3 : 16;
        bytes += tensorBytes;
        return bytes <= maxPreviewBytes;
      });
      return { schema: toSchema(columns), rows: fitting.map((row) => toRow(columns, row)) };
    },

    async *readDatasetVersion({ name, columns, split, part }, { signal }) {
      const checked = split === null ? null : checkSplit(split);
      if (checked === null && part !== 'SPLIT_PART_UNSPECIFIED') {
        throw invalidField('part', part, 'must be left out without split');
      }
      if (!['SPLIT_PART_UNSPECIFIED', 'SPLIT_PART_TRAIN', 'SPLIT_PART_TEST'].includes(part)) {
        throw invalidField('part', part, 'must be a known SplitPart');
      }
      const version = await versionNamed(store, name, 'name');
      const { columns: stored, digest, rowCount } = version;
      const positions =
        columns.length === 0
          ? stored.map((_, index) => index)
          : columns.map((column, index) => {
              const field = `columns[${index}]`;
              if (columns.indexOf(column) < index) throw invalidField(field, column, 'must be named once');
              return positionOf(stored, column, field);
            });
      let wanted: Uint8Array | null = null;
      if (checked !== null) {
        const { train, test } = await engineError(rowsOf(version, checked, signal));
        if (part !== 'SPLIT_PART_UNSPECIFIED') {
          wanted = new Uint8Array(rowCount);
          for (const row of part === 'SPLIT_PART_TRAIN' ? train : test) wanted[row] = 1;
        }
      }
      const path = await files.pathOf(version, signal);
      const { connection, close } = await engine.open(signal);
      try {
        for await (const chunk of readChunks({ connection, path, stored, columns: positions, wanted, signal })) {
          yield { chunk };
        }
      } catch (error) {
        signal.throwIfAborted();
        // Deleted while it was read.
        if (!(await blobs.has(digest))) throw notFound(name);
        throw error;
      } finally {
        close();
      }
    },

    async *downloadDatasetVersion({ name }, { signal }) {
      const { digest } = await versionNamed(store, name, 'name');
      for await (const chunk of blobs.read(digest, { chunkBytes: maxChunkBytes, signal })) yield { chunk };
    },

    async splitDatasetVersion({ name, split }, { signal }) {
      if (split === null) throw invalidField('split', null, 'must be set');
      const checked = checkSplit(split);
      const version = await versionNamed(store, name, 'name');
      const { train, test, counts } = await engineError(rowsOf(version, checked, signal));
      return {
        trainRows: train.length,
        testRows: test.length,
        trainCounts: counts(train),
        testCounts: counts(test),
      };
    },
  };
}

async function upload(
  { store, engine, incoming, maxUploadBytes, maxColumns }: DataParts,
  requests: AsyncIterable<UploadDatasetRequest__Output>,
  signal: AbortSignal,
) {
  const folder = join(incoming, randomUUID());
  await mkdir(folder);
  try {
    const path = join(folder, 'source');
    const output = join(folder, 'table');
    const { header, sha256 } = await receive(requests, path, { maxBytes: maxUploadBytes, signal, checkHeader });
    const key = { requestId: header.requestId, request: { ...header, source: sha256 } };
    const earlier = await store.replayUpload(key);
    if (earlier !== null) return toVersion(earlier);
    const options = { path, output, header, maxColumns, maxBytes: maxUploadBytes, signal };
    const ingested = await ingest(engine, options);
    signal.throwIfAborted();
    const version = { ...ingested, sourceDigest: sha256 };
    return toVersion(await store.addVersion(header.dataset, { path: output }, version, key));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
