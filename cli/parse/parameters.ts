import type { Value } from '../../proto/gen/tenon/common/v1/index.js';
import { UsageError } from '../usage-error.js';

/** Splits `name=value`; the value may hold further `=`. */
export function splitPair(text: string, flag: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`${flag} ${JSON.stringify(text)} must be name=value`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/** `max_depth=8`, `bootstrap=false`, `max_features=sqrt` as typed values, by how they are written. */
export function parseParameters(pairs: readonly string[]): Record<string, Value> {
  const entries = pairs.map((pair) => {
    const [name, text] = splitPair(pair, '--param');
    if (text === 'true' || text === 'false') return [name, { boolValue: text === 'true' }] as const;
    if (/^[+-]?\d{1,15}$/.test(text)) return [name, { integerValue: Number(text) }] as const;
    const number = Number(text);
    if (text.trim() !== '' && Number.isFinite(number)) return [name, { doubleValue: number }] as const;
    return [name, { stringValue: text }] as const;
  });
  return Object.fromEntries(entries);
}
