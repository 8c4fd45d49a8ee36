import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetService, recipeService } from '../../proto/contracts.js';
import type { DatasetServiceHandlers, RecipeServiceHandlers } from '../../proto/gen/tenon/data/v1/index.js';
import { bind } from '../mesh/rpc/bind.js';
import type { CreatedService, ServiceKit } from '../mesh/server/run-service.js';
import { openBlobStore } from '../mesh/storage/blob-store.js';
import { createDatasetService, type DataParts } from './dataset-service.js';
import { openEngine } from './engine.js';
import { dataOptions } from './options.js';
import { createRecipeService } from './recipe-service.js';
import { openSqliteStore } from './sqlite-store.js';
import { createStoredFiles } from './stored-files.js';

async function create({ config, dataDir }: ServiceKit<typeof dataOptions>): Promise<CreatedService> {
  // The engine reaches this folder alone: the metadata stand beside it.
  const directory = join(dataDir, 'tables');
  const incoming = join(directory, 'incoming');
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });
  const blobs = await openBlobStore(join(directory, 'blobs'));
  const engine = await openEngine({
    directory,
    memoryLimitBytes: config['data.engine-memory'],
    threads: config['data.engine-threads'],
  });
  const store = await openSqliteStore(join(dataDir, 'metadata.db'), blobs, Date.now);
  const parts: DataParts = {
    store,
    files: createStoredFiles(store, blobs),
    blobs,
    engine,
    incoming,
    maxUploadBytes: config['data.max-upload-bytes'],
    maxColumns: config['data.max-columns'],
    maxPreviewCells: config['data.max-preview-cells'],
  };
  return {
    services: [
      bind<DatasetServiceHandlers>(datasetService, createDatasetService(parts)),
      bind<RecipeServiceHandlers>(recipeService, createRecipeService(parts)),
    ],
    async close() {
      await engine.close();
      await store.close();
    },
  };
}

/** The data service: datasets, their versions, and recipes. */
export const dataDefinition = { name: 'data', options: dataOptions, create } as const;
