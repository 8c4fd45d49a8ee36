import { environmentName, type Option, type Options } from './option.js';
import { boundOf, formatNumber, parseValue } from './parse-value.js';

function defaultOf(option: Option): string {
  if (option.secret === true) return 'hidden';
  const value = Array.isArray(option.default) ? option.default.join(',') : String(option.default);
  return value === '' ? 'empty' : value;
}

function rangeOf(option: Option): string {
  if (option.type === 'choice') return option.choices.join(' | ');
  const bound = boundOf(option);
  return bound === '' ? option.type : `${option.type}, ${bound}`;
}

function shownValue(option: Option, value: unknown): string {
  if (option.secret === true) return 'hidden';
  if (typeof value === 'number') return formatNumber(option, value);
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** `; now 64` where a value differs from the default. */
function nowOf(option: Option, value: unknown): string {
  if (value === undefined) return '';
  const usual = parseValue(option, option.default);
  const same = 'value' in usual && String(usual.value) === String(value);
  return same ? '' : `; now ${shownValue(option, value)}`;
}

/**
 * Every option, grouped by its first word: flag, range, default, meaning, environment variable.
 * @param now the values in force; those that differ from the default are shown
 */
export function renderConfigHelp(options: Options, now: Readonly<Record<string, unknown>> = {}): string {
  const groups = new Map<string, string[]>();
  for (const [name, option] of Object.entries(options)) {
    const group = name.includes('.') ? name.slice(0, name.indexOf('.')) : 'general';
    const when = option.appliesWhen;
    const applies = when === undefined ? '' : ` Only where ${when.option} is ${when.is.join(' or ')}.`;
    const lines = [
      `  --${name}=<${rangeOf(option)}>`,
      `      ${option.help}${applies}`,
      `      default ${defaultOf(option)}; environment ${environmentName(name)}${nowOf(option, now[name])}`,
    ];
    groups.set(group, [...(groups.get(group) ?? []), lines.join('\n')]);
  }
  const sections = [...groups].map(([group, entries]) => `${group}\n${entries.join('\n')}`);
  const head = 'Options: flags win over environment, environment over --config FILE (JSON, or TENON_CONFIG).';
  return `${[head, ...sections].join('\n\n')}\n`;
}
