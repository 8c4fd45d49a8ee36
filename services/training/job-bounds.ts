import type { JobSpec__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { reasons } from '../mesh/reasons.js';
import { durationMs } from '../mesh/resource/duration.js';
import {
  defaultBackoffCoefficient,
  defaultInitialIntervalMs,
  defaultMaxIntervalMs,
  maxAttemptsOfPolicy,
  maxNonRetryableReasons,
  maxThreadsOfJob,
  minHeartbeatTimeoutMs,
} from './limits.js';

/** When an attempt is made again. */
export interface RetryBounds {
  /** Null for the service's own bound. */
  maxAttempts: number | null;
  initialIntervalMs: number;
  coefficient: number;
  maxIntervalMs: number;
  nonRetryable: ReadonlySet<string>;
}

/** What a job may take; null for no bound. */
export interface JobBounds {
  scheduleToStartMs: number | null;
  startToCloseMs: number | null;
  scheduleToCloseMs: number | null;
  heartbeatMs: number | null;
  retry: RetryBounds;
  maxMemoryBytes: number | null;
  maxThreads: number | null;
}

/** Reads the limits of a job, which stand at `at`. Throws INVALID_FIELD. */
export function jobBoundsOf({ limits }: Pick<JobSpec__Output, 'limits'>, at = 'job.spec.limits'): JobBounds {
  const duration = (
    name: 'scheduleToStart' | 'startToClose' | 'scheduleToClose' | 'heartbeat',
    field: string,
    min = 1,
  ) => durationMs(`${at}.${field}_timeout`, limits?.[`${name}Timeout`] ?? null, { min });
  const whole = (field: string, value: number, max: number) => {
    if (!Number.isSafeInteger(value) || value < 0 || value > max) {
      throw invalidField(`${at}.${field}`, value, `must be 1 to ${max}, or 0 for the service's own`);
    }
    return value === 0 ? null : value;
  };
  return {
    scheduleToStartMs: duration('scheduleToStart', 'schedule_to_start'),
    startToCloseMs: duration('startToClose', 'start_to_close'),
    scheduleToCloseMs: duration('scheduleToClose', 'schedule_to_close'),
    heartbeatMs: duration('heartbeat', 'heartbeat', minHeartbeatTimeoutMs),
    retry: retryBoundsOf(limits?.retry ?? null, `${at}.retry`, whole),
    maxMemoryBytes: whole('max_memory_bytes', limits?.maxMemoryBytes ?? 0, Number.MAX_SAFE_INTEGER),
    maxThreads: whole('max_threads', limits?.maxThreads ?? 0, maxThreadsOfJob),
  };
}

type Retry = NonNullable<NonNullable<JobSpec__Output['limits']>['retry']>;

function retryBoundsOf(
  retry: Retry | null,
  at: string,
  whole: (field: string, value: number, max: number) => number | null,
): RetryBounds {
  const { maxAttempts = 0, backoffCoefficient = 0, nonRetryableReasons = [] } = retry ?? {};
  if (backoffCoefficient !== 0 && !(backoffCoefficient >= 1 && backoffCoefficient <= 100)) {
    throw invalidField(`${at}.backoff_coefficient`, backoffCoefficient, 'must be 1 to 100, or 0 for 2');
  }
  if (nonRetryableReasons.length > maxNonRetryableReasons) {
    const bound = `reasons must be <= ${maxNonRetryableReasons}`;
    throw invalidField(`${at}.non_retryable_reasons`, nonRetryableReasons.length, bound);
  }
  for (const [index, reason] of nonRetryableReasons.entries()) {
    if (!Object.hasOwn(reasons, reason)) {
      throw invalidField(
        `${at}.non_retryable_reasons[${index}]`,
        reason,
        'must be a reason, such as DEPENDENCY_UNAVAILABLE',
      );
    }
  }
  return {
    maxAttempts: whole('retry.max_attempts', maxAttempts, maxAttemptsOfPolicy),
    initialIntervalMs: durationMs(`${at}.initial_interval`, retry?.initialInterval ?? null) ?? defaultInitialIntervalMs,
    coefficient: backoffCoefficient === 0 ? defaultBackoffCoefficient : backoffCoefficient,
    maxIntervalMs: durationMs(`${at}.max_interval`, retry?.maxInterval ?? null) ?? defaultMaxIntervalMs,
    nonRetryable: new Set(nonRetryableReasons),
  };
}

/** The pause before the attempt that follows `attempts` that ended without a result. */
export function pauseAfter(attempts: number, { initialIntervalMs, coefficient, maxIntervalMs }: RetryBounds): number {
  return Math.min(maxIntervalMs, initialIntervalMs * coefficient ** (attempts - 1));
}
