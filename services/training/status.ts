import type { Status, Status__Output } from '../../proto/gen/google/rpc/index.js';
import { TenonError } from '../mesh/errors.js';
import { encodeStatus, messageType } from '../mesh/rpc/status-details.js';
import type { JobFailure } from './job.js';

const statusType = messageType<Status, Status__Output>('google.rpc.Status');

/** A failure as a call would have ended with it: code, message, ErrorInfo and BadRequest. */
export function statusOf({ reason, message, facts, violations }: JobFailure): Status {
  const { details } = encodeStatus(new TenonError({ reason, message, facts, violations }));
  return statusType.deserialize(details);
}
