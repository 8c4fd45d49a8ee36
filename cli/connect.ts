import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type ServiceName, serviceNames } from '../services/mesh/discovery/backend.js';
import { type Clients, createClients } from '../services/mesh/rpc/clients.js';
import { UsageError } from './usage-error.js';

/** Where each service listens. */
export type Addresses = Record<ServiceName, string>;

/** The options that every verb has, from the program. */
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

/** The options of the program that a verb belongs to. */
export function globalOptions(command: Command): GlobalOptions {
  return command.optsWithGlobals<GlobalOptions>();
}

/**
 * Where the services listen: `TENON_ADDRESS_DATA` and its kin, else what the mesh of this data
 * folder wrote down, else the default ports.
 */
export async function findAddresses(dataDir: string, env = process.env): Promise<Addresses> {
  let running: Partial<Addresses> = {};
  try {
    running = JSON.parse(await readFile(meshFile(dataDir), 'utf8')) as Partial<Addresses>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new UsageError(`${meshFile(dataDir)} cannot be read: ${(error as Error).message}`);
    }
  }
  const addressOf = (name: ServiceName) =>
    env[`TENON_ADDRESS_${name.toUpperCase()}`] ?? running[name] ?? defaultAddresses[name];
  return Object.fromEntries(serviceNames.map((name) => [name, addressOf(name)])) as Addresses;
}

/** Runs a verb with clients, and closes them whatever happens. */
export async function withClients<T>(command: Command, body: (clients: Clients) => Promise<T>): Promise<T> {
  const { dataDir } = globalOptions(command);
  const clients = createClients({ targets: await findAddresses(dataDir) });
  try {
    return await body(clients);
  } finally {
    await clients.close();
  }
}
