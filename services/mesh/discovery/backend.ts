/** The services that find each other. */
export const serviceNames = ['data', 'training', 'registry', 'serving'] as const;

/** One of the four. */
export type ServiceName = (typeof serviceNames)[number];

/** One instance of a service. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** What a backend tells of one service, as often as it likes. */
export interface EndpointObserver {
  /** The instances that are healthy now; empty when the backend honestly knows of none. */
  found(endpoints: readonly HostPort[]): void;
  /** The backend cannot tell. Whatever was found before stays true. */
  failed(error: Error): void;
}

/**
 * One way of finding and announcing instances: `static`, `consul`; ZooKeeper and DNS are one more file each.
 * It reports what it sees and what it cannot see; keeping the last known endpoints is the cache's work.
 */
export interface DiscoveryBackend {
  /** Where the knowledge comes from, for messages: `consul at 127.0.0.1:8500`. */
  readonly origin: string;
  /** Observes a service until the returned function is called. The observer is never called before this returns. */
  watch(service: ServiceName, observer: EndpointObserver): () => void;
  /** Announces an instance and keeps it announced. Resolves after the first attempt, successful or not. */
  register(service: ServiceName, address: HostPort): Promise<void>;
  /** Takes the announcement back; resolves when it is gone or cannot be taken back in time. */
  deregister(): Promise<void>;
  /** Ends every watch and the announcement's upkeep. */
  close(): Promise<void>;
}

/** Splits `host:port` or `[v6]:port`; throws a plain Error naming the text when it is neither. */
export function parseHostPort(text: string): HostPort {
  const match = /^(?:\[([0-9a-fA-F:.%]+)\]|([^\s:[\]/?#@]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`address ${JSON.stringify(text)} must be host:port with a port of 1..65535`);
  }
  return { host, port };
}

/** `host:port`, IPv6 in brackets. */
export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
