import type { BundledModel } from '../../native/bundle/bundle.js';
import type { TensorFile } from '../../native/safetensors.js';
import type { ServiceDescription } from '../mesh/server/run-service.js';
import { servingOptions } from './options.js';
import { createServing } from './serving.js';

/** The serving service over a reader of models. */
export function servingDefinitionWith(
  loadModel: (file: TensorFile) => BundledModel,
): ServiceDescription<typeof servingOptions> {
  return {
    name: 'serving',
    options: servingOptions,
    create: ({ config, dataDir, clients, log }) =>
      createServing({
        dataDir,
        registry: clients.registry,
        loadModel,
        log,
        memoryBudgetBytes: config['serving.memory-budget'],
        loadTimeoutMs: config['serving.load-timeout'],
      }),
  };
}
