import { notFound, TenonError } from '../mesh/errors.js';
import { createBackoff } from './backoff.js';
import { watchDeadlineMs } from './limits.js';
import type { RegistryReader } from './registry-reader.js';

/** What a follower tells. */
export interface AliasListener {
  /** The alias names this version; told again only when it changes or after a failure. */
  named(version: string): void;
  /** The alias or its model does not exist, or the registry cannot be reached; it goes on trying. */
  failed(error: TenonError): void;
}

/**
 * Follows `models/{model}/versions/@{alias}` until the signal aborts, through restarts of
 * the registry: a broken stream is opened again after a jittered pause.
 */
export async function followAlias(
  registry: Pick<RegistryReader, 'watchModel'>,
  name: string,
  listener: AliasListener,
  signal: AbortSignal,
): Promise<void> {
  const [model = '', alias = ''] = name.split('/versions/@');
  const backoff = createBackoff();
  let last: string | null = null;
  while (!signal.aborted) {
    try {
      for await (const { model: state } of registry.watchModel(
        { name: model },
        { deadlineMs: watchDeadlineMs, signal },
      )) {
        backoff.reset();
        const version = state?.aliases[alias];
        if (version === undefined) {
          last = null;
          listener.failed(notFound(name));
        } else if (version !== last) {
          last = version;
          listener.named(version);
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      // A watch that has lasted its deadline is no failure.
      const ended = error instanceof TenonError && error.reason === 'DEADLINE_EXCEEDED' && last !== null;
      if (!ended) {
        last = null;
        listener.failed(watchFailure(name, error));
      }
    }
    try {
      await backoff.wait(signal);
    } catch {
      return;
    }
  }
}

function watchFailure(name: string, error: unknown): TenonError {
  if (error instanceof TenonError) return error;
  return new TenonError({
    reason: 'DEPENDENCY_UNAVAILABLE',
    message: `the registry cannot be watched for ${name}`,
    facts: { name },
    cause: error,
  });
}
