import { defineOptions } from '../mesh/config/option.js';

/** What an operator may tune of the registry service. */
export const registryOptions = defineOptions({
  'registry.max-artifact-bytes': {
    type: 'bytes',
    default: '4GiB',
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    help: 'The largest artifact accepted; UploadArtifact beyond it returns RESOURCE_EXHAUSTED.',
  },
});
