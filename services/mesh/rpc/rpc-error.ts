import { type ServiceError, status } from '@grpc/grpc-js';
import { TenonError } from '../errors.js';
import type { Reason } from '../reasons.js';
import { decodeStatus, statusDetailsKey } from './status-details.js';

/** The reason for a status that carries none: one that did not come from a Tenon handler. */
const reasonOfCode: Readonly<Partial<Record<status, Reason>>> = {
  [status.CANCELLED]: 'CANCELLED',
  [status.DEADLINE_EXCEEDED]: 'DEADLINE_EXCEEDED',
  [status.NOT_FOUND]: 'RESOURCE_NOT_FOUND',
  [status.UNAUTHENTICATED]: 'UNAUTHENTICATED',
  [status.PERMISSION_DENIED]: 'PERMISSION_DENIED',
  [status.RESOURCE_EXHAUSTED]: 'QUOTA_EXCEEDED',
  [status.UNIMPLEMENTED]: 'METHOD_NOT_AVAILABLE',
  [status.UNAVAILABLE]: 'DEPENDENCY_UNAVAILABLE',
};

/** What another service answered, or why it could not be asked. */
export class RpcError extends TenonError {
  /** The status code as it came. */
  readonly code: status;
  /** The full method that was called. */
  readonly method: string;

  constructor(method: string, error: Pick<ServiceError, 'code' | 'details' | 'metadata'>) {
    const [bytes] = error.metadata?.get(statusDetailsKey) ?? [];
    const { reason, facts, violations, retryAfterMs } = decodeStatus(Buffer.isBuffer(bytes) ? bytes : undefined);
    super({
      reason: reason ?? reasonOfCode[error.code] ?? 'INTERNAL',
      message: error.details,
      facts,
      violations,
      ...(retryAfterMs === null ? {} : { retryAfterMs }),
    });
    this.name = 'RpcError';
    this.code = error.code;
    this.method = method;
  }
}
