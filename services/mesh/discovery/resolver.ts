import type { ChannelOptions } from '@grpc/grpc-js';
import { experimental, status } from '@grpc/grpc-js';

import type { HostPort, ServiceName } from './backend.js';
import { serviceNames } from './backend.js';

/** The scheme of discovered targets: `tenon:///serving`. */
export const resolverScheme = 'tenon';

/** What is known of one service. */
export interface EndpointState {
  /** The instances to call; empty when there is none; null while nothing is known. */
  readonly endpoints: readonly HostPort[] | null;
  /** Why the endpoints may be stale or missing; empty when they are fresh. It appears in the errors of failed calls. */
  readonly note: string;
}

/** A running observation of one service. */
export interface EndpointSubscription {
  current(): EndpointState;
  unsubscribe(): void;
}

/** Where a resolver gets its endpoints from. `onChange` is called at each change after the call has returned. */
export type EndpointSource = (service: ServiceName, onChange: (state: EndpointState) => void) => EndpointSubscription;

// grpc-js keeps options with this prefix out of the comparison by which channels share connections.
const sourceOption = `${experimental.SUBCHANNEL_ARGS_EXCLUDE_KEY_PREFIX}.tenon_endpoint_source`;

/** Channel options that let a `tenon:` target find its endpoints. A client's own `grpc.service_config` must name round_robin too. */
export function resolverOptions(source: EndpointSource): ChannelOptions {
  return {
    [sourceOption]: source,
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
    // With the default of 1 s, an instance that is back after a restart is called only a second later.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 5000,
  };
}

function serviceOf(target: experimental.GrpcUri): ServiceName {
  const name = target.path.replace(/^\//, '');
  const known = serviceNames.find((service) => service === name);
  if (known === undefined) {
    throw new Error(
      `target ${experimental.uriToString(target)} must name one of ${serviceNames.join(', ')}, as ${resolverScheme}:///serving`,
    );
  }
  return known;
}

/**
 * The resolver of `tenon:` targets. grpc-js makes one per channel, destroys it when the channel idles and wakes it by
 * `updateResolution`. The listener is never called synchronously, nor after `destroy`.
 */
class DiscoveryResolver implements experimental.Resolver {
  readonly #service: ServiceName;
  readonly #listener: experimental.ResolverListener;
  readonly #source: EndpointSource;
  #subscription: EndpointSubscription | null = null;
  #delivered: EndpointState | null = null;
  #delivery: NodeJS.Immediate | null = null;

  constructor(target: experimental.GrpcUri, listener: experimental.ResolverListener, options: ChannelOptions) {
    const source: unknown = options[sourceOption];
    if (typeof source !== 'function') {
      throw new Error(
        `a channel to ${experimental.uriToString(target)} needs the channelOptions of the discovery that named it`,
      );
    }
    this.#service = serviceOf(target);
    this.#listener = listener;
    this.#source = source as EndpointSource;
  }

  updateResolution(): void {
    this.#subscription ??= this.#source(this.#service, () => this.#schedule());
    this.#schedule();
  }

  destroy(): void {
    if (this.#delivery !== null) clearImmediate(this.#delivery);
    this.#delivery = null;
    this.#subscription?.unsubscribe();
    this.#subscription = null;
    this.#delivered = null;
  }

  #schedule(): void {
    this.#delivery ??= setImmediate(() => {
      this.#delivery = null;
      this.#deliver();
    });
  }

  #deliver(): void {
    const state = this.#subscription?.current();
    // Delivering the same again would restart failing connections at once, which ask for a resolution when they fail.
    if (state === undefined || state === this.#delivered) return;
    const { endpoints, note } = state;
    if (endpoints === null && note === '') return;
    this.#delivered = state;
    if (endpoints !== null) {
      const found = endpoints.map(({ host, port }) => ({ addresses: [{ host, port }] }));
      this.#listener(experimental.statusOrFromValue(found), {}, null, note);
    }
    if (endpoints === null || endpoints.length === 0) {
      // After an empty list alone, round_robin of grpc-js would let calls wait for their deadline instead of failing
      // them; and after an error alone, it would go on with the instances that are given up.
      const nobody = { code: status.UNAVAILABLE, details: note };
      this.#listener(experimental.statusOrFromError<experimental.Endpoint[]>(nobody), {}, null, note);
    }
  }

  static getDefaultAuthority(target: experimental.GrpcUri): string {
    return serviceOf(target);
  }
}

experimental.registerResolver(resolverScheme, DiscoveryResolver);
