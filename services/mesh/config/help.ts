import { environmentName, type Option, type Options } from './option.js';
import { boundOf } from './parse-value.js';

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

/** Every option, grouped by its first word: flag, range, default, meaning, environment variable. */
export function renderConfigHelp(options: Options): string {
  const groups = new Map<string, string[]>();
  for (const [name, option] of Object.entries(options)) {
    const group = name.includes('.') ? name.slice(0, name.indexOf('.')) : 'general';
    const when = option.appliesWhen;
    const applies = when === undefined ? '' : ` Only where ${when.option} is ${when.is.join(' or ')}.`;
    const lines = [
      `  --${name}=<${rangeOf(option)}>`,
      `      ${option.help}${applies}`,
      `      default ${defaultOf(option)}; environment ${environmentName(name)}`,
    ];
    groups.set(group, [...(groups.get(group) ?? []), lines.join('\n')]);
  }
  const sections = [...groups].map(([group, entries]) => `${group}\n${entries.join('\n')}`);
  const head = 'Options: flags win over environment, environment over --config FILE (JSON, or TENON_CONFIG).';
  return `${[head, ...sections].join('\n\n')}\n`;
}
