import { mkdir, rm, writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { type ServiceName, serviceNames } from '../../services/mesh/discovery/backend.js';
import { type Addresses, defaultAddresses, globalOptions, meshFile } from '../connect.js';
import { superviseMesh } from '../supervisor/index.js';

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_532) {
    throw new InvalidArgumentError(`${text} must be a whole number from 0 to 65532.`);
  }
  return port;
}

const defaultPort = Number(defaultAddresses.data.split(':')[1]);

function portsFrom(first: number): Record<ServiceName, number> {
  const ports = serviceNames.map((name, index) => [name, first === 0 ? 0 : first + index] as const);
  return Object.fromEntries(ports) as Record<ServiceName, number>;
}

/** `tenon up`: starts the four services, keeps them running, and stops them in order. */
export function upCommand(): Command {
  return new Command('up')
    .description('start the four services on this machine and keep them running until Ctrl-C')
    .option('--port <first>', 'the first of four ports in a row; 0 for free ones', portNumber, defaultPort)
    .action(async (options: { port: number }, command: Command) => {
      const { dataDir, json } = globalOptions(command);
      await mkdir(dataDir, { recursive: true });
      const stopped = new Promise<void>((resolve) => {
        process.once('SIGINT', resolve);
        process.once('SIGTERM', resolve);
      });
      const mesh = await superviseMesh({
        dataDir,
        ports: portsFrom(options.port),
        onEvent: (event) => console.error(json ? JSON.stringify(event) : pc.dim(Object.values(event).join(' '))),
      });
      await writeFile(meshFile(dataDir), `${JSON.stringify(mesh.addresses satisfies Addresses, null, 2)}\n`);
      if (json) console.log(JSON.stringify({ event: 'ready', addresses: mesh.addresses }));
      else {
        for (const name of serviceNames) console.log(`${name.padEnd(9)} ${mesh.addresses[name]}`);
        console.log(`state in ${dataDir}; Ctrl-C stops`);
      }
      await stopped;
      await mesh.stop();
      await rm(meshFile(dataDir), { force: true });
    });
}
