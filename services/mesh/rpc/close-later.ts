import type { ServerHttp2Stream } from 'node:http2';

const answerFlushMs = 1_000;
// Each message of an answer takes one, so do what Node asks for at their end and the trailers.
const flushTurns = 64;

/**
 * Resets a stream that is still open a while after its answer was given: its caller goes on sending, or does not read. Time
 * alone does not tell that the answer has left: where other work holds the event loop, a second may be a few turns of it,
 * and each message takes one. So the loop turns some times more first.
 */
export function closeLater(stream: ServerHttp2Stream, code: number): void {
  const timer = setTimeout(turn, answerFlushMs, flushTurns);
  timer.unref();
  stream.once('close', () => clearTimeout(timer));

  function turn(left: number): void {
    if (stream.closed || stream.destroyed) return;
    if (left === 0) stream.close(code);
    else setImmediate(turn, left - 1);
  }
}
