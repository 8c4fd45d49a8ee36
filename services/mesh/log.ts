import type { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import type { CommonOptions } from './config/common-options.js';
import type { Config } from './config/option.js';

const levelNames: Readonly<Record<number, string>> = { 10: 'TRACE', 20: 'DEBUG', 30: 'INFO', 40: 'WARN', 50: 'ERROR' };

export type { Logger } from 'pino';

/** One line for people: time, level, message, then the other fields as JSON. */
function prettyLine(line: string): string {
  const { level, time, msg, pid: _pid, hostname: _hostname, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const facts = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`;
  return `${new Date(Number(time)).toISOString()} ${levelNames[Number(level)] ?? level} ${msg ?? ''}${facts}\n`;
}

/** The service's log on stderr; stdout is left to the one line that says where it listens. */
export function createLog(
  service: string,
  config: Pick<Config<CommonOptions>, 'log.level' | 'log.format'>,
  output: Pick<Writable, 'write'> = process.stderr,
): Logger {
  const pretty = config['log.format'] === 'pretty';
  const destination = pretty ? { write: (line: string) => output.write(prettyLine(line)) } : output;
  const redact = ['authorization', '*.authorization', 'token', '*.token'];
  return pino({ level: config['log.level'], base: { service }, redact }, destination as { write(line: string): void });
}
