import fc from 'fast-check';
import { packageDefinition } from '../../proto/contracts.js';
import { reasons } from '../../services/mesh/reasons.js';
import { resolveTypeName } from '../../services/mesh/rpc/wire-check.js';
import type { RawAnswer } from './raw-grpc.js';

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

/** The values of a map field; null for a field that is no map. */
function mapValueOf(scope: string, field: FieldDescriptor): { scope: string; value: FieldDescriptor } | null {
  if (field.type !== 'TYPE_MESSAGE') return null;
  const entryName = resolveTypeName(scope, field.typeName);
  const entry = messageOf(entryName);
  const value = entry.field.find(({ name }) => name === 'value');
  return entry.options?.mapEntry === true && value !== undefined ? { scope: entryName, value } : null;
}

function randomField(scope: string, field: FieldDescriptor, depth: number): fc.Arbitrary<unknown> {
  const map = mapValueOf(scope, field);
  if (map !== null) return fc.dictionary(text(), randomValueOf(map.scope, map.value, depth), { maxKeys: 3 });
  const one = randomValueOf(scope, field, depth);
  return field.label === 'LABEL_REPEATED' ? fc.array(one, { maxLength: 3 }) : one;
}

/**
 * Random messages of a type, in the shape that its `serialize` takes: every field absent or present, of each oneof at most
 * one, lists of up to three, texts of which some name resources.
 * @param fullName the message type, `tenon.data.v1.GetDatasetRequest`
 * @param depth how deep messages nest; default 5
 */
export function randomMessage(fullName: string, depth = 5): fc.Arbitrary<Record<string, unknown>> {
  const fields = messageOf(fullName).field.filter((field) => depth > 0 || field.type !== 'TYPE_MESSAGE');
  const arbitraries = Object.fromEntries(fields.map((field) => [field.name, randomField(fullName, field, depth)]));
  // proto-loader's descriptors write oneofIndex 0 for fields outside of a oneof too, so the last of a message's oneof
  // fields that serialization meets wins, which is what the wire does as well.
  return fc.record(arbitraries, { requiredKeys: [] });
}

type Plain = Readonly<Record<string, unknown>>;

/**
 * Messages that differ from `base` here and there: each field, at every depth, is mostly as it is in `base`, else random.
 * They come past the first check that purely random ones fail.
 */
export function variedMessage(fullName: string, base: Plain, depth = 5): fc.Arbitrary<Record<string, unknown>> {
  const arbitraries: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of messageOf(fullName).field) {
    if (depth === 0 && field.type === 'TYPE_MESSAGE') continue;
    const kept = field.name in base ? variedField(fullName, field, base[field.name], depth) : fc.constant(undefined);
    const random = randomField(fullName, field, Math.min(depth, 2));
    arbitraries[field.name] = fc.oneof({ weight: 9, arbitrary: kept }, { weight: 1, arbitrary: random });
  }
  return fc
    .record(arbitraries)
    .map((message) => Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined)));
}

function variedField(scope: string, field: FieldDescriptor, base: unknown, depth: number): fc.Arbitrary<unknown> {
  const map = mapValueOf(scope, field);
  const vary = (of: { scope: string; value: FieldDescriptor }, value: unknown): fc.Arbitrary<unknown> =>
    of.value.type === 'TYPE_MESSAGE'
      ? variedMessage(resolveTypeName(of.scope, of.value.typeName), value as Plain, depth - 1)
      : fc.constant(value);
  if (map !== null) {
    const values = Object.entries(base as Plain).map(([key, value]) => [key, vary(map, value)] as const);
    return fc.record(Object.fromEntries(values));
  }
  const own = { scope, value: field };
  return field.label === 'LABEL_REPEATED'
    ? fc.tuple(...(base as unknown[]).map((value) => vary(own, value)))
    : vary(own, base);
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
  // Keys in brackets are JSON texts, which may hold dots and brackets.
  const parts = field.match(/[^.[\]]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])*/g) ?? [];
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
  requests: unknown[];
}

