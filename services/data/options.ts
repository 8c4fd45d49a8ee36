import { defineOptions } from '../mesh/config/option.js';

/** What an operator may tune of the data service. */
export const dataOptions = defineOptions({
  'data.max-upload-bytes': {
    type: 'bytes',
    default: '4GiB',
    min: 1_024,
    max: 1_024 * 1_073_741_824,
    help: 'The largest file UploadDataset takes; beyond it RESOURCE_EXHAUSTED.',
  },
  'data.max-columns': {
    type: 'integer',
    default: 2_000,
    min: 1,
    max: 10_000,
    help: 'The most columns a table may have.',
  },
  'data.engine-memory': {
    type: 'bytes',
    default: '1GiB',
    min: 256 * 1_048_576,
    max: 1_024 * 1_073_741_824,
    help: 'Memory of the table engine over all calls; what does not fit is spilt to the data directory.',
  },
  'data.engine-threads': {
    type: 'integer',
    default: 2,
    min: 1,
    max: 256,
    help: 'Threads of the table engine.',
  },
  'data.max-preview-cells': {
    type: 'integer',
    default: 5_000_000,
    min: 1,
    max: 1_000_000_000,
    help: 'Rows times columns of the largest version PreviewRecipe fits a recipe on.',
  },
});
