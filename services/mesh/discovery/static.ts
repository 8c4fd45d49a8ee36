import type { DiscoveryBackend, EndpointObserver, HostPort, ServiceName } from './backend.js';
import { parseHostPort, serviceNames } from './backend.js';
import type { DiscoveryConfig } from './options.js';

/**
 * Endpoints from the configuration. Announcing an instance is nothing to do: the list says where it is. Throws when
 * an address of any list is not `host:port`, naming the option.
 */
export function createStaticBackend(config: DiscoveryConfig): DiscoveryBackend {
  const endpoints = new Map<ServiceName, readonly HostPort[]>(
    serviceNames.map((service) => {
      const option = `discovery.static.${service}` as const;
      const parsed = config[option].map((address, index) => {
        try {
          return parseHostPort(address);
        } catch (error) {
          throw new Error(`${option}[${index}]: ${(error as Error).message}`);
        }
      });
      return [service, parsed];
    }),
  );
  return {
    origin: 'the static list',
    watch(service: ServiceName, observer: EndpointObserver) {
      let watching = true;
      queueMicrotask(() => watching && observer.found(endpoints.get(service) ?? []));
      return () => {
        watching = false;
      };
    },
    register: async () => {},
    deregister: async () => {},
    close: async () => {},
  };
}
