import { readFileSync } from 'node:fs';
import { shown } from '../errors.js';
import { ConfigError, type ConfigProblem } from './config-error.js';
import { nearestName } from './nearest.js';
import { type Config, environmentName, type Options } from './option.js';
import { parseValue } from './parse-value.js';

/** Where settings come from. */
export interface ConfigSources {
  /** The arguments after the program's name: `--rpc.max-handlers=64` or `--rpc.max-handlers 64`. */
  argv?: readonly string[];
  /** The environment; only names that start with `TENON_` are read. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** Variables that are no options: the file's name, what the addon reads itself, and the supervisor's mark. */
const otherVariables = new Set(['TENON_CONFIG', 'TENON_FORCE_ISA', 'TENON_NATIVE_THREADS', 'TENON_SUPERVISED']);

interface Setting {
  option: string;
  source: string;
  raw: unknown;
}

interface Flags {
  settings: Setting[];
  file: string | undefined;
}

function hint(wrong: string, names: Iterable<string>, prefix = ''): string {
  const nearest = nearestName(wrong, names);
  return nearest === undefined ? '' : `; did you mean ${prefix}${nearest}?`;
}

function readFlags(options: Options, argv: readonly string[], problems: ConfigProblem[]): Flags {
  const flags: Flags = { settings: [], file: undefined };
  const seen = new Set<string>();
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? '';
    if (!argument.startsWith('--')) {
      problems.push({ source: 'arguments', option: argument, message: `${shown(argument)} is no --option` });
      continue;
    }
    const equals = argument.indexOf('=');
    const name = argument.slice(2, equals === -1 ? undefined : equals);
    const source = `flag --${name}`;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined && name !== 'config') {
      const message = `unknown option${hint(name, Object.keys(options), '--')}`;
      problems.push({ source, option: name, message });
      // What follows an unknown flag is most likely its value.
      if (equals === -1 && !(argv[index + 1] ?? '--').startsWith('--')) index++;
      continue;
    }
    let raw: string | undefined = equals === -1 ? undefined : argument.slice(equals + 1);
    if (raw === undefined) {
      const next = argv[index + 1];
      const bare = option?.type === 'boolean' && next !== 'true' && next !== 'false';
      if (bare) raw = 'true';
      else if (next !== undefined && !next.startsWith('--')) {
        raw = next;
        index++;
      }
    }
    if (raw === undefined) problems.push({ source, option: name, message: 'needs a value' });
    else if (seen.has(name)) problems.push({ source, option: name, message: 'is given twice' });
    else if (option === undefined) flags.file = raw;
    else flags.settings.push({ option: name, source, raw });
    seen.add(name);
  }
  return flags;
}

function readEnvironment(options: Options, env: ConfigSources['env'], problems: ConfigProblem[]): Setting[] {
  const byVariable = new Map(Object.keys(options).map((name) => [environmentName(name), name]));
  const settings: Setting[] = [];
  for (const [variable, raw] of Object.entries(env ?? {})) {
    if (!variable.startsWith('TENON_') || otherVariables.has(variable) || raw === undefined) continue;
    const source = `environment ${variable}`;
    const option = byVariable.get(variable);
    if (option !== undefined) settings.push({ option, source, raw });
    else problems.push({ source, option: variable, message: `unknown variable${hint(variable, byVariable.keys())}` });
  }
  return settings;
}

/** Nested objects mean the same as names with dots: `{"rpc": {"max-handlers": 64}}`. */
function flatten(value: object, prefix: string, into: [string, unknown][]): [string, unknown][] {
  for (const [key, inner] of Object.entries(value)) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) flatten(inner, name, into);
    else into.push([name, inner]);
  }
  return into;
}

function readFile(options: Options, path: string, problems: ConfigProblem[]): Setting[] {
  const source = `file ${path}`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    problems.push({ source, option: 'config', message: error instanceof Error ? error.message : String(error) });
    return [];
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    problems.push({ source, option: 'config', message: `${shown(parsed)} must be a JSON object` });
    return [];
  }
  const settings: Setting[] = [];
  const seen = new Set<string>();
  for (const [name, raw] of flatten(parsed, '', [])) {
    if (!Object.hasOwn(options, name)) {
      const message = `unknown option ${shown(name)}${hint(name, Object.keys(options))}`;
      problems.push({ source, option: name, message });
    } else if (seen.has(name)) {
      problems.push({ source, option: name, message: `${name} is given twice` });
    } else {
      settings.push({ option: name, source, raw });
    }
    seen.add(name);
  }
  return settings;
}

/**
 * Reads the configuration: flags over environment over the JSON file named by `--config` or
 * `TENON_CONFIG` over defaults. Every source is checked in full, also where a stronger one wins.
 * @throws ConfigError naming each unknown name, wrong value, bound, and option without effect.
 */
export function loadConfig<O extends Options>(options: O, { argv = [], env = {} }: ConfigSources): Config<O> {
  const problems: ConfigProblem[] = [];
  const flags = readFlags(options, argv, problems);
  const path = flags.file ?? env.TENON_CONFIG;
  const weakestFirst = [
    ...(path === undefined || path === '' ? [] : readFile(options, path, problems)),
    ...readEnvironment(options, env, problems),
    ...flags.settings,
  ];
  const config: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options)) {
    const parsed = parseValue(option, option.default);
    if ('problem' in parsed) throw new Error(`the default of option ${name}: ${parsed.problem}`);
    config[name] = parsed.value;
  }
  for (const { option: name, source, raw } of weakestFirst) {
    const option = options[name];
    if (option === undefined) continue;
    const parsed = parseValue(option, raw);
    if ('problem' in parsed) problems.push({ source, option: name, message: `${name}: ${parsed.problem}` });
    else config[name] = parsed.value;
  }
  for (const { option: name, source } of weakestFirst) {
    const when = options[name]?.appliesWhen;
    if (when === undefined || when.is.includes(String(config[when.option]))) continue;
    const message = `${name} has no effect while ${when.option} is ${shown(config[when.option])}; it applies to ${when.is.join(', ')}`;
    problems.push({ source, option: name, message });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config) as Config<O>;
}
