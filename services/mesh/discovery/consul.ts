import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import Consul from 'consul';
import type { Logger } from 'pino';

import type { DiscoveryBackend, EndpointObserver, HostPort, ServiceName } from './backend.js';
import { formatHostPort, parseHostPort } from './backend.js';
import type { DiscoveryConfig } from './options.js';

const blockingWaitMs = 30_000;
const requestTimeoutMs = 2_000; // With verifyEveryMs below the 5 s in which a returned agent must know us again.
const verifyEveryMs = 1_500;
const maxBackoffMs = 2_000;

/** Full jitter between half and the whole of 100 ms * 2^attempt, at most 2 s. */
function backoffMs(attempt: number): number {
  return Math.min(100 * 2 ** Math.min(attempt, 10), maxBackoffMs) * (0.5 + Math.random() / 2);
}

/** The endpoints of a health answer, which is checked: the agent may be a proxy's error page. */
function endpointsOf(body: unknown): HostPort[] {
  if (!Array.isArray(body)) throw new Error('the health answer is no JSON list');
  const endpoints = body.flatMap((entry): HostPort[] => {
    const host = entry?.Service?.Address || entry?.Node?.Address;
    const port = entry?.Service?.Port;
    const usable = typeof host === 'string' && host !== '' && Number.isInteger(port) && port > 0 && port <= 65_535;
    return usable ? [{ host, port }] : [];
  });
  if (endpoints.length === 0 && body.length > 0)
    throw new Error('no entry of the health answer has an address and port');
  return endpoints;
}

/** Discovery through a Consul agent. Throws when the address option cannot be parsed. */
export function createConsulBackend(parts: {
  config: DiscoveryConfig;
  log: Logger;
  secure: boolean;
}): DiscoveryBackend {
  const { config, log, secure } = parts;
  const [, scheme = 'http', address = ''] =
    /^(?:(https?):\/\/)?([^/]+)\/?$/.exec(config['discovery.consul.address']) ?? [];
  const agent = parseHostPort(address);
  const token = config['discovery.consul.token'];
  const dc = config['discovery.consul.datacenter'];
  const consul = new Consul({
    ...agent,
    secure: scheme === 'https',
    ...(token === '' ? {} : { defaults: { token } }),
  });
  const nameOf = (service: ServiceName) => `${config['discovery.consul.service-prefix']}${service}`;
  const closed = new AbortController();
  let upkeep: { id: string; stop: AbortController; done: Promise<void> } | null = null;

  async function watchLoop(service: ServiceName, observer: EndpointObserver, signal: AbortSignal): Promise<void> {
    let index = '0';
    let failures = 0;
    let quickAnswers = 0;
    while (!signal.aborted) {
      const ctx = Object.assign(new EventEmitter(), { includeResponse: true });
      const cancel = () => ctx.emit('cancel');
      signal.addEventListener('abort', cancel, { once: true });
      const started = performance.now();
      try {
        const query = {
          service: nameOf(service),
          passing: true,
          stale: true, // Answered without a leader too.
          index,
          wait: `${blockingWaitMs / 1000}s`,
          timeout: blockingWaitMs + blockingWaitMs / 16 + requestTimeoutMs,
          ctx,
          ...(dc === '' ? {} : { dc }),
        };
        const [response, body] = (await consul.health.service(query)) as unknown as [
          { headers: Record<string, string | undefined> },
          unknown,
        ];
        if (signal.aborted) return;
        const next = BigInt(response.headers['x-consul-index'] ?? '0');
        observer.found(endpointsOf(body));
        // Consul's rule: an index below 1 or one that went backwards is asked for anew from the start.
        index = next < 1n || next < BigInt(index) ? '0' : `${next}`;
        failures = 0;
        quickAnswers = performance.now() - started < 100 ? quickAnswers + 1 : 0;
        if (quickAnswers > 1) await sleep(Math.min(backoffMs(quickAnswers - 2), 1_000), undefined, { signal });
      } catch (error) {
        if (signal.aborted) return;
        index = '0';
        observer.failed(error instanceof Error ? error : new Error(String(error)));
        await sleep(backoffMs(failures++), undefined, { signal }).catch(() => {});
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    }
  }

  async function keepRegistered(service: ServiceName, id: string, at: HostPort): Promise<void> {
    const known = (await consul.agent.service.list({
      filter: `ID == "${id}"`,
      ...{ timeout: requestTimeoutMs },
    })) as Record<string, { Address?: unknown; Port?: unknown } | undefined>;
    const ours = known?.[id];
    if (ours?.Address === at.host && ours.Port === at.port) return;
    const check = {
      name: 'gRPC health',
      grpc: formatHostPort(at),
      grpcusetls: secure,
      interval: `${config['discovery.consul.check-interval']}ms`,
      timeout: `${requestTimeoutMs}ms`,
      // We announce ourselves only while serving, so callers need not wait for the first check.
      status: 'passing',
      deregistercriticalserviceafter: `${config['discovery.consul.deregister-after']}ms`,
    };
    const registration = {
      name: nameOf(service),
      id,
      address: at.host,
      port: at.port,
      check,
      timeout: requestTimeoutMs,
    };
    await consul.agent.service.register(registration);
    log.info({ service, id }, 'registered with consul');
  }

  return {
    origin: `consul at ${formatHostPort(agent)}`,
    watch(service, observer) {
      const stop = new AbortController();
      const signal = AbortSignal.any([stop.signal, closed.signal]);
      void Promise.resolve().then(() => watchLoop(service, observer, signal));
      return () => stop.abort();
    },
    async register(service, at) {
      if (upkeep !== null) throw new Error(`this process is registered already, as ${upkeep.id}`);
      if (at.host === '0.0.0.0' || at.host === '::') {
        throw new Error(`cannot register ${formatHostPort(at)}: others need an address to call, not a wildcard`);
      }
      const id = `${nameOf(service)}-${at.host}-${at.port}`;
      const stop = new AbortController();
      let lastError = '';
      const attempt = async () => {
        try {
          await keepRegistered(service, id, at);
          lastError = '';
        } catch (error) {
          const message = (error as Error).message;
          if (message !== lastError) log.warn({ service, id, err: error }, 'cannot register with consul; retrying');
          lastError = message;
        }
      };
      const first = attempt();
      const loop = async () => {
        await first;
        while (!stop.signal.aborted) {
          await sleep(verifyEveryMs * (0.8 + Math.random() * 0.4), undefined, {
            signal: stop.signal,
            ref: false,
          }).catch(() => {});
          if (!stop.signal.aborted) await attempt();
        }
      };
      upkeep = { id, stop, done: loop() };
      await first;
    },
    async deregister() {
      if (upkeep === null) return;
      const { id, stop, done } = upkeep;
      upkeep = null;
      stop.abort();
      await done; // An attempt under way would register again after us.
      try {
        const request = { id, timeout: requestTimeoutMs };
        await consul.agent.service.deregister(request);
      } catch (error) {
        log.warn({ id, err: error }, 'cannot deregister; the agent removes us after its check has failed');
      }
    },
    async close() {
      closed.abort();
      upkeep?.stop.abort();
      await upkeep?.done;
      consul.destroy();
    },
  };
}
