import { isIP } from 'node:net';
import { ConfigError } from '../config/config-error.js';

/** Where a server listens. */
export interface ListenAddress {
  host: string;
  port: number;
}

/** `host:port`, IPv6 in brackets. */
export function formatAddress({ host, port }: ListenAddress): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Reads `host:port` or `[v6]:port`, port 0 to 65535. @throws ConfigError naming the option. */
export function parseListenAddress(option: string, text: string): ListenAddress {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535 || (match?.[1] !== undefined && isIP(host) !== 6)) {
    const message = `${option}: ${JSON.stringify(text)} must be host:port or [v6]:port, port 0 to 65535`;
    throw new ConfigError([{ source: option, option, message }]);
  }
  return { host, port };
}

/** Whether only this machine can reach the address. A name other than `localhost` counts as reachable. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
