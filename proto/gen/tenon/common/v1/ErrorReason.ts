// Original file: proto/tenon/common/v1/error_reason.proto

/**
 * Why a call failed. Every error carries `google.rpc.ErrorInfo` whose `reason` is one
 * of these names without the `ERROR_REASON_` prefix and whose `domain` is `tenon`.
 * Match on the reason, never on the message.
 */
export const ErrorReason = {
  /**
   * Not stated; never sent.
   */
  ERROR_REASON_UNSPECIFIED: 'ERROR_REASON_UNSPECIFIED',
  /**
   * INVALID_ARGUMENT: a field is wrong; `google.rpc.BadRequest` names each one with the
   * value seen and the bound.
   */
  ERROR_REASON_INVALID_FIELD: 'ERROR_REASON_INVALID_FIELD',
  /**
   * INVALID_ARGUMENT: the request's bytes are no valid message of the method's type.
   */
  ERROR_REASON_UNDECODABLE_REQUEST: 'ERROR_REASON_UNDECODABLE_REQUEST',
  /**
   * INVALID_ARGUMENT: the call carries no deadline.
   */
  ERROR_REASON_DEADLINE_REQUIRED: 'ERROR_REASON_DEADLINE_REQUIRED',
  /**
   * DEADLINE_EXCEEDED: the deadline passed before the work was done.
   */
  ERROR_REASON_DEADLINE_EXCEEDED: 'ERROR_REASON_DEADLINE_EXCEEDED',
  /**
   * CANCELLED: the caller went away.
   */
  ERROR_REASON_CANCELLED: 'ERROR_REASON_CANCELLED',
  /**
   * NOT_FOUND: no resource has that name.
   */
  ERROR_REASON_RESOURCE_NOT_FOUND: 'ERROR_REASON_RESOURCE_NOT_FOUND',
  /**
   * ALREADY_EXISTS: a resource has that name already.
   */
  ERROR_REASON_RESOURCE_EXISTS: 'ERROR_REASON_RESOURCE_EXISTS',
  /**
   * ABORTED: the etag sent is not the resource's current one; read again and retry.
   */
  ERROR_REASON_ETAG_MISMATCH: 'ERROR_REASON_ETAG_MISMATCH',
  /**
   * INVALID_ARGUMENT: the request_id was used before with another request.
   */
  ERROR_REASON_REQUEST_ID_REUSED: 'ERROR_REASON_REQUEST_ID_REUSED',
  /**
   * FAILED_PRECONDITION: the resource is in a state that does not allow this.
   */
  ERROR_REASON_WRONG_STATE: 'ERROR_REASON_WRONG_STATE',
  /**
   * FAILED_PRECONDITION: other resources still use this one.
   */
  ERROR_REASON_RESOURCE_IN_USE: 'ERROR_REASON_RESOURCE_IN_USE',
  /**
   * RESOURCE_EXHAUSTED: more handlers are running than `rpc.max-handlers` allows.
   */
  ERROR_REASON_TOO_MANY_HANDLERS: 'ERROR_REASON_TOO_MANY_HANDLERS',
  /**
   * RESOURCE_EXHAUSTED: the bytes in flight exceed `rpc.max-bytes-in-flight`.
   */
  ERROR_REASON_BYTE_BUDGET_EXCEEDED: 'ERROR_REASON_BYTE_BUDGET_EXCEEDED',
  /**
   * RESOURCE_EXHAUSTED: a quota, a disk or a memory budget is used up.
   */
  ERROR_REASON_QUOTA_EXCEEDED: 'ERROR_REASON_QUOTA_EXCEEDED',
  /**
   * UNAVAILABLE: the server is stopping; another replica or a retry will answer.
   */
  ERROR_REASON_SHUTTING_DOWN: 'ERROR_REASON_SHUTTING_DOWN',
  /**
   * UNAVAILABLE: a service this call needs cannot be reached.
   */
  ERROR_REASON_DEPENDENCY_UNAVAILABLE: 'ERROR_REASON_DEPENDENCY_UNAVAILABLE',
  /**
   * UNAUTHENTICATED: the call carries no credential, or one that is not known.
   */
  ERROR_REASON_UNAUTHENTICATED: 'ERROR_REASON_UNAUTHENTICATED',
  /**
   * PERMISSION_DENIED: the caller may not do this.
   */
  ERROR_REASON_PERMISSION_DENIED: 'ERROR_REASON_PERMISSION_DENIED',
  /**
   * DATA_LOSS: stored bytes do not match their digest.
   */
  ERROR_REASON_DIGEST_MISMATCH: 'ERROR_REASON_DIGEST_MISMATCH',
  /**
   * INVALID_ARGUMENT: a file cannot be parsed; the violation names line and column.
   */
  ERROR_REASON_UNPARSABLE_FILE: 'ERROR_REASON_UNPARSABLE_FILE',
  /**
   * INVALID_ARGUMENT: the table has no rows, or none is left after cleaning.
   */
  ERROR_REASON_EMPTY_TABLE: 'ERROR_REASON_EMPTY_TABLE',
  /**
   * INVALID_ARGUMENT: a row names a column that the model does not have.
   */
  ERROR_REASON_UNKNOWN_COLUMN: 'ERROR_REASON_UNKNOWN_COLUMN',
  /**
   * INVALID_ARGUMENT: a row lacks a column that the model needs.
   */
  ERROR_REASON_MISSING_COLUMN: 'ERROR_REASON_MISSING_COLUMN',
  /**
   * INVALID_ARGUMENT: a value's type is not its column's type.
   */
  ERROR_REASON_WRONG_TYPE: 'ERROR_REASON_WRONG_TYPE',
  /**
   * INVALID_ARGUMENT: a category was not among the training rows and the recipe says
   * that such a row is an error.
   */
  ERROR_REASON_UNKNOWN_CATEGORY: 'ERROR_REASON_UNKNOWN_CATEGORY',
  /**
   * INVALID_ARGUMENT: a value is NaN, infinite, or null where the model needs a number.
   */
  ERROR_REASON_NOT_FINITE: 'ERROR_REASON_NOT_FINITE',
  /**
   * FAILED_PRECONDITION: the model version failed to load, verify or warm up.
   */
  ERROR_REASON_MODEL_NOT_LOADABLE: 'ERROR_REASON_MODEL_NOT_LOADABLE',
  /**
   * UNAVAILABLE: the deployment has no version that is ready yet.
   */
  ERROR_REASON_DEPLOYMENT_NOT_READY: 'ERROR_REASON_DEPLOYMENT_NOT_READY',
  /**
   * UNIMPLEMENTED: the method is part of the contract but not of this release.
   */
  ERROR_REASON_METHOD_NOT_AVAILABLE: 'ERROR_REASON_METHOD_NOT_AVAILABLE',
  /**
   * INTERNAL: a fault of ours; `metadata.id` finds it in the server's log.
   */
  ERROR_REASON_INTERNAL: 'ERROR_REASON_INTERNAL',
  /**
   * FAILED_PRECONDITION: no variant of a model is better within the loss allowed.
   */
  ERROR_REASON_BUDGET_NOT_MET: 'ERROR_REASON_BUDGET_NOT_MET',
  /**
   * FAILED_PRECONDITION: the model has no explanation by the method asked for.
   */
  ERROR_REASON_EXPLANATION_UNSUPPORTED: 'ERROR_REASON_EXPLANATION_UNSUPPORTED',
} as const;

