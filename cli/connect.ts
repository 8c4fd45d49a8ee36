import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { commonOptions } from '../services/mesh/config/common-options.js';
import { loadConfig } from '../services/mesh/config/load-config.js';
import { environmentName } from '../services/mesh/config/option.js';
import { parseHostPort, type ServiceName, serviceNames } from '../services/mesh/discovery/backend.js';
import { createDiscovery, type Discovery } from '../services/mesh/discovery/discovery.js';
import { discoveryOptions } from '../services/mesh/discovery/options.js';
import { createLog } from '../services/mesh/log.js';
import { type Clients, type ClientsParts, clientSecurity, createClients } from '../services/mesh/rpc/clients.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import { explainFailure } from './output/unreachable.js';
import { UsageError } from './usage-error.js';

/** Where each service listens. */
export type Addresses = Record<ServiceName, string>;

/** The options that every verb has. */
export interface GlobalOptions {
  dataDir: string;
  json: boolean;
}

/** The ports a mesh takes when nobody says otherwise. */
export const defaultAddresses: Addresses = {
  data: '127.0.0.1:7401',
  training: '127.0.0.1:7402',
  registry: '127.0.0.1:7403',
  serving: '127.0.0.1:7404',
};

/** The file in which a running mesh says where it listens. */
export function meshFile(dataDir: string): string {
  return join(dataDir, 'mesh.json');
}

/** The variable that says where a service listens. */
export function addressVariable(service: ServiceName): string {
  return `TENON_ADDRESS_${service.toUpperCase()}`;
}

/** The options of every verb, whether they stand before the verb or after it; a flag wins over the environment. */
export function globalOptions(command: Command): GlobalOptions {
  const levels: Command[] = [];
  for (let each: Command | null = command; each !== null; each = each.parent) levels.push(each);
  const set = levels.find((each) => each.getOptionValueSource('dataDir') === 'cli') ?? command;
  return {
    dataDir: set.opts<GlobalOptions>().dataDir,
    json: levels.some((each) => each.opts<GlobalOptions>().json),
  };
}

/** What the mesh of a data folder wrote down; empty if none did. */
export async function readMeshFile(dataDir: string): Promise<Partial<Addresses>> {
  const file = meshFile(dataDir);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Partial<Addresses>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`, 'tenon up writes it anew');
  }
}

/**
 * Where the services listen: `TENON_ADDRESS_DATA` and its kin, else what the mesh of this data
 * folder wrote down, else the default ports.
 * @throws UsageError if an address is not host:port.
 */
export async function findEndpoints(dataDir: string, env = process.env): Promise<Endpoints> {
  const running = await readMeshFile(dataDir);
  const endpointOf = (name: ServiceName): Endpoint => {
    const variable = addressVariable(name);
    const set = env[variable];
    const written = running[name];
    if (set === undefined) {
      if (written === undefined) return { address: defaultAddresses[name], source: 'the default' };
      return { address: written, source: meshFile(dataDir) };
    }
    try {
      parseHostPort(set);
    } catch {
      throw new UsageError(`${variable} is ${JSON.stringify(set)}; it must be host:port, such as 127.0.0.1:7401`);
    }
    return { address: set, source: variable };
  };
  return Object.fromEntries(serviceNames.map((name) => [name, endpointOf(name)])) as Endpoints;
}

const clientOptions = {
  'client.token-file': commonOptions['client.token-file'],
  'client.tls-ca': commonOptions['client.tls-ca'],
  'client.tls-cert': commonOptions['client.tls-cert'],
  'client.tls-key': commonOptions['client.tls-key'],
  'rpc.max-message-bytes': commonOptions['rpc.max-message-bytes'],
  ...discoveryOptions,
};

/**
 * How services at these endpoints are called, as they call each other: certificates and token from the variables of
 * the options `client.*`, each service by its own name.
 */
export function connection(endpoints: Endpoints, env = process.env): { parts: ClientsParts; discovery: Discovery } {
  const variables = Object.keys(clientOptions)
    .filter((name) => !name.startsWith('discovery.'))
    .map(environmentName);
  const config = loadConfig(clientOptions, {
    argv: serviceNames.map((name) => `--discovery.static.${name}=${endpoints[name].address}`),
    env: Object.fromEntries(variables.map((variable) => [variable, env[variable]])),
  });
  const log = createLog('tenon', { 'log.level': 'silent', 'log.format': 'json' });
  const discovery = createDiscovery({ config, log });
  const targets = Object.fromEntries(serviceNames.map((name) => [name, discovery.targetFor(name)]));
  return { parts: { ...clientSecurity(config), targets, channelOptions: discovery.channelOptions }, discovery };
}

/** Runs a verb with clients, and closes them whatever happens. */
export async function withClients<T>(command: Command, body: (clients: Clients) => Promise<T>): Promise<T> {
  const endpoints = await findEndpoints(globalOptions(command).dataDir);
  const { parts, discovery } = connection(endpoints);
  const clients = createClients(parts);
  try {
    return await body(clients);
  } catch (error) {
    throw explainFailure(error, endpoints);
  } finally {
    await clients.close();
    await discovery.close();
  }
}
