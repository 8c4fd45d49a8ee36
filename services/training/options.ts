import { defineOptions } from '../mesh/config/option.js';

/** What an operator may tune of the training service. */
export const trainingOptions = defineOptions({
  'training.max-workers': {
    type: 'integer',
    default: 1,
    min: 1,
    max: 256,
    help: 'Jobs that train at the same time, each in a process of its own; more wait in the queue.',
  },
  'training.max-queued-jobs': {
    type: 'integer',
    default: 1_000,
    min: 1,
    max: 1_000_000,
    help: 'Jobs that may wait; CreateJob beyond that returns RESOURCE_EXHAUSTED.',
  },
  'training.max-attempts': {
    type: 'integer',
    default: 3,
    min: 1,
    max: 100,
    help: 'Attempts at a job that may end without a result before it has failed, where the job sets none. Stopping the service is not counted.',
  },
  'training.checkpoint-interval': {
    type: 'duration',
    default: '10s',
    min: 0,
    max: 86_400_000,
    help: 'The least time between two writes of what a job has done, from which its next attempt goes on: folds, and in a fit its trees, rounds or steps. 0 writes after each of them.',
  },
  'training.heartbeat-timeout': {
    type: 'duration',
    default: '60s',
    min: 2_000,
    max: 3_600_000,
    help: 'How long a worker may be silent before it is killed and counted as dead.',
  },
  'training.cancel-grace': {
    type: 'duration',
    default: '150ms',
    min: 0,
    max: 60_000,
    help: 'How long the worker of a cancelled job may take to stop before it is killed.',
  },
  'training.dependency-timeout': {
    type: 'duration',
    default: '2m',
    min: 0,
    max: 86_400_000,
    help: 'How long a job goes on trying when the data or the registry service cannot be reached, before it has failed.',
  },
  'training.max-memory': {
    type: 'bytes',
    default: '0B',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    help: 'The most memory one job may need by estimate; 0 means three quarters of the machine’s.',
  },
  'training.max-cells': {
    type: 'integer',
    default: 200_000_000,
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    help: 'Rows times columns of the largest table a job may hold in memory, before and after its recipe (8 and 4 bytes each).',
  },
});
