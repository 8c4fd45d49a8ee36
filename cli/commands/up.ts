import { mkdir, rm, writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { loadConfig } from '../../services/mesh/config/load-config.js';
import type { Options } from '../../services/mesh/config/option.js';
import { formatNumber, parseValue } from '../../services/mesh/config/parse-value.js';
import { parseHostPort, type ServiceName, serviceNames } from '../../services/mesh/discovery/backend.js';
import { type Addresses, defaultAddresses, globalOptions, meshFile, readMeshFile } from '../connect.js';
import { errorColors } from '../output/colors.js';
import { printJsonLine } from '../output/json.js';
import { wholeNumber } from '../parse/numbers.js';
import { isFree, portHolder } from '../port-holder.js';
import { allOptions, hasOption, optionEnvironment, optionVariables } from '../service-options.js';
import { type SupervisorEvent, superviseMesh } from '../supervisor/index.js';
import { UsageError } from '../usage-error.js';

const highestFirstPort = 65_532; // Three more follow it.
const defaultPort = parseHostPort(defaultAddresses.data).port;

function portsFrom(first: number): Record<ServiceName, number> {
  const ports = serviceNames.map((name, index) => [name, first === 0 ? 0 : first + index] as const);
  return Object.fromEntries(ports) as Record<ServiceName, number>;
}

/** @throws Error if a mesh of this data folder runs: two would write the same files. */
async function checkFolder(dataDir: string): Promise<void> {
  for (const [service, address] of Object.entries(await readMeshFile(dataDir))) {
    const { port } = parseHostPort(address);
    if (await isFree(port)) continue;
    throw new Error(
      `a mesh on ${dataDir} seems to run: ${service} listens on ${address}, held by ${await portHolder(port)}\n` +
        'stop it with Ctrl-C where it runs, or give this one a --data-dir and a --port of its own',
    );
  }
}

/** @throws Error naming each port that is taken and who holds it. */
async function checkPorts(ports: Record<ServiceName, number>): Promise<void> {
  const taken: string[] = [];
  for (const name of serviceNames) {
    const port = ports[name];
    if (port === 0 || (await isFree(port))) continue;
    taken.push(`port ${port}, for ${name}, is taken by ${await portHolder(port)}`);
  }
  if (taken.length === 0) return;
  throw new Error(
    [...taken, 'stop what holds them, or choose others: --port 7501, or --port 0 for free ones'].join('\n'),
  );
}

/** Settings that `up` makes itself, and the flag that does it. */
const madeByUp: readonly (readonly [RegExp, string])[] = [
  [/^service\.address$/, 'use --port'],
  [/^admin\.address$/, 'four services cannot share it; start the services on their own'],
  [/^discovery\./, 'the four find each other on loopback; start the services on their own'],
];

/**
 * What flags, environment and file set, as flags of each service that has the option.
 * @throws ConfigError or UsageError for what cannot be set.
 */
function serviceFlags(argv: readonly string[], pretty: boolean): Record<ServiceName, string[]> {
  const logFormat = allOptions['log.format'];
  const options: Options =
    pretty && logFormat?.type === 'choice'
      ? { ...allOptions, 'log.format': { ...logFormat, default: 'pretty' } }
      : allOptions;
  const config: Readonly<Record<string, unknown>> = loadConfig(options, { argv, env: optionEnvironment() });
  const flags: Record<ServiceName, string[]> = { data: [], training: [], registry: [], serving: [] };
  for (const [name, option] of Object.entries(allOptions)) {
    const value = config[name];
    const usual = parseValue(option, option.default);
    if (name === 'data-dir' || ('value' in usual && String(usual.value) === String(value))) continue;
    const maker = madeByUp.find(([pattern]) => pattern.test(name));
    if (maker !== undefined) throw new UsageError(`${name} cannot be set for tenon up: ${maker[1]}`);
    const text = typeof value === 'number' ? formatNumber(option, value) : String(value);
    for (const service of serviceNames) if (hasOption(service, name)) flags[service].push(`--${name}=${text}`);
  }
  return flags;
}

/** What happened to a process, for people; null for what needs no telling. */
function sentenceOf(event: SupervisorEvent, stopping: boolean): string | null {
  switch (event.event) {
    case 'listening':
      return `${event.service} listens on ${event.address} (process ${event.pid})`;
    case 'exited':
      return stopping ? null : `${event.service} ended with ${event.how} (process ${event.pid})`;
    case 'restarting':
      return `${event.service} starts again${event.afterMs === 0 ? '' : ` in ${event.afterMs} ms`}`;
    case 'killed':
      return `${event.service} was killed: ${event.why} (process ${event.pid})`;
    default:
      return `${event.service} stopped`;
  }
}

/** `tenon up`: starts the four services, keeps them running, and stops them in order. */
export function upCommand(): Command {
  return new Command('up')
    .description('start the four services on this machine and keep them running until Ctrl-C')
    .usage('[options] [--any.option=value...]')
    .addOption(
      new Option('--port <first>', 'the first of four ports in a row; 0 for free ones')
        .argParser(wholeNumber(0, highestFirstPort))
        .default(defaultPort),
    )
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      'after',
      `
Options of the services (tenon config lists them) may be given as flags, in the
environment or in a --config file; each service takes those it has.
With --json each event is a line on stdout. Logs go to stderr.

Examples:
  $ tenon up
  $ tenon up --port 0 --data-dir /var/lib/tenon --training.max-workers=4`,
    )
    .action(async (options: { port: number }, command: Command) => {
      const { dataDir, json } = globalOptions(command);
      const args = serviceFlags(command.args, process.stderr.isTTY && !json);
      const ports = portsFrom(options.port);
      await checkFolder(dataDir);
      await checkPorts(ports);
      await mkdir(dataDir, { recursive: true });
      let stopping = false;
      const stopped = new Promise<void>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
          process.once(signal, () => {
            stopping = true;
            if (!json) console.error('stopping: running calls are finished first; Ctrl-C again stops at once');
            resolve();
          });
        }
      });
      const starting = superviseMesh({
        dataDir,
        ports,
        args,
        inherit: Object.fromEntries(Object.entries(process.env).filter(([name]) => !optionVariables.includes(name))),
        onEvent(event) {
          const sentence = sentenceOf(event, stopping);
          if (json) printJsonLine(event);
          else if (sentence !== null) console.error(errorColors.dim(sentence));
        },
      });
      const mesh = await starting.catch((error: Error) => {
        // The message ends with the service's last words, which stderr has shown already.
        const [what = ''] = error.message.split(':\n');
        throw new Error(`${what}; what it said is above`);
      });
      await writeFile(meshFile(dataDir), `${JSON.stringify(mesh.addresses satisfies Addresses, null, 2)}\n`);
      if (json) printJsonLine({ event: 'ready', addresses: mesh.addresses, dataDir });
      else {
        for (const name of serviceNames) console.log(`${name.padEnd(9)} ${mesh.addresses[name]}`);
        console.log(`state in ${dataDir}; Ctrl-C stops`);
      }
      await stopped;
      await mesh.stop();
      await rm(meshFile(dataDir), { force: true });
    });
}