/** How random requests are sent. */
export interface RandomRequestsParts {
  /** The methods by path. */
  methods: readonly string[];
  /**
   * Right requests by path, each of which is sent but for watches, and of which half of a method's requests are variations; for a stream of
   * requests the messages of one right call. Default: none.
   */
  bases?: Readonly<Record<string, readonly Plain[]>>;
  /** Sends serialized requests, more or less than one where the method takes a stream, and returns how the call ended. */
  send(
    method: string,
    requests: Buffer[],
  ): Promise<Pick<RawAnswer, 'code' | 'reason' | 'violations' | 'message' | 'facts'>>;
  /** Per method. */
  runs: number;
  seed: number;
  /** Calls under way at a time; default 1. */
  concurrency?: number;
}

/** What no caller may read: places in the source or on disk, and the words of databases. */
const leak =
  /node_modules|file:\/\/|\.[cm]?[jt]s:\d|\n\s+at |\/tmp\/|\/home\/|SQLITE|sqlite|\b(?:SELECT .* FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b|constraint failed|DuckDB|Parser Error|Binder Error/;

function problemsOf(requestType: string, answer: Awaited<ReturnType<RandomRequestsParts['send']>>): string[] {
  const { code, reason, violations, message, facts } = answer;
  const problems: string[] = [];
  if (code === null) problems.push('the call ended without a status');
  if (code === 2 || code === 13) problems.push('a fault of the server');
  if (code !== 0 && reason === null) problems.push('an error without reason');
  if (reason !== null && reasons[reason] !== code) problems.push(`${reason} has the code ${code}`);
  if (code === 3 && reason !== 'UNDECODABLE_REQUEST' && violations.length === 0) problems.push('no field is named');
  for (const { field, description } of violations) {
    const wrong = wrongFieldPath(requestType, field);
    if (wrong !== null) problems.push(`the field ${JSON.stringify(field)} does not exist: ${wrong}`);
    if (description === '') problems.push(`nothing is said of ${field}`);
  }
  const told = [message, ...violations.map(({ description }) => description), ...Object.values(facts)];
  for (const text of told) if (leak.test(text)) problems.push(`${JSON.stringify(text)} tells of the inside`);
  return problems;
}

/** The random requests of a method; a stream gets up to three messages. */
function samples({ bases, runs, seed }: RandomRequestsParts, method: string, requestType: string): unknown[][] {
  const base = bases?.[method];
  const stream = isRequestStream(method);
  const random = randomMessage(requestType);
  const randoms = stream ? fc.array(random, { maxLength: 3 }) : random.map((message) => [message]);
  if (base === undefined) return fc.sample(randoms, { numRuns: runs, seed });
  const half = Math.floor(runs / 2);
  const variations = base.map((message) => variedMessage(requestType, message));
  const varied: fc.Arbitrary<unknown[]> = stream
    ? fc.tuple(...variations)
    : fc.oneof(...variations).map((message) => [message]);
  // A right watch goes on until its deadline: its variations are enough of them.
  const watches = /\/Watch[^/]*$/.test(method);
  const right: unknown[][] = watches ? [] : stream ? [[...base]] : base.map((message) => [message]);
  return [
    ...right,
    ...fc.sample(randoms, { numRuns: runs - half - right.length, seed }),
    ...fc.sample(varied, { numRuns: half, seed }),
  ];
}

function isRequestStream(path: string): boolean {
  const [, service = '', method = ''] = path.split('/');
  const definition = packageDefinition[service] as unknown as Record<string, { requestStream: boolean }> | undefined;
  return definition?.[method]?.requestStream === true;
}

/**
 * Sends random requests of every method and checks each answer: a status with its reason, never INTERNAL or UNKNOWN; at
 * each INVALID_ARGUMENT violations whose fields exist in the request type; no word of paths, SQL or stacks.
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
    const serialize = definition.serialize as unknown as (message: unknown) => Buffer;
    const waiting = samples(parts, method, requestType).values();
    const sendNext = async () => {
      for (const requests of waiting) {
        const answer = await parts.send(method, requests.map(serialize));
        const { code, reason, violations } = answer;
        const outcome = { method, code: code ?? -1, reason, fields: violations.map(({ field }) => field) };
        outcomes.push(outcome);
        for (const problem of problemsOf(requestType, answer)) {
          findings.push({ ...outcome, problem: `${problem} (${answer.message})`, requests });
        }
      }
    };
    await Promise.all(Array.from({ length: parts.concurrency ?? 1 }, sendNext));
  }
  return { outcomes, findings };
}
