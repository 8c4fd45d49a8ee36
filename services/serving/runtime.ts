import type { TenonError } from '../mesh/errors.js';
import type { ActiveVersion } from './active-version.js';
import { createActiveVersion } from './active-version.js';
import { followAlias } from './alias-follower.js';
import { createBackoff } from './backoff.js';
import type { DeploymentEvent, DeploymentRecord, Standing } from './deployment.js';
import { firstStanding, nextStanding } from './deployment.js';
import { isPassing, loadFailure, notReady } from './errors.js';
import type { Loader } from './loader.js';
import type { RegistryReader } from './registry-reader.js';
import { createSignal } from './signal.js';
import type { VersionManifest } from './store.js';

/** One deployment at work: keeps the wanted version loaded and answers from the active one. */
export interface DeploymentRuntime {
  readonly record: DeploymentRecord;
  readonly standing: Standing;
  /** Whether it has been removed. */
  readonly gone: boolean;
  /** Counts the changes of record and standing. */
  readonly sequence: number;
  /** Resolves at the next change; rejects when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
  /** The version that answers; null while there is none. */
  readonly current: ActiveVersion | null;
  /** The same. Throws DEPLOYMENT_NOT_READY. */
  active(): ActiveVersion;
  /** Takes over a changed record; with `reload` the target is looked at anew, beside what serves. */
  update(record: DeploymentRecord, options: { reload: boolean }): void;
  /** Stops loading and takes no new predictions; resolves when loads and the running predictions have ended. */
  remove(): Promise<void>;
  /** Stops for good, as at the end of the process. */
  stop(): Promise<void>;
}

/** What a runtime stands on. */
export interface RuntimeParts {
  registry: RegistryReader;
  loader: Loader;
  /** Keeps which version serves; its failure does not stop the service. */
  remember: (record: DeploymentRecord, served: VersionManifest) => Promise<void>;
  /** Tells the operator what happened. */
  report: (record: DeploymentRecord, event: DeploymentEvent) => void;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Starts a deployment; `served` is what answered before a restart. */
export function startRuntime(
  parts: RuntimeParts,
  first: DeploymentRecord,
  served: VersionManifest | null,
): DeploymentRuntime {
  const { registry, loader, now } = parts;
  const signal = createSignal();
  let record = first;
  let standing = firstStanding(now());
  let remembered = served;
  let active: ActiveVersion | null = null;
  let sequence = 0;
  let gone = false;
  let ended = false;
  /** Ends what serves the present target: the follower and the load under way. */
  let following = new AbortController();
  let loading: { version: string; abort: AbortController } | null = null;
  /** Loads that have not ended, the abandoned ones too: they may still write to the cache. */
  const loads = new Set<Promise<void>>();

  function tell(event: DeploymentEvent): void {
    standing = nextStanding(standing, event, now());
    sequence++;
    parts.report(record, event);
    signal.notify();
  }

  function endLoading(): void {
    loading?.abort.abort();
    loading = null;
  }

  /** Makes `version` the one that answers, unless it does or is on its way already. */
  function want(version: string): void {
    if (following.signal.aborted || loading?.version === version) return;
    endLoading();
    if (active?.loaded.manifest.version === version) {
      tell({ kind: 'settled' });
      return;
    }
    const abort = new AbortController();
    loading = { version, abort };
    tell({ kind: 'loading', version });
    const running = load(version, abort.signal).finally(() => loads.delete(running));
    loads.add(running);
  }

  /** Never rejects. Whatever happens after the signal aborted is nobody's business any more. */
  async function load(version: string, aborted: AbortSignal): Promise<void> {
    const backoff = createBackoff();
    while (!aborted.aborted) {
      try {
        const loaded = await loader.load(version, { remembered, signal: aborted });
        if (aborted.aborted) {
          loaded.dispose();
          return;
        }
        const old = active;
        active = createActiveVersion(loaded);
        loading = null;
        remembered = loaded.manifest;
        void old?.retire();
        tell({ kind: 'ready', version });
        await parts.remember(record, loaded.manifest);
        return;
      } catch (error) {
        if (aborted.aborted || loading?.version !== version) return;
        const retrying = isPassing(error);
        if (!retrying) loading = null;
        tell({ kind: 'failed', error: loadFailure(version, error), retrying });
        if (!retrying) return;
        await backoff.wait(aborted).catch(() => undefined);
      }
    }
  }

  function failed(error: TenonError): void {
    if (following.signal.aborted) return;
    const retrying = isPassing(error);
    if (!retrying) endLoading();
    // While the registry is away, what serves or loads from the cache goes on untroubled.
    if (!retrying || (active === null && loading === null)) tell({ kind: 'failed', error, retrying });
  }

  function follow(): void {
    const { target } = record;
    if (target.kind === 'version') {
      want(target.name);
      return;
    }
    // Until the registry says otherwise the alias names what it named last.
    const [model] = target.name.split('/versions/');
    if (active === null && remembered?.version.startsWith(`${model}/versions/`)) want(remembered.version);
    void followAlias(registry, target.name, { named: want, failed }, following.signal);
  }

  async function end(): Promise<void> {
    ended = true;
    following.abort();
    endLoading();
    const last = active;
    active = null;
    await Promise.all([last?.retire(), ...loads]);
  }

  follow();

  return {
    get record() {
      return record;
    },
    get standing() {
      return standing;
    },
    get gone() {
      return gone;
    },
    get sequence() {
      return sequence;
    },
    get current() {
      return active;
    },
    changed: (waiting) => signal.next(waiting),
    active() {
      if (active === null) throw notReady(record.name, standing.state, standing.error);
      return active;
    },
    update(next, { reload }) {
      if (ended) return;
      // Two changes at once may arrive here in either order.
      if (next.revision > record.revision) record = next;
      sequence++;
      if (reload) {
        following.abort();
        endLoading();
        following = new AbortController();
        follow();
      }
      signal.notify();
    },
    async remove() {
      tell({ kind: 'deleting' });
      await end();
      gone = true;
      sequence++;
      signal.notify();
    },
    stop: end,
  };
}
