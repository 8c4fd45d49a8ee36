import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Metadata, Server } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { Authenticate } from '../auth/authenticate.js';
import { TenonError } from '../errors.js';
import type { ByteGauge } from '../rpc/gauges.js';
import type { Identity } from '../rpc/handler.js';
import type { CallTelemetry } from '../rpc/plain-telemetry.js';
import { ServerCall } from '../rpc/server-call.js';
import { parseTimeout } from '../rpc/timeout.js';
import type { ServeUnary } from '../rpc/unary-stream.js';
import { OpenCalls } from './open-calls.js';
import { streamEvents } from './stream-events.js';

/** The header by which a handler finds its call again; overwritten whatever a caller sends. */
const callIdHeader = 'tenon-call';
const infrastructure = /^\/grpc\.(health|reflection)\./;
const healthMethods = '/grpc.health.v1.Health/';
const infrastructureMessageBytes = 4_096; // A service or symbol name.
const healthCheckMs = 10_000;
const anonymous: Identity = { name: 'anonymous' };

/** What the door needs to decide. */
export interface DoorParts {
  authenticate: Authenticate;
  telemetry: CallTelemetry;
  log: Logger;
  bytes: ByteGauge;
  maxMessageBytes: number;
  maxDeadlineMs: number;
  /** The unary methods by path, which are not left to grpc-js unless their message is compressed. */
  unary: ReadonlyMap<string, ServeUnary>;
  /** Whether the server has a method of this path. */
  knows(path: string): boolean;
}

/** Decides on every call before grpc-js sees it, and knows the calls that are open. */
export interface Door {
  callOf(metadata: Metadata): ServerCall | undefined;
  open(): Iterable<ServerCall>;
}

/** The time a call may take; null where it has none, which only infrastructure may. */
function timeoutOf(path: string, header: string | undefined, maxMs: number): number | null {
  if (!infrastructure.test(path)) return parseTimeout(header, maxMs);
  // Probes of load balancers and grpcurl carry no deadline. Watch and reflection streams end with their connection.
  const unary = path.startsWith(healthMethods) && !path.endsWith('/Watch');
  const longest = unary ? healthCheckMs : maxMs;
  if (header === undefined) return unary ? longest : null;
  return parseTimeout(header, longest);
}

/**
 * Stands between Node's HTTP/2 streams and grpc-js: caller, method, deadline and byte budget are settled from the headers,
 * before a byte of a message is read. grpc-js's interceptors would do this later, at more cost, and not at all for unknown
 * methods.
 */
export function installDoor(server: Server, parts: DoorParts): Door {
  const open = new OpenCalls();
  /** Those that grpc-js serves. */
  const calls = new Map<string, ServerCall>();
  let lastId = 0;
  const { telemetry, log, bytes, maxMessageBytes, maxDeadlineMs } = parts;

  function admit(path: string, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): ServerCall | null {
    const infrastructural = infrastructure.test(path);
    const span = telemetry.serverCall(path, single(headers.traceparent));
    let identity = anonymous;
    let timeout: number | null = null;
    let refusal: TenonError | null = null;
    try {
      if (!path.startsWith(healthMethods)) identity = parts.authenticate(headers.authorization, stream.session);
      if (!parts.knows(path)) {
        throw new TenonError({
          reason: 'METHOD_NOT_AVAILABLE',
          message: `there is no method ${path.slice(0, 200)} here`,
        });
      }
      timeout = timeoutOf(path, single(headers['grpc-timeout']), maxDeadlineMs);
    } catch (error) {
      if (!(error instanceof TenonError)) throw error;
      refusal = error;
    }
    const call = new ServerCall({
      method: path,
      stream,
      identity,
      deadline: Date.now() + (timeout ?? maxDeadlineMs),
      span,
      log,
      bytes,
      maxMessageBytes: infrastructural ? infrastructureMessageBytes : maxMessageBytes,
    });
    if (refusal !== null) {
      call.fail(refusal);
      return null;
    }
    if (timeout !== null) call.startDeadline(timeout);
    return call;
  }

  function closed(call: ServerCall, remove: () => void): void {
    remove();
    call.streamClosed();
  }

  function receive(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, next: () => void): void {
    // A stream that fails also closes, which is where calls end.
    stream.on('error', ignore);
    const path = headers[':path'] ?? '';
    if (!(headers['content-type'] ?? '').startsWith('application/grpc')) {
      next(); // Answered with 415.
      return;
    }
    const call = admit(path, stream, headers);
    if (call === null) return;
    const remove = open.add(call);
    const unary = isPlain(headers) ? parts.unary.get(path) : undefined;
    if (unary !== undefined) {
      stream.on('close', () => closed(call, remove));
      opened(stream);
      unary(call);
      return;
    }
    const id = String(++lastId);
    calls.set(id, call);
    stream.on('close', () => {
      calls.delete(id);
      closed(call, remove);
    });
    // Before grpc-js's own listener, which pauses the stream again in the same turn.
    stream.on('data', (chunk: Buffer) => {
      try {
        call.hold(chunk);
      } catch (error) {
        if (!(error instanceof TenonError)) throw error;
        call.fail(error);
      }
    });
    headers[callIdHeader] = id;
    // What grpc-js would act on or only carry along: the deadline is ours, and a credential ends here.
    for (const name of consumed) headers[name] = undefined;
    next();
  }

  const { opened } = streamEvents(server, receive);
  return {
    callOf: (metadata) => calls.get(String(metadata.get(callIdHeader)[0])),
    open: () => open,
  };
}

const consumed = ['grpc-timeout', 'authorization', 'user-agent', 'te', 'accept-encoding', 'grpc-accept-encoding'];

function ignore(): void {}

/** Whether the messages are not compressed. */
function isPlain(headers: IncomingHttpHeaders): boolean {
  const encoding = headers['grpc-encoding'];
  return encoding === undefined || encoding === 'identity';
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
