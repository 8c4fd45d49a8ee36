import type { ChannelOptions } from '@grpc/grpc-js';
import type { Logger } from 'pino';

import { parseHostPort, type ServiceName } from './backend.js';
import { createConsulBackend } from './consul.js';
import { createEndpointCache } from './endpoint-cache.js';
import type { DiscoveryConfig } from './options.js';
import { resolverOptions, resolverScheme } from './resolver.js';
import { createStaticBackend } from './static.js';

export type { ServiceName } from './backend.js';

/** How a process finds the other services and is found by them. */
export interface Discovery {
  /**
   * Announces this process as an instance of a service. Call it when the health service says SERVING.
   * `address` is `host:port` as listened on. An unreachable agent is no error: the announcement is retried.
   */
  register(service: ServiceName, address: string): Promise<void>;
  /** Takes the announcement back. Call it first when draining, then wait for clients to notice. */
  deregister(): Promise<void>;
  /** The grpc-js target of a service, `tenon:///serving`. Only meaningful together with `channelOptions`. */
  targetFor(service: ServiceName): string;
  /** The options every channel to such a target needs: the source of endpoints, round robin, quick reconnection. */
  readonly channelOptions: ChannelOptions;
  /** Ends watches and upkeep. Channels keep their last endpoints. */
  close(): Promise<void>;
}

/** What discovery is made of. */
export interface DiscoveryParts {
  config: DiscoveryConfig;
  log: Logger;
  /** Whether instances listen with TLS, so that a health check must too. Default false. */
  secure?: boolean;
}

/** Makes this process's discovery from its configuration. */
export function createDiscovery({ config, log, secure = false }: DiscoveryParts): Discovery {
  const kind = config['discovery.kind'];
  const backend = kind === 'consul' ? createConsulBackend({ config, log, secure }) : createStaticBackend(config);
  // A list from the configuration is never empty by accident, so nothing is kept beyond it.
  const emptyGraceMs = kind === 'static' ? 0 : config['discovery.empty-grace'];
  const cache = createEndpointCache({ backend, log, emptyGraceMs });
  return {
    register: (service, address) => backend.register(service, parseHostPort(address)),
    deregister: () => backend.deregister(),
    targetFor: (service) => `${resolverScheme}:///${service}`,
    channelOptions: resolverOptions(cache.subscribe),
    async close() {
      cache.close();
      await backend.close();
    },
  };
}
