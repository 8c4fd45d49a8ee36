import type { ServerHttp2Stream } from 'node:http2';
import { TenonError } from '../errors.js';
import type { BytesHandler, EncodedAnswer } from './bytes-handler.js';
import type { Codec } from './codec.js';
import type { HandlerGauge } from './gauges.js';
import { runHandler } from './run-handler.js';
import type { ServerCall } from './server-call.js';
import type { AnyHandler } from './wrap.js';

const prefixBytes = 5;
const responseHeaders = { ':status': 200, 'content-type': 'application/grpc+proto' };
const waitForTrailers = { waitForTrailers: true };
const okTrailers = { 'grpc-status': '0' };

/** Takes over a unary call whose headers have been admitted. */
export type ServeUnary = (call: ServerCall) => void;

/** What serving a unary method takes. */
export interface UnaryParts {
  codec: Codec;
  handler: AnyHandler;
  onBytes: BytesHandler | null;
  handlers: HandlerGauge;
}

/**
 * Answers a unary method straight on its HTTP/2 stream. Most calls are unary and small, and grpc-js's interceptors, its
 * metadata and its streams of objects cost them more than all the rest; streaming methods and compressed messages stay
 * with it.
 */
export function serveUnary({ codec, handler, onBytes, handlers }: UnaryParts): ServeUnary {
  function answerOf(call: ServerCall, message: Buffer): unknown {
    const early = onBytes === null ? null : onBytes(message, call);
    if (early === null) return handler(codec.decode(message), call);
    if (!(early instanceof Promise)) return new Early(early);
    return early.then((answer) => (answer === null ? handler(codec.decode(message), call) : new Early(answer)));
  }

  function frameOf(result: unknown): Buffer {
    if (!(result instanceof Early)) {
      const message = codec.encode(result as object);
      const frame = frameFor(message.length);
      message.copy(frame, prefixBytes);
      return frame;
    }
    const { answer } = result;
    codec.checkSize(answer.byteLength);
    const frame = frameFor(answer.byteLength);
    const end = answer.write(frame, prefixBytes);
    // What is not written holds whatever was in that memory before.
    if (end !== frame.length) throw new Error(`an answer of ${answer.byteLength} bytes wrote ${end - prefixBytes}`);
    return frame;
  }

  return (call) => {
    const { stream } = call;
    let message: Buffer | null = null;
    let chunks: Buffer[] | null = null;
    stream.on('data', (chunk: Buffer) => {
      if (call.ended) return;
      try {
        call.hold(chunk);
      } catch (error) {
        if (!(error instanceof TenonError)) throw error;
        call.fail(error);
        return;
      }
      if (message === null) message = chunk;
      else if (chunks === null) chunks = [message, chunk];
      else chunks.push(chunk);
    });
    stream.on('end', () => {
      // A reset stream ends too, just before it closes.
      if (call.ended || stream.aborted) return;
      const frame = chunks === null ? message : Buffer.concat(chunks);
      message = null;
      chunks = null;
      runHandler(
        call,
        handlers,
        () => answerOf(call, onlyMessage(call, frame)),
        (result) => {
          if (call.ended) return;
          const answer = frameOf(result);
          if (call.succeed()) sendAnswer(stream, answer);
        },
      );
    });
  };
}

/** @throws TenonError UNDECODABLE_REQUEST unless the frame is one whole message that is not compressed */
function onlyMessage(call: ServerCall, frame: Buffer | null): Buffer {
  const problem = frame === null ? 'no message came' : call.framingProblem;
  if (frame !== null && problem === null && frame[0] === 0) return frame.subarray(prefixBytes);
  const detail = problem ?? 'the message is compressed, which no grpc-encoding header says';
  throw new TenonError({ reason: 'UNDECODABLE_REQUEST', message: `the request cannot be decoded: ${detail}` });
}

/** What a BytesHandler answered, so that no handler's message passes for it. */
class Early {
  constructor(readonly answer: EncodedAnswer) {}
}

/** Room for a message behind its prefix. */
function frameFor(bytes: number): Buffer {
  const frame = Buffer.allocUnsafe(prefixBytes + bytes);
  frame[0] = 0;
  frame.writeUInt32BE(bytes, 1);
  return frame;
}

function sendAnswer(stream: ServerHttp2Stream, frame: Buffer): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond(responseHeaders, waitForTrailers);
  stream.on('wantTrailers', sendOk);
  stream.end(frame);
}

function sendOk(this: ServerHttp2Stream): void {
  this.sendTrailers(okTrailers);
}
