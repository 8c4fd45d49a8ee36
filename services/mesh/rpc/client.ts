import { randomUUID } from 'node:crypto';
import {
  type Client,
  type CallOptions as GrpcCallOptions,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  type ServiceDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import { TenonError } from '../errors.js';
import { parseTraceparent } from '../telemetry/trace-context.js';
import type { ClientSpan } from '../telemetry/types.js';
import type { CallContext } from './handler.js';
import type { CallTelemetry } from './plain-telemetry.js';
import { retrySafety } from './retry-safety.js';
import { RpcError } from './rpc-error.js';
import { ServerCall } from './server-call.js';

/** How one call is made. `deadlineMs`, `parent` or both must be given; the earlier end counts. */
export interface CallOptions {
  /** The longest time the call may take, in milliseconds from now. */
  deadlineMs?: number;
  /** Cancels the call. */
  signal?: AbortSignal | undefined;
  /** The call on whose behalf this one is made: its deadline, cancellation and trace are passed on. */
  parent?: CallContext;
  /** The W3C header of the trace to continue where there is no parent. */
  traceparent?: string | undefined;
}

type Shape<Raw, Request, Response> =
  Raw extends handleUnaryCall<infer _UnaryIn, infer _UnaryOut>
    ? (request: Request, options: CallOptions) => Promise<Response>
    : Raw extends handleServerStreamingCall<infer _ServerIn, infer _ServerOut>
      ? (request: Request, options: CallOptions) => AsyncIterable<Response>
      : Raw extends handleClientStreamingCall<infer _ClientIn, infer _ClientOut>
        ? (requests: AsyncIterable<Request>, options: CallOptions) => Promise<Response>
        : never;

/** A service's methods as promises and async iterables, from its generated `…Handlers` and `…Definition`. */
export type ServiceClient<Handlers, Definition> = {
  readonly [Name in keyof Definition as string extends Name
    ? never
    : Name extends string
      ? Uncapitalize<Name>
      : never]: Definition[Name] extends MethodDefinition<infer Request, infer _Response, infer _Seen, infer Output>
    ? Name extends keyof Handlers
      ? Shape<Handlers[Name], Request, Output>
      : never
    : never;
};

/** What a client needs besides its contract. */
export interface ClientParts {
  /** The channel, made at the first call. */
  channel(): Client;
  telemetry: CallTelemetry;
  /** The service that is called, such as `registry`. */
  target: string;
  /** `Bearer …`, or null. */
  authorization: string | null;
}

// What one slow server may make us hold beyond HTTP/2's own window.
const maxUnsentBytes = 262_144;
const identity = (bytes: Buffer): Buffer => bytes;

interface OpenCall {
  metadata: Metadata;
  options: GrpcCallOptions;
  /** Cancels `call` when the signal or the parent's aborts; the returned function undoes it. */
  follow(call: { cancel(): void }): () => void;
  span: ClientSpan;
}

function open(path: string, { deadlineMs, signal, parent, traceparent }: CallOptions, parts: ClientParts): OpenCall {
  const deadline = Math.min(
    deadlineMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + deadlineMs,
    parent?.deadline ?? Number.POSITIVE_INFINITY,
  );
  if (!Number.isFinite(deadline)) {
    const message = `${path} is called without a deadline; give deadlineMs or parent`;
    throw new TenonError({ reason: 'DEADLINE_REQUIRED', message });
  }
  const signals = [signal, parent?.signal].filter((each) => each !== undefined);
  for (const each of signals) each.throwIfAborted();
  const cause = parent instanceof ServerCall ? parent.trace : (parseTraceparent(traceparent) ?? undefined);
  const span = parts.telemetry.clientCall(path, parts.target, cause);
  const metadata = new Metadata();
  metadata.set('traceparent', span.traceparent);
  if (parts.authorization !== null) metadata.set('authorization', parts.authorization);
  return {
    metadata,
    options: { deadline },
    span,
    follow(call) {
      const cancel = () => call.cancel();
      for (const each of signals) each.addEventListener('abort', cancel, { once: true });
      return () => {
        for (const each of signals) each.removeEventListener('abort', cancel);
      };
    },
  };
}

function endedWith(span: ClientSpan, path: string, error: ServiceError | null): RpcError | null {
  const failure = error === null ? null : new RpcError(path, error);
  span.end(failure?.code ?? status.OK);
  return failure;
}

type Method = MethodDefinition<object, object>;

function unary(method: Method, fillRequestId: boolean, parts: ClientParts) {
  return async (request: object, options: CallOptions): Promise<object> => {
    const { path, requestSerialize, responseDeserialize } = method;
    const filled =
      fillRequestId && !('requestId' in request && request.requestId !== '' && request.requestId !== undefined)
        ? { ...request, requestId: randomUUID() }
        : request;
    const bytes = requestSerialize(filled);
    const { metadata, options: grpcOptions, follow, span } = open(path, options, parts);
    return new Promise((resolve, reject) => {
      let unfollow = () => {};
      const call = parts
        .channel()
        .makeUnaryRequest(path, identity, responseDeserialize, bytes, metadata, grpcOptions, (error, response) => {
          unfollow();
          const failure = endedWith(span, path, error);
          if (failure !== null) reject(failure);
          else if (response !== undefined) resolve(response);
        });
      unfollow = follow(call);
    });
  };
}

function serverStream(method: Method, parts: ClientParts) {
  return async function* (request: object, options: CallOptions): AsyncGenerator<object> {
    const { path, requestSerialize, responseDeserialize } = method;
    const bytes = requestSerialize(request);
    const { metadata, options: grpcOptions, follow, span } = open(path, options, parts);
    const call = parts
      .channel()
      .makeServerStreamRequest(path, identity, responseDeserialize, bytes, metadata, grpcOptions);
    const unfollow = follow(call);
    let failed: ServiceError | null = null;
    try {
      for await (const message of call) yield message;
    } catch (error) {
      failed = error as ServiceError;
      throw new RpcError(path, failed);
    } finally {
      unfollow();
      endedWith(span, path, failed);
      // Does nothing to a call that has ended; otherwise the reader stopped early.
      call.on('error', () => {});
      call.cancel();
    }
  };
}

function clientStream(method: Method, parts: ClientParts) {
  return async (requests: AsyncIterable<object>, options: CallOptions): Promise<object> => {
    const { path, requestSerialize, responseDeserialize } = method;
    const { metadata, options: grpcOptions, follow, span } = open(path, options, parts);
    let ended = false;
    let wake = () => {};
    let sourceError: unknown;
    let unfollow = () => {};
    const iterator = requests[Symbol.asyncIterator]();
    const answered = new Promise<object>((resolve, reject) => {
      const call = parts
        .channel()
        .makeClientStreamRequest(path, identity, responseDeserialize, metadata, grpcOptions, (error, response) => {
          ended = true;
          wake();
          unfollow();
          const failure = endedWith(span, path, error);
          if (failure !== null) reject(sourceError ?? failure);
          else if (response !== undefined) resolve(response);
        });
      unfollow = follow(call);
      // The call's own errors arrive in the callback.
      call.on('error', () => {});
      const send = async () => {
        let unsent = 0;
        for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
          if (ended) return;
          const bytes = requestSerialize(next.value);
          unsent += bytes.length;
          call.write(bytes, () => {
            unsent -= bytes.length;
            wake();
          });
          while (unsent > maxUnsentBytes && !ended) {
            await new Promise<void>((resume) => {
              wake = resume;
            });
          }
        }
        call.end();
      };
      send().catch((error: unknown) => {
        sourceError = error;
        call.cancel();
      });
    });
    try {
      return await answered;
    } finally {
      // An answer before the source's end leaves the source to be closed; nobody waits for a source that hangs.
      void Promise.resolve(iterator.return?.()).catch(() => {});
    }
  };
}

/**
 * Makes a typed client of a service: `makeClient<DatasetServiceHandlers, DatasetServiceDefinition>(datasetService, parts)`.
 * Its methods fail with RpcError, or with TenonError DEADLINE_REQUIRED when called without deadline.
 */
export function makeClient<Handlers, Definition extends ServiceDefinition>(
  definition: Definition,
  parts: ClientParts,
): ServiceClient<Handlers, Definition> {
  const client: Record<string, unknown> = {};
  for (const [name, raw] of Object.entries(definition)) {
    const method = raw as unknown as Method;
    const service = method.path.slice(1, method.path.indexOf('/', 1));
    const key = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    if (method.requestStream) client[key] = clientStream(method, parts);
    else if (method.responseStream) client[key] = serverStream(method, parts);
    else client[key] = unary(method, retrySafety[service]?.[name] === 'request-id', parts);
  }
  return client as ServiceClient<Handlers, Definition>;
}
