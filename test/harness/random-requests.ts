import fc from 'fast-check';
import { packageDefinition } from '../../proto/contracts.js';
import { resolveTypeName } from '../../services/mesh/rpc/wire-check.js';

interface FieldDescriptor {
  name: string;
  label: string;
  type: string;
  typeName: string;
  oneofIndex: number;
}
interface MessageDescriptor {
  name: string;
  field: FieldDescriptor[];
  nestedType: MessageDescriptor[];
  oneofDecl: { name: string }[];
  options: { mapEntry?: boolean } | null;
}
interface EnumDescriptor {
  value: { name: string; number: number }[];
}

const messages = new Map<string, MessageDescriptor>();
const enums = new Map<string, EnumDescriptor>();

function collect(descriptor: MessageDescriptor, fullName: string): void {
  messages.set(fullName, descriptor);
  for (const nested of descriptor.nestedType) collect(nested, `${fullName}.${nested.name}`);
}
for (const [fullName, definition] of Object.entries(packageDefinition)) {
  if (definition.format === 'Protocol Buffer 3 DescriptorProto') {
    collect(definition.type as unknown as MessageDescriptor, fullName);
  } else if (definition.format === 'Protocol Buffer 3 EnumDescriptorProto') {
    enums.set(fullName, definition.type as unknown as EnumDescriptor);
  }
}

function messageOf(fullName: string): MessageDescriptor {
  const descriptor = messages.get(fullName);
  if (descriptor === undefined) throw new Error(`no message type ${fullName}`);
  return descriptor;
}

function enumOf(scope: string, typeName: string): EnumDescriptor | undefined {
  for (let outer = scope; ; outer = outer.slice(0, Math.max(0, outer.lastIndexOf('.')))) {
    const found = enums.get(outer === '' ? typeName.replace(/^\./, '') : `${outer}.${typeName}`);
    if (found !== undefined || outer === '') return found;
  }
}

// Texts that a validation may know by name, between plain noise.
const knownTexts = [
  '',
  'datasets/penguins',
  'datasets/penguins/versions/1',
  'datasets/penguins/versions/latest',
  'recipes/clean',
  'jobs/j1',
  'models/penguins',
  'models/penguins/versions/1',
  'deployments/penguins',
  'estimators/random-forest',
  'random-forest',
  'production',
  'species',
  '../../etc/passwd',
  'datasets/..',
  'DATASETS/A',
  'a\u0000b',
  '*',
];

function text(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...knownTexts),
    fc.string({ maxLength: 20 }),
    fc.string({ unit: 'grapheme', maxLength: 70 }),
    fc.integer({ min: 60, max: 300 }).map((length) => 'x'.repeat(length)),
  );
}

function scalar(scope: string, field: FieldDescriptor): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'TYPE_STRING':
      return text();
    case 'TYPE_BYTES':
      return fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
    case 'TYPE_BOOL':
      return fc.boolean();
    case 'TYPE_DOUBLE':
    case 'TYPE_FLOAT':
      return fc.oneof(fc.double(), fc.constantFrom(0, -1, 1, Number.NaN, Number.POSITIVE_INFINITY));
    case 'TYPE_ENUM': {
      const known = enumOf(scope, field.typeName)?.value.map(({ number }) => number) ?? [0];
      return fc.oneof(fc.constantFrom(...known), fc.constantFrom(99, -1, 2_147_483_647));
    }
    case 'TYPE_INT64':
    case 'TYPE_UINT64':
      return fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 2 ** 53 - 1, 2 ** 62, -(2 ** 62)));
    default:
      return fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 2_147_483_647, -2_147_483_648));
  }
}

function randomValueOf(scope: string, field: FieldDescriptor, depth: number): fc.Arbitrary<unknown> {
  if (field.type !== 'TYPE_MESSAGE') return scalar(scope, field);
  return randomMessage(resolveTypeName(scope, field.typeName), depth - 1);
}

/**
 * Random messages of a type, in the shape that its `serialize` takes: every field absent or present, of each oneof at most
 * one, lists of up to three, texts of which some name resources.
 * @param fullName the message type, `tenon.data.v1.GetDatasetRequest`
 * @param depth how deep messages nest; default 5
 */
export function randomMessage(fullName: string, depth = 5): fc.Arbitrary<Record<string, unknown>> {
  const descriptor = messageOf(fullName);
  const fields = descriptor.field.filter((field) => depth > 0 || field.type !== 'TYPE_MESSAGE');
  const arbitraries: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of fields) {
    const entry = field.type === 'TYPE_MESSAGE' ? messageOf(resolveTypeName(fullName, field.typeName)) : null;
    if (entry?.options?.mapEntry === true) {
      const value = entry.field.find(({ name }) => name === 'value');
      if (value === undefined) continue;
      const scope = resolveTypeName(fullName, field.typeName);
      arbitraries[field.name] = fc.dictionary(text(), randomValueOf(scope, value, depth), { maxKeys: 3 });
      continue;
    }
    const one = randomValueOf(fullName, field, depth);
    arbitraries[field.name] = field.label === 'LABEL_REPEATED' ? fc.array(one, { maxLength: 3 }) : one;
  }
  // proto-loader's descriptors write oneofIndex 0 for fields outside of a oneof too, so the last of a message's oneof
  // fields that serialization meets wins, which is what the wire does as well.
  return fc.record(arbitraries, { requiredKeys: [] });
}

