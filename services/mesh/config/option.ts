/** When an option means anything: setting it while `option` is none of `is` is an error. */
export interface Applicability {
  option: string;
  is: readonly string[];
}

interface OptionBase {
  /** One line for the person who sets it. */
  help: string;
  /** Never shown in help or errors. */
  secret?: boolean;
  appliesWhen?: Applicability;
}

interface Ranged {
  min?: number;
  max?: number;
}

/** A whole number. */
export interface IntegerOption extends OptionBase, Ranged {
  type: 'integer';
  default: number;
}
/** A finite number. */
export interface NumberOption extends OptionBase, Ranged {
  type: 'number';
  default: number;
}
/** A span of time: `500ms`, `30s`, `5m`, `1h`; milliseconds in the configuration, `min` and `max`. */
export interface DurationOption extends OptionBase, Ranged {
  type: 'duration';
  default: string;
}
/** An amount of memory: `512`, `64KiB`, `64MiB`, `1GiB`; bytes in the configuration, `min` and `max`. */
export interface BytesOption extends OptionBase, Ranged {
  type: 'bytes';
  default: string;
}
/** `true` or `false`. */
export interface BooleanOption extends OptionBase {
  type: 'boolean';
  default: boolean;
}
/** Any text. */
export interface StringOption extends OptionBase {
  type: 'string';
  default: string;
}
/** One of a few words. */
export interface ChoiceOption extends OptionBase {
  type: 'choice';
  default: string;
  choices: readonly string[];
}
/** Texts, separated by commas in flags and environment. */
export interface ListOption extends OptionBase {
  type: 'list';
  default: readonly string[];
}

/** One thing an operator may set. */
export type Option =
  | IntegerOption
  | NumberOption
  | DurationOption
  | BytesOption
  | BooleanOption
  | StringOption
  | ChoiceOption
  | ListOption;

/** Options by name: lower-case words joined by `-`, grouped by `.`, such as `rpc.max-handlers`. */
export type Options = Readonly<Record<string, Option>>;

/** What an option is in the configuration. */
export type OptionValue<O extends Option> = O['type'] extends 'integer' | 'number' | 'duration' | 'bytes'
  ? number
  : O['type'] extends 'boolean'
    ? boolean
    : O['type'] extends 'list'
      ? readonly string[]
      : O extends { choices: readonly (infer Choice extends string)[] }
        ? Choice
        : string;

/** The configuration of a set of options, by option name. */
export type Config<O extends Options> = { readonly [Name in keyof O]: OptionValue<O[Name]> };

const optionName = /^[a-z][a-z0-9]*(?:[-.][a-z0-9]+)*$/;

/** The environment variable of an option: `rpc.max-handlers` → `TENON_RPC_MAX_HANDLERS`. */
export function environmentName(name: string): string {
  return `TENON_${name.toUpperCase().replaceAll(/[-.]/g, '_')}`;
}

/**
 * Declares a module's options and keeps their exact types.
 * @throws Error if two names share one environment variable or a name is misspelt.
 */
export function defineOptions<const O extends Options>(options: O): O {
  const seen = new Map<string, string>();
  for (const name of Object.keys(options)) {
    if (!optionName.test(name)) throw new Error(`option name ${name} must match ${optionName.source}`);
    const variable = environmentName(name);
    const other = seen.get(variable);
    if (other !== undefined) throw new Error(`options ${other} and ${name} share the variable ${variable}`);
    seen.set(variable, name);
  }
  return options;
}
