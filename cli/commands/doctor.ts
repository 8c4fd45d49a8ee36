import { execFile } from 'node:child_process';
import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { activeIsa, isas } from '../../native/isa.js';
import { packageRoot } from '../../proto/root.js';
import { parseHostPort, type ServiceName, serviceNames } from '../../services/mesh/discovery/backend.js';
import { findEndpoints, globalOptions } from '../connect.js';
import type { Endpoints } from '../endpoints.js';
import { healthOf } from '../health.js';
import { outputColors } from '../output/colors.js';
import { showBytes } from '../output/format.js';
import { printJson } from '../output/json.js';
import { isFree, portHolder } from '../port-holder.js';

const run = promisify(execFile);

/** One thing that was looked at. `idle` is a service that is not running and whose port is free: no fault. */
interface Finding {
  what: string;
  state: 'ok' | 'idle' | 'fault';
  found: string;
}

async function finding(what: string, look: () => string | Promise<string>, remedy = ''): Promise<Finding> {
  try {
    return { what, state: 'ok', found: await look() };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { what, state: 'fault', found: `${message}${remedy}` };
  }
}

/** Looks at a tool that builds the native addon. */
function tool(what: string, command: string): Promise<Finding> {
  const look = async () => {
    try {
      const { stdout, stderr } = await run(command, ['--version'], { timeout: 5_000 });
      return (stdout || stderr).split('\n')[0] ?? '';
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new Error(`${command} is not installed`);
    }
  };
  return finding(what, look, '; needed to build the native addon (Debian: apt-get install g++ make python3)');
}

function checkNode(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`${process.version} must be 20.19 or later`);
  return process.version;
}

function describeIsa(): string {
  const supported = isas().filter((isa) => isa.supported);
  return `${activeIsa()} of ${supported.map(({ name }) => name).join(', ')}; ${availableParallelism()} threads`;
}

async function freeSpace(dataDir: string): Promise<string> {
  // The folder may not exist yet; its parent says as much.
  const stats = await statfs(resolve(dataDir)).catch(() => statfs(resolve(dataDir, '..')));
  return `${dataDir}, ${showBytes(stats.bavail * stats.bsize)} free`;
}

async function packageVersion(): Promise<string> {
  const text = await readFile(join(packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

async function serviceFinding(what: ServiceName, endpoints: Endpoints): Promise<Finding> {
  const { address, source } = endpoints[what];
  const health = await healthOf(what, endpoints);
  if (health === 'SERVING') return { what, state: 'ok', found: `${address} serves` };
  if (health === 'NOT_SERVING') {
    return { what, state: 'fault', found: `${address} listens but is not ready, or is stopping` };
  }
  if (health === 'WRONG_SERVICE') {
    return { what, state: 'fault', found: `${address} (from ${source}) answers, but is not ${what}` };
  }
  const { host, port } = parseHostPort(address);
  const local = host === '127.0.0.1' || host === 'localhost';
  if (local && !(await isFree(port))) {
    const remedy =
      source === 'the default' ? 'choose other ports with tenon up --port 7501' : 'for TLS set TENON_CLIENT_TLS_CA';
    const found = `${address} is held by ${await portHolder(port)}, which does not answer as ${what}; ${remedy}`;
    return { what, state: 'fault', found };
  }
  if (source === 'the default') return { what, state: 'idle', found: `not running; ${address} is free for tenon up` };
  return { what, state: 'fault', found: `nothing listens on ${address} (from ${source}); start it with tenon up` };
}

/** A mesh is four services: where one serves, another that does not run is missing. */
function missingAmong(services: Finding[]): Finding[] {
  if (services.every(({ state }) => state === 'idle')) return services;
  return services.map((each) => (each.state === 'idle' ? { ...each, state: 'fault' } : each));
}

const labels = { ok: outputColors.green('ok   '), idle: outputColors.dim('idle '), fault: outputColors.red('fault') };

/** `tenon doctor`: what this machine has, and what is missing. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check versions, compiler, instruction set, ports and services')
    .addHelpText('after', '\nExits with 1 if anything is at fault.\n\nExample:\n  $ tenon doctor --json')
    .action(async (_options: unknown, command: Command) => {
      const { dataDir, json } = globalOptions(command);
      const endpoints = await findEndpoints(dataDir);
      const machine = await Promise.all([
        finding('tenon', packageVersion),
        finding('node', checkNode),
        tool('compiler', process.env.CXX ?? 'c++'),
        tool('make', 'make'),
        tool('python', 'python3'),
        finding('isa', describeIsa),
        finding('data-dir', () => freeSpace(dataDir)),
      ]);
      const services = await Promise.all(serviceNames.map((name) => serviceFinding(name, endpoints)));
      const findings = [...machine, ...missingAmong(services)];
      if (json) printJson(findings);
      else for (const { what, state, found } of findings) console.log(`${labels[state]} ${what.padEnd(9)} ${found}`);
      if (findings.some(({ state }) => state === 'fault')) process.exitCode = 1;
    });
}