/** A request type of a method path: `/tenon.data.v1.DatasetService/GetDataset` → `tenon.data.v1.GetDatasetRequest`. */
export function requestTypeOf(path: string): string {
  const [, service = '', method = ''] = path.split('/');
  return `${service.slice(0, service.lastIndexOf('.'))}.${method}Request`;
}

function camel(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

/**
 * Whether a violation's field, in proto spelling with indices in brackets (`job.spec.steps[2].columns[0]`, map keys
 * likewise), exists in a request type.
 * @returns null if it does, otherwise what is wrong with the path
 */
export function wrongFieldPath(requestType: string, field: string): string | null {
  if (field === '') return 'the field is empty';
  // Keys in brackets may hold dots.
  const parts = field.match(/[^.[\]]+(?:\[[^\]]*\])*/g) ?? [];
  let type: string | null = requestType;
  for (const part of parts) {
    const name = part.replace(/\[.*$/s, '');
    const indexed = part !== name;
    if (type === null) return `${part} lies below a field that is no message`;
    // What a person types as JSON below Struct and its kin has no fields of its own.
    if (type === 'google.protobuf.Struct' || type === 'google.protobuf.Value') return null;
    if (name !== name.toLowerCase()) return `${name} is not in proto spelling`;
    const descriptor: FieldDescriptor | undefined = messageOf(type).field.find((each) => each.name === camel(name));
    if (descriptor === undefined) {
      // A violation may name a oneof as a whole.
      if (messageOf(type).oneofDecl.some((oneof) => oneof.name === name || oneof.name === camel(name))) return null;
      return `${type} has no field ${name}`;
    }
    if (indexed && descriptor.label !== 'LABEL_REPEATED') return `${name} of ${type} is no list`;
    let next: string | null = descriptor.type === 'TYPE_MESSAGE' ? resolveTypeName(type, descriptor.typeName) : null;
    if (next !== null && messageOf(next).options?.mapEntry === true) {
      const value: FieldDescriptor | undefined = messageOf(next).field.find((each) => each.name === 'value');
      next = value?.type === 'TYPE_MESSAGE' ? resolveTypeName(next, value.typeName) : null;
    }
    type = next;
  }
  return null;
}

/** What one random request came to. */
export interface RandomOutcome {
  method: string;
  code: number;
  reason: string | null;
  fields: string[];
}

/** What is wrong with one answer. */
export interface RandomFinding extends RandomOutcome {
  problem: string;
  request: unknown;
}

/** How random requests are sent. */
export interface RandomRequestsParts {
  /** The methods by path; streams of requests get one message. */
  methods: readonly string[];
  /** Sends one serialized request and returns how the call ended. */
  send(
    method: string,
    request: Buffer,
  ): Promise<{ code: number; reason: string | null; fields: string[]; message: string }>;
  /** Per method. */
  runs: number;
  seed: number;
}

/**
 * Sends random requests of every method and checks each answer: no INTERNAL or UNKNOWN, a reason on every error, and at
 * each INVALID_ARGUMENT violations whose fields exist in the request type.
 */
export async function sendRandomRequests(parts: RandomRequestsParts): Promise<{
  outcomes: RandomOutcome[];
  findings: RandomFinding[];
}> {
  const outcomes: RandomOutcome[] = [];
  const findings: RandomFinding[] = [];
  for (const method of parts.methods) {
    const requestType = requestTypeOf(method);
    const definition = packageDefinition[requestType];
    if (definition === undefined || !('serialize' in definition)) throw new Error(`no message type ${requestType}`);
    const serialize = definition.serialize as unknown as (message: object) => Buffer;
    for (const request of fc.sample(randomMessage(requestType), { numRuns: parts.runs, seed: parts.seed })) {
      const { code, reason, fields, message } = await parts.send(method, serialize(request));
      const outcome = { method, code, reason, fields };
      outcomes.push(outcome);
      const found = (problem: string) => findings.push({ ...outcome, problem: `${problem} (${message})`, request });
      if (code === 2 || code === 13) found('a fault of the server');
      if (code !== 0 && reason === null) found('an error without reason');
      if (code === 3 && reason !== 'UNDECODABLE_REQUEST' && fields.length === 0) found('no field is named');
      for (const field of fields) {
        const wrong = wrongFieldPath(requestType, field);
        if (wrong !== null) found(`the field ${JSON.stringify(field)} does not exist: ${wrong}`);
      }
    }
  }
  return { outcomes, findings };
}
