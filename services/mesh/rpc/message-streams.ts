import type { Readable, Writable } from 'node:stream';
import type { Codec } from './codec.js';
import type { ServerCall } from './server-call.js';

// What one slow reader may make us hold beyond HTTP/2's own window.
const maxUnsentBytes = 262_144;

/**
 * The messages of a request stream, decoded one by one as they are asked for. A message's bytes count as held until the
 * next is asked for. Throws what ended the call if it ends early.
 */
export async function* readRequests(raw: Readable, call: ServerCall, codec: Codec): AsyncGenerator<object> {
  let held = 0;
  try {
    for await (const bytes of raw.iterator({ destroyOnReturn: false })) {
      call.release(held);
      held = call.messageArrived((bytes as Buffer).length);
      yield codec.decode(bytes as Buffer);
    }
    // Node tells the end of a reset stream one callback before the reset.
    await new Promise((resume) => setImmediate(resume));
    call.checkWhole();
  } catch (error) {
    throw call.failure ?? error;
  } finally {
    call.release(held);
  }
}

/** Sends every message of a response stream, waiting for the reader; stops asking for more once the call has ended. */
export async function writeResponses(
  raw: Writable,
  call: ServerCall,
  codec: Codec,
  messages: AsyncIterable<object>,
): Promise<void> {
  let unsent = 0;
  let wake = () => {};
  // A write's callback also comes, with an error, when the stream is destroyed.
  const answerWithError = call.answerWithError;
  call.answerWithError = (error) => {
    answerWithError?.(error);
    wake();
  };
  for await (const message of messages) {
    if (call.ended) return;
    const bytes = codec.encode(message);
    unsent += bytes.length;
    raw.write(bytes, () => {
      unsent -= bytes.length;
      wake();
    });
    while (unsent > maxUnsentBytes && !call.ended) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (call.ended) return;
  }
}