/**
 * Why a call failed. Every error carries `google.rpc.ErrorInfo` whose `reason` is one
 * of these names without the `ERROR_REASON_` prefix and whose `domain` is `tenon`.
 * Match on the reason, never on the message.
 */
export type ErrorReason =
  /**
   * Not stated; never sent.
   */
  | 'ERROR_REASON_UNSPECIFIED'
  | 0
  /**
   * INVALID_ARGUMENT: a field is wrong; `google.rpc.BadRequest` names each one with the
   * value seen and the bound.
   */
  | 'ERROR_REASON_INVALID_FIELD'
  | 1
  /**
   * INVALID_ARGUMENT: the request's bytes are no valid message of the method's type.
   */
  | 'ERROR_REASON_UNDECODABLE_REQUEST'
  | 2
  /**
   * INVALID_ARGUMENT: the call carries no deadline.
   */
  | 'ERROR_REASON_DEADLINE_REQUIRED'
  | 3
  /**
   * DEADLINE_EXCEEDED: the deadline passed before the work was done.
   */
  | 'ERROR_REASON_DEADLINE_EXCEEDED'
  | 4
  /**
   * CANCELLED: the caller went away.
   */
  | 'ERROR_REASON_CANCELLED'
  | 5
  /**
   * NOT_FOUND: no resource has that name.
   */
  | 'ERROR_REASON_RESOURCE_NOT_FOUND'
  | 6
  /**
   * ALREADY_EXISTS: a resource has that name already.
   */
  | 'ERROR_REASON_RESOURCE_EXISTS'
  | 7
  /**
   * ABORTED: the etag sent is not the resource's current one; read again and retry.
   */
  | 'ERROR_REASON_ETAG_MISMATCH'
  | 8
  /**
   * INVALID_ARGUMENT: the request_id was used before with another request.
   */
  | 'ERROR_REASON_REQUEST_ID_REUSED'
  | 9
  /**
   * FAILED_PRECONDITION: the resource is in a state that does not allow this.
   */
  | 'ERROR_REASON_WRONG_STATE'
  | 10
  /**
   * FAILED_PRECONDITION: other resources still use this one.
   */
  | 'ERROR_REASON_RESOURCE_IN_USE'
  | 11
  /**
   * RESOURCE_EXHAUSTED: more handlers are running than `rpc.max-handlers` allows.
   */
  | 'ERROR_REASON_TOO_MANY_HANDLERS'
  | 12
  /**
   * RESOURCE_EXHAUSTED: the bytes in flight exceed `rpc.max-bytes-in-flight`.
   */
  | 'ERROR_REASON_BYTE_BUDGET_EXCEEDED'
  | 13
  /**
   * RESOURCE_EXHAUSTED: a quota, a disk or a memory budget is used up.
   */
  | 'ERROR_REASON_QUOTA_EXCEEDED'
  | 14
  /**
   * UNAVAILABLE: the server is stopping; another replica or a retry will answer.
   */
  | 'ERROR_REASON_SHUTTING_DOWN'
  | 15
  /**
   * UNAVAILABLE: a service this call needs cannot be reached.
   */
  | 'ERROR_REASON_DEPENDENCY_UNAVAILABLE'
  | 16
  /**
   * UNAUTHENTICATED: the call carries no credential, or one that is not known.
   */
  | 'ERROR_REASON_UNAUTHENTICATED'
  | 17
  /**
   * PERMISSION_DENIED: the caller may not do this.
   */
  | 'ERROR_REASON_PERMISSION_DENIED'
  | 18
  /**
   * DATA_LOSS: stored bytes do not match their digest.
   */
  | 'ERROR_REASON_DIGEST_MISMATCH'
  | 19
  /**
   * INVALID_ARGUMENT: a file cannot be parsed; the violation names line and column.
   */
  | 'ERROR_REASON_UNPARSABLE_FILE'
  | 20
  /**
   * INVALID_ARGUMENT: the table has no rows, or none is left after cleaning.
   */
  | 'ERROR_REASON_EMPTY_TABLE'
  | 21
  /**
   * INVALID_ARGUMENT: a row names a column that the model does not have.
   */
  | 'ERROR_REASON_UNKNOWN_COLUMN'
  | 22
  /**
   * INVALID_ARGUMENT: a row lacks a column that the model needs.
   */
  | 'ERROR_REASON_MISSING_COLUMN'
  | 23
  /**
   * INVALID_ARGUMENT: a value's type is not its column's type.
   */
  | 'ERROR_REASON_WRONG_TYPE'
  | 24
  /**
   * INVALID_ARGUMENT: a category was not among the training rows and the recipe says
   * that such a row is an error.
   */
  | 'ERROR_REASON_UNKNOWN_CATEGORY'
  | 25
  /**
   * INVALID_ARGUMENT: a value is NaN, infinite, or null where the model needs a number.
   */
  | 'ERROR_REASON_NOT_FINITE'
  | 26
  /**
   * FAILED_PRECONDITION: the model version failed to load, verify or warm up.
   */
  | 'ERROR_REASON_MODEL_NOT_LOADABLE'
  | 27
  /**
   * UNAVAILABLE: the deployment has no version that is ready yet.
   */
  | 'ERROR_REASON_DEPLOYMENT_NOT_READY'
  | 28
  /**
   * UNIMPLEMENTED: the method is part of the contract but not of this release.
   */
  | 'ERROR_REASON_METHOD_NOT_AVAILABLE'
  | 29
  /**
   * INTERNAL: a fault of ours; `metadata.id` finds it in the server's log.
   */
  | 'ERROR_REASON_INTERNAL'
  | 30
  /**
   * FAILED_PRECONDITION: no variant of a model is better within the loss allowed.
   */
  | 'ERROR_REASON_BUDGET_NOT_MET'
  | 31
  /**
   * FAILED_PRECONDITION: the model has no explanation by the method asked for.
   */
  | 'ERROR_REASON_EXPLANATION_UNSUPPORTED'
  | 32

/**
 * Why a call failed. Every error carries `google.rpc.ErrorInfo` whose `reason` is one
 * of these names without the `ERROR_REASON_` prefix and whose `domain` is `tenon`.
 * Match on the reason, never on the message.
 */
export type ErrorReason__Output = typeof ErrorReason[keyof typeof ErrorReason]
