import { registryService } from '../../proto/contracts.js';
import type { RegistryServiceHandlers } from '../../proto/gen/tenon/registry/v1/index.js';
import type { ServiceDescription } from '../mesh/server/run-service.js';
import { bind } from '../mesh/server/run-service.js';
import { openBlobStore } from '../mesh/storage/blob-store.js';
import { registryOptions } from './options.js';
import { registryPaths } from './paths.js';
import { createRegistryService } from './service.js';
import { openRegistryStore } from './sqlite-store.js';
import { createModelSignals } from './watch.js';

/** The registry service: models, versions, aliases, artifacts and the journal. */
export const registryDefinition: ServiceDescription<typeof registryOptions> = {
  name: 'registry',
  options: registryOptions,
  async create({ config, dataDir }) {
    const paths = registryPaths(dataDir);
    const blobs = await openBlobStore(paths.artifacts);
    const store = await openRegistryStore(paths.database);
    const implementation = createRegistryService({
      store,
      blobs,
      signals: createModelSignals(),
      maxArtifactBytes: config['registry.max-artifact-bytes'],
    });
    return {
      services: [bind<RegistryServiceHandlers>(registryService, implementation)],
      close: () => store.close(),
    };
  },
};
