import { startMeshService } from '../harness/mesh-service.js';

// A server in a process of its own, so that its memory can be measured. Arguments: the service's flags.
const service = await startMeshService({
  handlers: {
    uploadDataset: async (requests) => {
      for await (const _request of requests);
      return {};
    },
  },
  argv: process.argv.slice(2),
});
process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ rss: process.memoryUsage().rss });
});
process.on('disconnect', () => process.exit());
process.send?.({ address: service.address });
