import { randomUUID } from 'node:crypto';
import { TenonError } from '../errors.js';
import type { HandlerGauge } from './gauges.js';
import type { CallContext } from './handler.js';
import type { ServerCall } from './server-call.js';

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

/**
 * Runs a handler to its end: it counts as running until it settles, and whatever `run` or `answer` throws becomes the
 * call's one status. A handler that answers at once is answered in the same turn.
 */
export function runHandler(
  call: ServerCall,
  handlers: HandlerGauge,
  run: () => unknown,
  answer: (result: unknown) => void,
): void {
  try {
    handlers.enter();
  } catch (error) {
    call.fail(toTenonError(error, call));
    return;
  }
  call.handlerStarted();
  let result: unknown;
  try {
    result = run();
    if (!(result instanceof Promise)) {
      answer(result);
      settled(call, handlers);
      return;
    }
  } catch (thrown) {
    failed(call, handlers, thrown);
    return;
  }
  result.then(
    (value) => {
      try {
        answer(value);
      } catch (thrown) {
        failed(call, handlers, thrown);
        return;
      }
      settled(call, handlers);
    },
    (thrown) => failed(call, handlers, thrown),
  );
}

function settled(call: ServerCall, handlers: HandlerGauge): void {
  handlers.leave();
  call.handlerSettled();
}

function failed(call: ServerCall, handlers: HandlerGauge, thrown: unknown): void {
  settled(call, handlers);
  if (!call.ended) call.fail(toTenonError(thrown, call));
  else if (!(thrown instanceof TenonError)) call.log.debug({ err: thrown }, 'a handler threw after its call ended');
}
