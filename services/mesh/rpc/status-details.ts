import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { packageDefinition } from '../../../proto/contracts.js';
import type { BadRequest, BadRequest__Output } from '../../../proto/gen/google/rpc/BadRequest.js';
import type { ErrorInfo, ErrorInfo__Output } from '../../../proto/gen/google/rpc/ErrorInfo.js';
import type { RetryInfo, RetryInfo__Output } from '../../../proto/gen/google/rpc/RetryInfo.js';
import type { FieldViolation, TenonError } from '../errors.js';
import { errorDomain, type Reason, reasons } from '../reasons.js';

/** The trailer that carries `google.rpc.Status`. */
export const statusDetailsKey = 'grpc-status-details-bin';

// Peers bound the size of headers, many of them at 8 KiB; what is larger loses the whole status.
const maxMessageChars = 1_500;
const maxFactChars = 200;
const maxFieldChars = 1_000; // A key of 128 characters may need six times as many when it is escaped.
const maxViolations = 20;
const maxDetailsBytes = 5_000;

/** The codec of a message of the contracts, by its full name. */
export function messageType<Input, Output>(name: string): MessageTypeDefinition<Input, Output> {
  const definition = packageDefinition[name];
  if (definition === undefined || !('serialize' in definition)) throw new Error(`no message type ${name}`);
  return definition as unknown as MessageTypeDefinition<Input, Output>;
}

// protobufjs brings its own google.protobuf.Any, whose field keeps its proto spelling.
interface PackedAny {
  type_url: string;
  value: Buffer;
}
interface PackedStatus {
  code: number;
  message: string;
  details: PackedAny[];
}

const errorInfoType = messageType<ErrorInfo, ErrorInfo__Output>('google.rpc.ErrorInfo');
const badRequestType = messageType<BadRequest, BadRequest__Output>('google.rpc.BadRequest');
const retryInfoType = messageType<RetryInfo, RetryInfo__Output>('google.rpc.RetryInfo');
const statusType = messageType<PackedStatus, PackedStatus>('google.rpc.Status');
const typePrefix = 'type.googleapis.com/';

/** Text that may stand in a status: well-formed, bounded, cut with an ellipsis. */
function bounded(text: string, chars: number): string {
  const cut = text.length <= chars ? text : `${text.slice(0, chars - 3)}...`;
  return cut.replaceAll(/\p{Surrogate}/gu, '\ufffd');
}

/** What a client gets: the code, the message, and the details of `google.rpc.Status`. */
export interface WireStatus {
  code: number;
  message: string;
  details: Buffer;
}

function encode(error: TenonError, message: string, violations: readonly FieldViolation[]): Buffer {
  const code = reasons[error.reason];
  const facts = Object.entries(error.facts).slice(0, 20);
  const metadata = Object.fromEntries(facts.map(([key, value]) => [key, bounded(String(value), maxFactChars)]));
  const pack = (name: string, value: Buffer): PackedAny => ({ type_url: `${typePrefix}${name}`, value });
  const info = errorInfoType.serialize({ reason: error.reason, domain: errorDomain, metadata });
  const details = [pack('google.rpc.ErrorInfo', info)];
  if (violations.length > 0) {
    details.push(pack('google.rpc.BadRequest', badRequestType.serialize({ fieldViolations: [...violations] })));
  }
  if (error.retryAfterMs !== null) {
    const seconds = Math.floor(error.retryAfterMs / 1000);
    const nanos = Math.round((error.retryAfterMs - seconds * 1000) * 1e6);
    details.push(pack('google.rpc.RetryInfo', retryInfoType.serialize({ retryDelay: { seconds, nanos } })));
  }
  return statusType.serialize({ code, message, details });
}

/** A TenonError as it travels. Of too many violations the first are kept, so that the status stays below 8 KiB. */
export function encodeStatus(error: TenonError): WireStatus {
  const message = bounded(error.message, maxMessageChars);
  let violations = error.violations.slice(0, maxViolations).map(({ field, description }) => ({
    field: bounded(field, maxFieldChars),
    description: bounded(description, 500),
  }));
  let details = encode(error, message, violations);
  while (details.length > maxDetailsBytes && violations.length > 1) {
    violations = violations.slice(0, violations.length >> 1);
    details = encode(error, message, violations);
  }
  return { code: reasons[error.reason], message, details };
}

/** What the details of a status said, where they could be read. */
export interface ReadStatus {
  reason: Reason | null;
  facts: Record<string, string>;
  violations: FieldViolation[];
  retryAfterMs: number | null;
}

/** Reads the details of a status; what is not ours or not readable is left out. */
export function decodeStatus(bytes: Buffer | undefined): ReadStatus {
  const read: ReadStatus = { reason: null, facts: {}, violations: [], retryAfterMs: null };
  if (bytes === undefined) return read;
  try {
    for (const { type_url: typeUrl, value } of statusType.deserialize(bytes).details) {
      if (typeUrl === `${typePrefix}google.rpc.ErrorInfo`) {
        const info = errorInfoType.deserialize(value);
        if (info.domain !== errorDomain || !Object.hasOwn(reasons, info.reason)) continue;
        read.reason = info.reason as Reason;
        read.facts = info.metadata;
      } else if (typeUrl === `${typePrefix}google.rpc.BadRequest`) {
        read.violations = badRequestType
          .deserialize(value)
          .fieldViolations.map(({ field, description }) => ({ field, description }));
      } else if (typeUrl === `${typePrefix}google.rpc.RetryInfo`) {
        const delay = retryInfoType.deserialize(value).retryDelay;
        read.retryAfterMs = delay === null ? 0 : Number(delay.seconds) * 1000 + delay.nanos / 1e6;
      }
    }
  } catch {
    // A status whose details cannot be read still has its code and message.
  }
  return read;
}
