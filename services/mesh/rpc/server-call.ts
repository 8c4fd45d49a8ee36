import { constants, type ServerHttp2Stream } from 'node:http2';
import { status } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { TenonError } from '../errors.js';
import { reasons } from '../reasons.js';
import type { TraceContext } from '../telemetry/trace-context.js';
import type { ServerSpan } from '../telemetry/types.js';
import { closeLater } from './close-later.js';
import { Framing } from './framing.js';
import type { ByteGauge } from './gauges.js';
import type { CallContext, Identity } from './handler.js';
import { sendTrailers } from './send-trailers.js';

function expire(call: ServerCall, timeoutMs: number): void {
  const message = `the deadline passed after ${timeoutMs} ms`;
  call.fail(new TenonError({ reason: 'DEADLINE_EXCEEDED', message, facts: { timeout_ms: timeoutMs } }));
  // A reader that does not read would keep the stream for ever.
  closeLater(call.stream, constants.NGHTTP2_CANCEL);
}

/** What a call is made of. */
export interface ServerCallParts {
  method: string;
  stream: ServerHttp2Stream;
  identity: Identity;
  deadline: number;
  span: ServerSpan;
  log: Logger;
  bytes: ByteGauge;
  /** The largest message received. */
  maxMessageBytes: number;
}

/**
 * One call from its headers to the end of its handler. It is the handlers' context, and the one place that decides how the
 * call ends: whoever comes first of answer, error, deadline, cancellation and stop.
 */
export class ServerCall implements CallContext {
  readonly method: string;
  readonly deadline: number;
  readonly identity: Identity;
  readonly stream: ServerHttp2Stream;
  readonly #span: ServerSpan;
  readonly #startedMs = performance.now();
  readonly #serverLog: Logger;
  readonly #bytes: ByteGauge;
  readonly #framing: Framing;
  #log: Logger | undefined;
  #controller: AbortController | undefined;
  #deadlineTimer: NodeJS.Timeout | undefined;
  #heldBytes = 0;
  #running = false;
  #closed = false;
  #failure: TenonError | null = null;
  #ended = false;
  /** Set by the wrapper once grpc-js must be the one to answer. */
  answerWithError: ((error: TenonError) => void) | null = null;

  constructor({ method, stream, identity, deadline, span, log, bytes, maxMessageBytes }: ServerCallParts) {
    this.method = method;
    this.stream = stream;
    this.identity = identity;
    this.deadline = deadline;
    this.#span = span;
    this.#serverLog = log;
    this.#bytes = bytes;
    this.#framing = new Framing(maxMessageBytes);
  }

  get traceId(): string {
    return this.#span.trace.traceId;
  }

  /** Where this call stands in its trace; calls made on its behalf continue it. */
  get trace(): TraceContext {
    return this.#span.trace;
  }

  get log(): Logger {
    this.#log ??= this.#serverLog.child({ method: this.method, trace_id: this.traceId, caller: this.identity.name });
    return this.#log;
  }

  get signal(): AbortSignal {
    // Made on demand: most handlers of short calls never look at it.
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#failure !== null) this.#controller.abort(this.#failure);
    }
    return this.#controller.signal;
  }

  /** Why the call ended without an answer; null while it has not. */
  get failure(): TenonError | null {
    return this.#failure;
  }

  /** Whether the call's end is decided. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Decides that the call went well. @returns false if another end was decided before. */
  succeed(): boolean {
    return this.#end(status.OK);
  }

  /** Ends the call with an error, tells the handler, and answers the caller. Does nothing once the end is decided. */
  fail(error: TenonError): void {
    if (!this.#end(reasons[error.reason])) return;
    this.#failure = error;
    this.#controller?.abort(error);
    if (this.answerWithError !== null) this.answerWithError(error);
    else sendTrailers(this.stream, error);
  }

  /**
   * Takes bytes that arrived; they are given back as messages are consumed, the rest when call and handler are over.
   * @throws TenonError BYTE_BUDGET_EXCEEDED
   */
  hold(chunk: Buffer): void {
    // grpc-js throws away what comes after the answer.
    if (this.#ended) return;
    this.#take(chunk.length);
    this.#framing.write(chunk);
  }

  /**
   * A whole message left grpc-js, decompressed if it was compressed.
   * @returns the bytes that it holds, to be given to `release`
   * @throws TenonError BYTE_BUDGET_EXCEEDED
   */
  messageArrived(bytes: number): number {
    const framed = this.#framing.complete.shift() ?? 0;
    const inflated = Math.max(0, bytes - framed);
    if (inflated > 0) this.#take(inflated);
    return framed + inflated;
  }

  /** What keeps the bytes that arrived from being exactly one message; null if they are. */
  get framingProblem(): string | null {
    return this.#framing.problem;
  }

  /** Gives back the bytes of a consumed message. */
  release(bytes: number): void {
    const given = Math.min(bytes, this.#heldBytes);
    this.#heldBytes -= given;
    this.#bytes.give(given);
  }

  handlerStarted(): void {
    this.#running = true;
  }

  handlerSettled(): void {
    this.#running = false;
    if (this.#closed) this.release(this.#heldBytes);
  }

  /** Ends the call when its time is over. */
  startDeadline(timeoutMs: number): void {
    this.#deadlineTimer = setTimeout(expire, timeoutMs, this, timeoutMs);
  }

  /** The stream is gone: a call that had not ended was cancelled by its caller. */
  streamClosed(): void {
    this.#closed = true;
    clearTimeout(this.#deadlineTimer);
    this.#cancelled();
    if (!this.#running) this.release(this.#heldBytes);
  }

  /**
   * Called when no more request messages come: grpc-js also says so when the caller cancelled or its connection broke, and
   * half an upload must not pass for a whole one.
   * @throws TenonError with what ended the call
   */
  checkWhole(): void {
    if (this.stream.aborted || this.stream.destroyed) this.#cancelled();
    if (this.#failure !== null) throw this.#failure;
  }

  #cancelled(): void {
    if (!this.#end(status.CANCELLED)) return;
    this.#failure = new TenonError({ reason: 'CANCELLED', message: 'the caller cancelled the call' });
    this.#controller?.abort(this.#failure);
  }

  #take(bytes: number): void {
    this.#bytes.take(bytes);
    this.#heldBytes += bytes;
  }

  #end(code: status): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#span.end(code, (performance.now() - this.#startedMs) / 1000);
    // A caller that has its answer but goes on sending is told to stop.
    if (!this.stream.readableEnded && !this.stream.destroyed) closeLater(this.stream, constants.NGHTTP2_NO_ERROR);
    return true;
  }
}
