import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import pc from 'picocolors';
import { activeIsa } from '../../native/isa.js';
import { packageRoot } from '../../proto/root.js';
import { findAddresses, globalOptions } from '../connect.js';
import { printJson } from '../output/json.js';

const run = promisify(execFile);

/** One thing that was looked at. */
interface Finding {
  what: string;
  ok: boolean;
  found: string;
}

async function firstLineOf(command: string, args: string[]): Promise<string> {
  const { stdout, stderr } = await run(command, args, { timeout: 5_000 });
  return (stdout || stderr).split('\n')[0] ?? '';
}

async function finding(what: string, look: () => string | Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, found: await look() };
  } catch (error) {
    return { what, ok: false, found: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

function checkNode(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`${process.version} must be 20.19 or later`);
  return process.version;
}

function reach(address: string): Promise<string> {
  const at = address.lastIndexOf(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)), timeout: 1_000 });
    const end = (error: Error | null) => {
      socket.destroy();
      if (error) reject(error);
      else resolve(`${address} listens`);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end(new Error(`${address} does not answer within 1 s`)));
    socket.once('error', () => end(new Error(`nothing listens on ${address}; start it with: tenon up`)));
  });
}

async function packageVersion(): Promise<string> {
  const text = await readFile(join(packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** `tenon doctor`: what this machine has, and what is missing. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check versions, compiler, instruction set and services')
    .action(async (_options: unknown, command: Command) => {
      const { dataDir, json } = globalOptions(command);
      const addresses = await findAddresses(dataDir);
      const findings = await Promise.all([
        finding('tenon', packageVersion),
        finding('node', checkNode),
        finding('compiler', () => firstLineOf(process.env.CXX ?? 'c++', ['--version'])),
        finding('make', () => firstLineOf('make', ['--version'])),
        finding('python', () => firstLineOf('python3', ['--version'])),
        finding('addon', () => `loaded, instruction set ${activeIsa()}`),
        ...Object.entries(addresses).map(([name, address]) => finding(name, () => reach(address))),
      ]);
      if (json) printJson(findings);
      else {
        for (const { what, ok, found } of findings) {
          console.log(`${ok ? pc.green('ok     ') : pc.red('missing')} ${what.padEnd(9)} ${found}`);
        }
      }
      if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
    });
}
