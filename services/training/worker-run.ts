import { performance } from 'node:perf_hooks';
import type { BundleFile } from '../../native/bundle/bundle.js';
import type {
  FoldResult__Output,
  JobProgress__Output,
  Variant__Output,
} from '../../proto/gen/tenon/training/v1/index.js';
import { noCheckpoint, openCheckpoint } from './checkpoint.js';
import type { EstimatorInfo } from './estimators.js';
import { exportVersion } from './exchange/run-export.js';
import { type ArtifactSource, fetchArtifact, importArtifact } from './exchange/run-import.js';
import type { Fit } from './model-fit.js';
import type { ResolveParameters } from './native.js';
import { optimize } from './optimize/optimize.js';
import { train } from './pipeline.js';
import { createProgressMeter } from './progress.js';
import type { ArtifactTarget, TableSource } from './remote-data.js';
import { readTable, uploadFile } from './remote-data.js';
import { fetchVersion, type VersionSource } from './remote-version.js';
import { retrying } from './retrying.js';
import type { Trained, WorkerJob } from './worker-protocol.js';

/** What one attempt of a job stands on. */
export interface WorkerParts {
  datasets: TableSource;
  registry: ArtifactTarget & ArtifactSource & VersionSource;
  fit: Fit;
  catalogue: readonly EstimatorInfo[];
  resolveParameters: ResolveParameters;
  maxCells: number;
  /** The least time between two writes of a checkpoint, in milliseconds. */
  checkpointIntervalMs: number;
  onBrokenCheckpoint(file: string, error: unknown): void;
  onUnkeptFit(fit: string, error: unknown): void;
  onResumedFit(fit: string, step: number, refusal: string | null): void;
  /** How long a service that is away is waited for, in milliseconds. */
  dependencyTimeoutMs: number;
  isa: string;
  tenonVersion: string;
  onProgress(progress: JobProgress__Output): void;
  onFold(fold: FoldResult__Output): void;
  onVariants(variants: Variant__Output[]): void;
  signal: AbortSignal;
}

/** Processor time of this process over all its threads. */
function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Runs one attempt of a job over the network; what may pass is tried again. */
export async function runJob(job: WorkerJob, parts: WorkerParts): Promise<Trained> {
  const { signal, maxCells, onFold, dependencyTimeoutMs } = parts;
  const options = { signal, traceparent: job.traceparent };
  const now = () => performance.now();
  const again = <T>(body: () => Promise<T>) => retrying(body, { timeoutMs: dependencyTimeoutMs, now, signal });
  const name = job.spec.datasetVersion;
  const remote = {
    meter: createProgressMeter(now, parts.onProgress),
    readTable: (columns: readonly string[]) =>
      again(() => readTable(parts.datasets, { name, columns, maxCells }, options)),
    upload: (file: BundleFile) => again(() => uploadFile(parts.registry, file, options)),
  };
  if (job.exchange?.kind === 'import') {
    return importArtifact(job, job.exchange.spec, {
      ...remote,
      ...parts,
      fetchArtifact: (artifact) => again(() => fetchArtifact(parts.registry, artifact, options)),
    });
  }
  if (job.exchange?.kind === 'export') {
    return exportVersion(job.exchange.spec, {
      ...remote,
      fetchVersion: (version) => again(() => fetchVersion(parts.registry, version, options)),
    });
  }
  if (job.optimize !== null) {
    return optimize(job, job.optimize, {
      ...remote,
      fetchVersion: (version) => again(() => fetchVersion(parts.registry, version, options)),
      onVariants: parts.onVariants,
      signal,
    });
  }
  const checkpoint =
    job.checkpointFolder === ''
      ? noCheckpoint
      : await openCheckpoint(job.checkpointFolder, {
          now,
          intervalMs: parts.checkpointIntervalMs,
          onBroken: parts.onBrokenCheckpoint,
          onUnkept: parts.onUnkeptFit,
          onResumed: parts.onResumedFit,
        });
  return train(job, { ...parts, ...remote, checkpoint, onFold, clock: { now, cpu: () => cpuMilliseconds() } });
}
