import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { TenonError } from '../errors.js';
import type { GrpcServer } from './grpc-server.js';

const usualLastWordsMs = 5_000;

/** What a drain is made of. */
export interface DrainParts {
  server: GrpcServer;
  /** Takes the announcement back. */
  deregister(): Promise<void>;
  /** How long calls are still taken after that, in milliseconds. */
  propagationMs: number;
  /** The longest the drain takes, in milliseconds. */
  graceMs: number;
  log: Logger;
  /** Tells background work to end. */
  stopWork(error: TenonError): void;
}

/** Calls that last until somebody ends them. */
function isWatch(method: string): boolean {
  return /\/Watch[A-Z]?[^/]*$/.test(method) || method.startsWith('/grpc.reflection.');
}

/** Waits for a promise, but not beyond a time. @returns whether it came in time. */
async function within(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  if (milliseconds <= 0) return false;
  const timer = new AbortController();
  const late = sleep(milliseconds, false, { signal: timer.signal }).catch(() => false);
  const inTime = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([inTime, late]);
  } finally {
    timer.abort();
  }
}

/**
 * Stops a server without failing a call that could still succeed: says NOT_SERVING, deregisters, goes on serving until
 * callers know, ends watches, lets open calls finish, then ends them with UNAVAILABLE SHUTTING_DOWN five seconds (or a
 * sixth of a short grace) before the end, and at last cuts connections. Callers never see CANCELLED.
 */
export async function drain(parts: DrainParts): Promise<void> {
  const { server, deregister, propagationMs, graceMs, log, stopWork } = parts;
  const end = Date.now() + graceMs;
  const abortAt = end - Math.min(usualLastWordsMs, graceMs / 6);
  const stopping = new TenonError({
    reason: 'SHUTTING_DOWN',
    message: 'the server is stopping; another replica or a retry will answer',
    retryAfterMs: 500,
  });
  server.setServing(false);
  const deregistered = deregister().catch((error: unknown) => log.warn({ err: error }, 'deregistering failed'));
  await within(deregistered, Math.min(propagationMs + 1_000, abortAt - Date.now()));
  const propagated = Math.min(propagationMs, abortAt - Date.now());
  if (propagated > 0) await sleep(propagated);

  const finished = server.finish();
  server.abort(stopping, isWatch);
  stopWork(stopping);
  if (!(await within(finished, abortAt - Date.now()))) {
    log.warn({ handlers: server.handlers.running }, 'calls are ended since the grace is nearly over');
    server.abort(stopping);
    if (!(await within(finished, end - Date.now()))) log.warn('connections are cut since the grace is over');
  }
  server.cut();
}
