import type { Logger } from 'pino';

import type { DiscoveryBackend, HostPort, ServiceName } from './backend.js';
import { formatHostPort } from './backend.js';
import type { EndpointSource, EndpointState } from './resolver.js';

/** What the cache is made of. */
export interface EndpointCacheParts {
  backend: DiscoveryBackend;
  log: Logger;
  /** How long the last known endpoints outlive an honest empty answer, in milliseconds. */
  emptyGraceMs: number;
}

/** One watch per service and process, shared by all channels; it remembers what was last known. */
export interface EndpointCache {
  subscribe: EndpointSource;
  close(): void;
}

interface Entry {
  state: EndpointState;
  subscribers: Set<(state: EndpointState) => void>;
  graceTimer: NodeJS.Timeout | null;
  unwatch: () => void;
}

/**
 * Stands between a backend and the channels. An error never changes the endpoints. An honest empty answer does so
 * only after the grace: a registry that has just restarted, or an agent that lost its checks for a moment, says
 * "nobody" while everybody is well.
 */
export function createEndpointCache({ backend, log, emptyGraceMs }: EndpointCacheParts): EndpointCache {
  const entries = new Map<ServiceName, Entry>();

  function publish(service: ServiceName, entry: Entry, state: EndpointState): void {
    entry.state = state;
    for (const subscriber of entry.subscribers) subscriber(state);
    log.debug({ service, endpoints: (state.endpoints ?? []).map(formatHostPort), note: state.note }, 'endpoints');
  }

  function stopGrace(entry: Entry): void {
    if (entry.graceTimer !== null) clearTimeout(entry.graceTimer);
    entry.graceTimer = null;
  }

  function found(service: ServiceName, entry: Entry, endpoints: readonly HostPort[]): void {
    const known = entry.state.endpoints;
    if (endpoints.length > 0) {
      stopGrace(entry);
      const sorted = distinct(endpoints);
      if (entry.state.note === '' && sameEndpoints(known, sorted)) return;
      if (entry.state.note !== '') log.info({ service, origin: backend.origin }, 'endpoints are fresh again');
      publish(service, entry, { endpoints: sorted, note: '' });
      return;
    }
    const note = `${backend.origin} knows no healthy instance of ${service}`;
    if (known === null || known.length === 0 || emptyGraceMs === 0) {
      if (entry.state.note !== note) publish(service, entry, { endpoints: [], note });
      return;
    }
    if (entry.graceTimer !== null) return;
    const kept = known.map(formatHostPort);
    log.warn({ service, kept, emptyGraceMs }, `${note}; the last known ones are kept for ${emptyGraceMs} ms`);
    publish(service, entry, { endpoints: known, note: `last known endpoints: ${note}` });
    entry.graceTimer = setTimeout(() => {
      entry.graceTimer = null;
      log.error({ service, given_up: kept }, `${note}; the last known ones are given up`);
      publish(service, entry, { endpoints: [], note });
    }, emptyGraceMs);
    entry.graceTimer.unref();
  }

  function failed(service: ServiceName, entry: Entry, error: Error): void {
    const note = `${backend.origin}: ${error.message}`;
    const { endpoints } = entry.state;
    const firstOfItsKind = entry.state.note === '' || endpoints === null;
    if (endpoints !== null && endpoints.length > 0) {
      // Without this, an outage that starts within a grace would end in an empty set because of an error.
      stopGrace(entry);
      if (!firstOfItsKind) return;
      log.warn({ service, kept: endpoints.map(formatHostPort), err: error }, 'discovery fails; last known are kept');
      publish(service, entry, { endpoints, note: `last known endpoints: ${note}` });
      return;
    }
    if (entry.state.note === note) return;
    log.warn({ service, err: error }, 'discovery fails; no endpoint known yet');
    publish(service, entry, { endpoints, note });
  }

  function open(service: ServiceName): Entry {
    const entry: Entry = {
      state: { endpoints: null, note: '' },
      subscribers: new Set(),
      graceTimer: null,
      unwatch: () => {},
    };
    entry.unwatch = backend.watch(service, {
      found: (endpoints) => found(service, entry, endpoints),
      failed: (error) => failed(service, entry, error),
    });
    entries.set(service, entry);
    return entry;
  }

  return {
    subscribe(service, onChange) {
      const entry = entries.get(service) ?? open(service);
      entry.subscribers.add(onChange);
      // The watch outlives its last channel: one that idles and comes back finds what is known.
      return { current: () => entry.state, unsubscribe: () => entry.subscribers.delete(onChange) };
    },
    close() {
      for (const entry of entries.values()) {
        stopGrace(entry);
        entry.unwatch();
      }
    },
  };
}

/** Each endpoint once, in an order that does not depend on the backend's. */
function distinct(endpoints: readonly HostPort[]): HostPort[] {
  const byAddress = new Map(endpoints.map((endpoint) => [formatHostPort(endpoint), endpoint]));
  return [...byAddress.keys()].sort().flatMap((address) => byAddress.get(address) ?? []);
}

function sameEndpoints(left: readonly HostPort[] | null, right: readonly HostPort[]): boolean {
  if (left === null || left.length !== right.length) return false;
  return left.map(formatHostPort).join() === right.map(formatHostPort).join();
}
