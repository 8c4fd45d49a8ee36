import { defineOptions } from '../mesh/config/option.js';

/** What an operator may tune of the serving service. */
export const servingOptions = defineOptions({
  'serving.memory-budget': {
    type: 'bytes',
    default: '4GiB',
    min: 1_048_576,
    max: 1_024 * 1_073_741_824,
    help: 'Memory for loaded versions, counted as twice the bytes of their files; a load beyond it fails.',
  },
  'serving.load-timeout': {
    type: 'duration',
    default: '5m',
    min: 1_000,
    max: 3_600_000,
    help: 'How long one attempt to fetch and load a version may take.',
  },
});
