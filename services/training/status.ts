import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { packageDefinition } from '../../proto/contracts.js';
import type { Status, Status__Output } from '../../proto/gen/google/rpc/index.js';
import { TenonError } from '../mesh/errors.js';
import { encodeStatus } from '../mesh/rpc/status-details.js';
import type { JobFailure } from './job.js';

const statusType = packageDefinition['google.rpc.Status'] as unknown as MessageTypeDefinition<Status, Status__Output>;

/** A failure as a call would have ended with it: code, message, ErrorInfo and BadRequest. */
export function statusOf({ reason, message, facts, violations }: JobFailure): Status {
  const { details } = encodeStatus(new TenonError({ reason, message, facts, violations }));
  return statusType.deserialize(details);
}
