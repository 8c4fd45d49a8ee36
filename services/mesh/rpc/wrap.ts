import { randomUUID } from 'node:crypto';
import { Metadata, type ServerDuplexStream, type sendUnaryData, type UntypedHandleCall } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import { TenonError } from '../errors.js';
import { type Codec, createCodec } from './codec.js';
import type { HandlerGauge } from './gauges.js';
import type { CallContext } from './handler.js';
import { readRequests, writeResponses } from './message-streams.js';
import type { ServerCall } from './server-call.js';
import { encodeStatus, statusDetailsKey } from './status-details.js';

/** A method of a contract, its message types left open. */
export type AnyMethod = MethodDefinition<object, object>;

/** A handler; the method's two stream flags decide its shape. */
export type AnyHandler = (input: object, context: CallContext) => unknown;

/** What wrapped handlers need of their server. */
export interface WrapParts {
  /** The call that belongs to grpc-js's metadata. */
  callOf(metadata: Metadata): ServerCall | undefined;
  handlers: HandlerGauge;
  /** The largest message sent. */
  maxMessageBytes: number;
}

// Every shape of grpc-js's call objects as far as it is used here; messages are still bytes.
type RawCall = ServerDuplexStream<Buffer, Buffer> & { request: Buffer };
type Respond = sendUnaryData<Buffer>;
type Run = (raw: RawCall, call: ServerCall) => unknown;

/** What was thrown, as it may leave: a TenonError, or INTERNAL with an id that finds the cause in the log. */
export function toTenonError(thrown: unknown, call: CallContext): TenonError {
  if (thrown instanceof TenonError) {
    if (thrown.cause !== undefined) call.log.warn({ err: thrown.cause, reason: thrown.reason }, thrown.message);
    return thrown;
  }
  const id = randomUUID();
  call.log.error({ err: thrown, id }, 'a handler failed');
  return new TenonError({ reason: 'INTERNAL', message: `internal error ${id}`, facts: { id }, cause: thrown });
}

/** An error in the form that grpc-js sends. */
function serviceError(error: TenonError): { code: number; details: string; metadata: Metadata } {
  const { code, message, details } = encodeStatus(error);
  const metadata = new Metadata();
  metadata.set(statusDetailsKey, details);
  return { code, details: message, metadata };
}

/** Decodes a request that came whole, and accounts for what it takes when it is compressed. */
function decodeOne(raw: RawCall, call: ServerCall, codec: Codec): object {
  call.messageArrived(raw.request.length);
  return codec.decode(raw.request);
}

/**
 * Makes a handler safe to register: it counts as running until it settles, whatever it throws becomes one status, and
 * nothing that it does after the call's end reaches grpc-js. The method must be registered with codecs that pass bytes.
 */
export function wrapHandler(method: AnyMethod, handler: AnyHandler, parts: WrapParts): UntypedHandleCall {
  const codec = createCodec(method, parts.maxMessageBytes);
  const { handlers, callOf } = parts;

  const input: Run = method.requestStream
    ? (raw, call) => handler(readRequests(raw, call, codec), call)
    : (raw, call) => handler(decodeOne(raw, call, codec), call);

  function start(raw: RawCall, run: Run, answer: (call: ServerCall, result: unknown) => void, fail: AnswerError): void {
    const call = callOf(raw.metadata);
    if (call === undefined || call.ended) return;
    call.answerWithError = fail;
    let result: unknown;
    try {
      handlers.enter();
    } catch (error) {
      call.fail(toTenonError(error, call));
      return;
    }
    call.handlerStarted();
    const settled = () => {
      handlers.leave();
      call.handlerSettled();
    };
    const failed = (thrown: unknown) => {
      settled();
      if (!call.ended) call.fail(toTenonError(thrown, call));
      else if (!(thrown instanceof TenonError)) call.log.debug({ err: thrown }, 'a handler threw after its call ended');
    };
    const answered = (value: unknown) => {
      try {
        answer(call, value);
      } catch (thrown) {
        failed(thrown);
        return;
      }
      settled();
    };
    try {
      result = run(raw, call);
    } catch (thrown) {
      failed(thrown);
      return;
    }
    if (result instanceof Promise) result.then(answered, failed);
    else answered(result);
  }

  if (method.responseStream) {
    return ((raw: RawCall) => {
      const run: Run = (_raw, call) => writeResponses(raw, call, codec, input(raw, call) as AsyncIterable<object>);
      const answer = (call: ServerCall) => {
        if (call.succeed()) raw.end();
      };
      start(raw, run, answer, (error) => raw.emit('error', serviceError(error)));
    }) as UntypedHandleCall;
  }
  return ((raw: RawCall, respond: Respond) => {
    const answer = (call: ServerCall, value: unknown) => {
      if (call.ended) return;
      const bytes = codec.encode(value as object);
      if (call.succeed()) respond(null, bytes);
    };
    start(raw, input, answer, (error) => respond(serviceError(error)));
  }) as UntypedHandleCall;
}

type AnswerError = (error: TenonError) => void;
