import { notFound } from '../mesh/errors.js';
import type { ModelRecord } from './model.js';
import { modelName } from './model.js';
import type { RegistryStore } from './store.js';

/** Tells the watchers of a model, in this process, that it may have changed. */
export interface ModelSignals {
  /** To be called after the change is committed. */
  changed(model: string): void;
  /** `next` resolves once `changed` was called since the last `next` or, before that, since the subscription. */
  subscribe(model: string): { next(signal: AbortSignal): Promise<void>; close(): void };
}

/** The signals of one process. */
export function createModelSignals(): ModelSignals {
  const watchers = new Map<string, Set<() => void>>();
  return {
    changed(model) {
      for (const wake of watchers.get(model) ?? []) wake();
    },
    subscribe(model) {
      let pending = false;
      let resume: (() => void) | undefined;
      const wake = (): void => {
        pending = true;
        resume?.();
      };
      const all = watchers.get(model) ?? new Set();
      watchers.set(model, all.add(wake));
      return {
        async next(signal) {
          if (!pending && !signal.aborted) {
            const { promise, resolve } = deferred();
            resume = resolve;
            signal.addEventListener('abort', resolve, { once: true });
            await promise;
            signal.removeEventListener('abort', resolve);
          }
          resume = undefined;
          pending = false;
        },
        close() {
          all.delete(wake);
          if (all.size === 0 && watchers.get(model) === all) watchers.delete(model);
        },
      };
    },
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/**
 * The model as it stands, then again after changes, until the signal aborts. Each step reads
 * the newest state when it is asked for, so a slow reader skips what lies between. Throws
 * RESOURCE_NOT_FOUND when the model is deleted, also when another of its name took its place.
 */
export async function* watchModel(
  { store, signals }: { store: Pick<RegistryStore, 'model'>; signals: ModelSignals },
  id: string,
  signal: AbortSignal,
): AsyncGenerator<ModelRecord> {
  const subscription = signals.subscribe(id);
  let sent: ModelRecord | undefined;
  try {
    while (!signal.aborted) {
      const model = await store.model(id);
      if (model === null || (sent !== undefined && model.uid !== sent.uid)) throw notFound(modelName(id));
      if (model.revision === sent?.revision) {
        await subscription.next(signal);
      } else {
        sent = model;
        yield model;
      }
    }
  } finally {
    subscription.close();
  }
}
