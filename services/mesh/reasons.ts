import { status } from '@grpc/grpc-js';

/** The domain of every `google.rpc.ErrorInfo` that Tenon sends. */
export const errorDomain = 'tenon';

/**
 * The one table from reason to status code. Names and codes follow
 * `tenon.common.v1.ErrorReason`; a test holds the two together.
 */
export const reasons = {
  INVALID_FIELD: status.INVALID_ARGUMENT,
  UNDECODABLE_REQUEST: status.INVALID_ARGUMENT,
  DEADLINE_REQUIRED: status.INVALID_ARGUMENT,
  DEADLINE_EXCEEDED: status.DEADLINE_EXCEEDED,
  CANCELLED: status.CANCELLED,
  RESOURCE_NOT_FOUND: status.NOT_FOUND,
  RESOURCE_EXISTS: status.ALREADY_EXISTS,
  ETAG_MISMATCH: status.ABORTED,
  REQUEST_ID_REUSED: status.INVALID_ARGUMENT,
  WRONG_STATE: status.FAILED_PRECONDITION,
  RESOURCE_IN_USE: status.FAILED_PRECONDITION,
  TOO_MANY_HANDLERS: status.RESOURCE_EXHAUSTED,
  BYTE_BUDGET_EXCEEDED: status.RESOURCE_EXHAUSTED,
  QUOTA_EXCEEDED: status.RESOURCE_EXHAUSTED,
  SHUTTING_DOWN: status.UNAVAILABLE,
  DEPENDENCY_UNAVAILABLE: status.UNAVAILABLE,
  UNAUTHENTICATED: status.UNAUTHENTICATED,
  PERMISSION_DENIED: status.PERMISSION_DENIED,
  DIGEST_MISMATCH: status.DATA_LOSS,
  UNPARSABLE_FILE: status.INVALID_ARGUMENT,
  EMPTY_TABLE: status.INVALID_ARGUMENT,
  UNKNOWN_COLUMN: status.INVALID_ARGUMENT,
  MISSING_COLUMN: status.INVALID_ARGUMENT,
  WRONG_TYPE: status.INVALID_ARGUMENT,
  UNKNOWN_CATEGORY: status.INVALID_ARGUMENT,
  NOT_FINITE: status.INVALID_ARGUMENT,
  MODEL_NOT_LOADABLE: status.FAILED_PRECONDITION,
  DEPLOYMENT_NOT_READY: status.UNAVAILABLE,
  METHOD_NOT_AVAILABLE: status.UNIMPLEMENTED,
  INTERNAL: status.INTERNAL,
} as const;

/** Why a call failed: what clients match on. */
export type Reason = keyof typeof reasons;
