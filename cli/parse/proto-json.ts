import { packageDefinition } from '../../proto/contracts.js';
import { nearestName } from '../../services/mesh/config/nearest.js';
import { UsageError } from '../usage-error.js';

/** What of a descriptor is read here; names are spelled in camel case. */
interface Descriptor {
  field: FieldDescriptor[];
  nestedType?: (Descriptor & { name: string; options?: { mapEntry?: boolean } | null })[];
  enumType?: { name: string; value: { name: string }[] }[];
}

interface FieldDescriptor {
  name: string;
  label: string;
  type: string;
  typeName: string;
}

const definitions = packageDefinition as unknown as Readonly<Record<string, { type?: unknown } | undefined>>;
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const wholeTypes = new Set(['TYPE_INT32', 'TYPE_INT64', 'TYPE_UINT32', 'TYPE_UINT64']);

/**
 * A message from proto JSON as a person writes it: fields in snake or camel case, enum values by name, 64-bit integers as
 * numbers or text, durations as "90s", and plain values where a `Value` is meant. `source` is what the text is called.
 * Throws UsageError naming the field for an unknown name, and for a value of another type.
 */
export function messageFromJson(json: unknown, message: string, source: string): object {
  return messageAt(json, message, source, '');
}

function messageAt(json: unknown, message: string, source: string, path: string): object {
  if (message === 'google.protobuf.Duration' && typeof json === 'string') return durationOf(json, source, path);
  if (message === 'tenon.common.v1.Value' && (typeof json !== 'object' || json === null)) return valueMessage(json);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong(source, path, json, 'an object');
  const descriptor = definitions[message]?.type as Descriptor | undefined;
  if (descriptor === undefined) throw wrong(source, path, json, 'left out: this tool cannot read it');
  const entries = Object.entries(json).map(([key, value]) => {
    const field = descriptor.field.find(({ name }) => name === key || snake(name) === key);
    const place = path === '' ? key : `${path}.${key}`;
    if (field === undefined) {
      const known = descriptor.field.map(({ name }) => snake(name));
      const near = nearestName(key, known);
      const hint = near === undefined ? `it has ${known.join(', ')}` : `did you mean ${near}?`;
      throw new UsageError(`${source}: ${place} is no field; ${hint}`);
    }
    return [field.name, fieldAt(value, field, { message, descriptor, source, place })] as const;
  });
  return Object.fromEntries(entries);
}

interface FieldPlace {
  message: string;
  descriptor: Descriptor;
  source: string;
  place: string;
}

function fieldAt(json: unknown, field: FieldDescriptor, at: FieldPlace): unknown {
  const { source, place } = at;
  const entry = at.descriptor.nestedType?.find(({ name, options }) => options?.mapEntry && name === field.typeName);
  const value = entry?.field.find(({ name }) => name === 'value');
  if (value !== undefined) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong(source, place, json, 'an object');
    const values = Object.entries(json).map(([key, each]) => {
      return [key, singleAt(each, value, { ...at, place: `${place}["${key}"]` })] as const;
    });
    return Object.fromEntries(values);
  }
  if (field.label !== 'LABEL_REPEATED') return singleAt(json, field, at);
  if (!Array.isArray(json)) throw wrong(source, place, json, 'an array');
  return json.map((each, index) => singleAt(each, field, { ...at, place: `${place}[${index}]` }));
}

function singleAt(json: unknown, { type, typeName }: FieldDescriptor, at: FieldPlace): unknown {
  const { message, descriptor, source, place } = at;
  if (type === 'TYPE_MESSAGE') return messageAt(json, fullName(typeName, message), source, place);
  if (type === 'TYPE_STRING') {
    if (typeof json !== 'string') throw wrong(source, place, json, 'text');
    return json;
  }
  if (type === 'TYPE_BOOL') {
    if (typeof json !== 'boolean') throw wrong(source, place, json, 'true or false');
    return json;
  }
  if (type === 'TYPE_ENUM') {
    const nested = descriptor.enumType?.find(({ name }) => name === typeName);
    const known = nested ?? (definitions[fullName(typeName, message)]?.type as typeof nested);
    const names = known?.value.map(({ name }) => name) ?? [];
    if (json === null && names.includes('NULL_VALUE')) return 'NULL_VALUE';
    if (typeof json !== 'string' || !names.includes(json))
      throw wrong(source, place, json, `one of ${names.join(', ')}`);
    return json;
  }
  const number = typeof json === 'string' && /^-?\d{1,16}$/.test(json) ? Number(json) : json;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw wrong(source, place, json, 'a number');
  if (wholeTypes.has(type) && !Number.isSafeInteger(number)) throw wrong(source, place, json, 'a whole number');
  return number;
}

/** A type's name as descriptors spell it, from the inside out of where it is used. */
function fullName(typeName: string, within: string): string {
  for (let scope = within; scope !== ''; scope = scope.slice(0, Math.max(0, scope.lastIndexOf('.')))) {
    if (definitions[`${scope}.${typeName}`] !== undefined) return `${scope}.${typeName}`;
  }
  return typeName;
}

/** A plain value as a message. */
export function valueMessage(json: unknown): object {
  if (typeof json === 'boolean') return { boolValue: json };
  if (typeof json === 'string') return { stringValue: json };
  if (typeof json === 'number') return Number.isSafeInteger(json) ? { integerValue: json } : { doubleValue: json };
  return { nullValue: 'NULL_VALUE' };
}

function durationOf(text: string, source: string, path: string): object {
  const match = /^(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(text);
  if (match === null) throw wrong(source, path, text, 'a duration like "90s"');
  return { seconds: Number(match[1]), nanos: Number((match[2] ?? '').padEnd(9, '0')) };
}

function wrong(source: string, place: string, seen: unknown, right: string): UsageError {
  const shown = JSON.stringify(seen) ?? String(seen);
  const cut = shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
  return new UsageError(`${source}: ${place === '' ? 'the document' : place} is ${cut}; it must be ${right}`);
}
