import { Metadata, type ServerDuplexStream, type sendUnaryData, type UntypedHandleCall } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import type { TenonError } from '../errors.js';
import type { Codec } from './codec.js';
import type { HandlerGauge } from './gauges.js';
import type { CallContext } from './handler.js';
import { readRequests, writeResponses } from './message-streams.js';
import { runHandler } from './run-handler.js';
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
  codec: Codec;
}

// Every shape of grpc-js's call objects as far as it is used here; messages are still bytes.
type RawCall = ServerDuplexStream<Buffer, Buffer> & { request: Buffer };
type Respond = sendUnaryData<Buffer>;
type Run = (raw: RawCall, call: ServerCall) => unknown;

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
  const { handlers, callOf, codec } = parts;

  const input: Run = method.requestStream
    ? (raw, call) => handler(readRequests(raw, call, codec), call)
    : (raw, call) => handler(decodeOne(raw, call, codec), call);

  function start(raw: RawCall, run: Run, answer: (call: ServerCall, result: unknown) => void, fail: AnswerError): void {
    const call = callOf(raw.metadata);
    if (call === undefined || call.ended) return;
    call.answerWithError = fail;
    runHandler(
      call,
      handlers,
      () => run(raw, call),
      (result) => answer(call, result),
    );
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
