import { shown } from '../errors.js';
import type { Option } from './option.js';

/** A value as parsed, or what was wrong with it. */
export type Parsed = { value: number | boolean | string | readonly string[] } | { problem: string };

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const byteUnits: Readonly<Record<string, number>> = { '': 1, B: 1, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 };

function quantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text);
  const unit = units[match?.[2] ?? 'none'];
  return match === null || unit === undefined ? undefined : Math.round(Number(match[1]) * unit);
}

/** Milliseconds as a person writes them: 90000 → `90s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds !== 0) {
    for (const [unit, size] of [
      ['h', 3_600_000],
      ['m', 60_000],
      ['s', 1_000],
    ] as const) {
      if (milliseconds % size === 0) return `${milliseconds / size}${unit}`;
    }
  }
  return `${milliseconds}ms`;
}

/** Bytes as a person writes them: 67108864 → `64MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes !== 0) {
    for (const unit of ['GiB', 'MiB', 'KiB']) {
      const size = byteUnits[unit] ?? 1;
      if (bytes % size === 0) return `${bytes / size}${unit}`;
    }
  }
  return `${bytes}B`;
}

/** A number of an option as a person writes it. */
export function formatNumber(option: Option, value: number): string {
  if (option.type === 'duration') return formatDuration(value);
  return option.type === 'bytes' ? formatBytes(value) : String(value);
}

/** `1 to 100`, `at least 1`, `at most 100`; empty if there is no bound. */
export function boundOf(option: Option): string {
  if (!('min' in option) && !('max' in option)) return '';
  const min = option.min === undefined ? undefined : formatNumber(option, option.min);
  const max = option.max === undefined ? undefined : formatNumber(option, option.max);
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return min === undefined ? `at most ${max}` : `at least ${min}`;
}

function number(option: Option, raw: unknown): number | undefined {
  if (option.type === 'duration' || option.type === 'bytes') {
    if (typeof raw !== 'string') return undefined;
    return quantity(raw, option.type === 'duration' ? durationUnits : byteUnits);
  }
  if (typeof raw === 'number') return raw;
  return typeof raw === 'string' && /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(raw) ? Number(raw) : undefined;
}

const expected: Readonly<Record<Option['type'], string>> = {
  integer: 'a whole number',
  number: 'a finite number',
  duration: 'a duration such as 500ms, 30s, 5m or 1h',
  bytes: 'an amount such as 512B, 64KiB, 64MiB or 1GiB',
  boolean: 'true or false',
  string: 'text',
  choice: 'one of',
  list: 'a list of texts',
};

/**
 * Reads one value of an option, from text (flags, environment) or JSON (file).
 * @returns the value, or a sentence that shows what was seen and what would be right.
 */
export function parseValue(option: Option, raw: unknown): Parsed {
  const seen = option.secret === true ? 'the value' : shown(raw);
  const wrong = (bound: string): Parsed => ({ problem: `${seen} must be ${bound}` });
  switch (option.type) {
    case 'boolean':
      if (raw === true || raw === 'true') return { value: true };
      return raw === false || raw === 'false' ? { value: false } : wrong(expected.boolean);
    case 'string':
      return typeof raw === 'string' ? { value: raw } : wrong(expected.string);
    case 'choice':
      return typeof raw === 'string' && option.choices.includes(raw)
        ? { value: raw }
        : wrong(`${expected.choice} ${option.choices.join(', ')}`);
    case 'list': {
      const parts = typeof raw === 'string' ? raw.split(',').filter((part) => part !== '') : raw;
      return Array.isArray(parts) && parts.every((part) => typeof part === 'string')
        ? { value: parts as string[] }
        : wrong(expected.list);
    }
    default: {
      const value = number(option, raw);
      const whole = option.type !== 'integer' || Number.isSafeInteger(value);
      const bound = boundOf(option);
      const right = bound === '' ? expected[option.type] : `${expected[option.type]}, ${bound}`;
      if (value === undefined || !Number.isFinite(value) || !whole) return wrong(right);
      return value < (option.min ?? -Infinity) || value > (option.max ?? Infinity) ? wrong(right) : { value };
    }
  }
}
