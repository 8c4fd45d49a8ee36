import type {
  FoldResult__Output,
  JobProgress__Output,
  JobResult__Output,
  JobSpec__Output,
  OptimizeSpec__Output,
  Variant__Output,
} from '../../proto/gen/tenon/training/v1/index.js';
import type { JobExchange, JobFailure } from './job.js';
import type { Publication } from './publication.js';

/** What a worker needs to know of its job. */
export interface WorkerJob {
  /** `jobs/{job}`. */
  name: string;
  attempt: number;
  spec: JobSpec__Output;
  /** What to optimize; null for a training. */
  optimize: OptimizeSpec__Output | null;
  /** What to import or export; null otherwise. */
  exchange: JobExchange | null;
  datasetDigest: string;
  /** The W3C traceparent that the worker's calls continue; empty for none. */
  traceparent: string;
  /** Where attempts at the job keep what they have finished; empty for nowhere. */
  checkpointFolder: string;
}

/** From the service to its worker. `config` is the service's own configuration. */
export type ToWorker =
  | { kind: 'start'; job: WorkerJob; config: Readonly<Record<string, unknown>> }
  | { kind: 'cancel' };

/** What an attempt gives: the version to register and what the job's result says of it. */
export interface Trained {
  /** Null for an export, which registers nothing. */
  publication: Publication | null;
  /** `model_version` is empty still. */
  result: JobResult__Output;
}

/** What training gives: there is a version to register. */
export type TrainedVersion = Trained & { publication: Publication };

/** From a worker to its service. After the last three it has nothing more to say and exits. */
export type FromWorker =
  | { kind: 'heartbeat' }
  | { kind: 'progress'; progress: JobProgress__Output }
  | { kind: 'fold'; fold: FoldResult__Output }
  | { kind: 'variants'; variants: Variant__Output[] }
  | { kind: 'trained'; trained: Trained }
  | { kind: 'failed'; failure: JobFailure }
  | { kind: 'cancelled' };
