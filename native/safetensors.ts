import { shownValue } from './table/table-error.js';

/** Element types that Tenon stores, with their sizes in bytes. */
const elementBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  U32: 4,
  I32: 4,
  U64: 8,
  I64: 8,
  F16: 2,
  BF16: 2,
  F32: 4,
  F64: 8,
} as const;

/** The element type of a stored tensor, as safetensors spells it. */
export type TensorDtype = keyof typeof elementBytes;

/** A named array: little-endian, row-major bytes. */
export interface NamedTensor {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  /** `product(shape) × element size` bytes. */
  readonly data: Uint8Array;
}

/** Tensors and the texts stored beside them. */
export interface TensorFile {
  readonly tensors: readonly NamedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes that are no acceptable safetensors file: the place, the value seen and the bound. */
export class SafetensorsError extends Error {
  readonly field: string;
  constructor(field: string, seen: unknown, bound: string) {
    super(`${field}: ${shownValue(seen)} ${bound}`);
    this.name = 'SafetensorsError';
    this.field = field;
  }
}

const limits = { headerBytes: 100_000_000, tensors: 100_000, dimensions: 8, nameLength: 256 } as const;

/** Where tensor data is aligned to: the widest element. */
const alignment = 8;

/**
 * Reads a safetensors file of any origin. Nothing is allocated from what the header claims:
 * each tensor is a view of `bytes`, copied only where its element type needs alignment.
 * Throws SafetensorsError for a header that is truncated, too large, no strict JSON in
 * UTF-8 or has duplicate names; for an unknown dtype or key; and unless the tensors tile the
 * data exactly, without overlap or hole.
 */
export function readSafetensors(bytes: Uint8Array): TensorFile {
  if (bytes.length < 8) throw new SafetensorsError('file', bytes.length, 'bytes must be >= 8');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const claimed = view.getBigUint64(0, true);
  if (claimed > BigInt(limits.headerBytes))
    throw new SafetensorsError('header', claimed, `bytes must be <= ${limits.headerBytes}`);
  const start = 8 + Number(claimed);
  if (start > bytes.length)
    throw new SafetensorsError('header', claimed, `bytes must be <= ${bytes.length - 8}, what the file holds`);
  const header = parseHeader(bytes.subarray(8, start));
  const data = bytes.subarray(start);
  const names = Object.keys(header).filter((name) => name !== '__metadata__');
  if (names.length > limits.tensors)
    throw new SafetensorsError('header', names.length, `tensors must be <= ${limits.tensors}`);
  const placed = names
    .map((name) => placeOf(name, header[name], data.length))
    .sort((left, right) => left.begin - right.begin || left.end - right.end);
  let at = 0;
  for (const { name, begin, end } of placed) {
    if (begin !== at)
      throw new SafetensorsError(`${name}.data_offsets[0]`, begin, `must be ${at}: tensors tile the data`);
    at = end;
  }
  if (at !== data.length)
    throw new SafetensorsError('data', data.length, `bytes must be ${at}, the end of the last tensor`);
  const tensors = placed.map(({ name, dtype, shape, begin, end }): NamedTensor => {
    const part = data.subarray(begin, end);
    return { name, dtype, shape, data: part.byteOffset % elementBytes[dtype] === 0 ? part : part.slice() };
  });
  return { tensors, metadata: metadataOf(header['__metadata__']) };
}

/**
 * Writes tensors, widest elements first so that every one is aligned, then by name: equal
 * contents give equal bytes. Throws SafetensorsError for a repeated name, or data whose
 * length is not that of its shape.
 */
export function writeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const ordered = [...tensors].sort(
    (left, right) => elementBytes[right.dtype] - elementBytes[left.dtype] || (left.name < right.name ? -1 : 1),
  );
  const header = new Map<string, unknown>();
  const texts = Object.entries(metadata).sort(([left], [right]) => (left < right ? -1 : 1));
  if (texts.length > 0) header.set('__metadata__', Object.fromEntries(texts));
  let end = 0;
  for (const { name, dtype, shape, data } of ordered) {
    checkName(name);
    if (header.has(name)) throw new SafetensorsError(name, name, 'must be unique');
    const wanted = byteLength(name, dtype, shape);
    if (data.length !== wanted) throw new SafetensorsError(name, data.length, `bytes must be ${wanted}`);
    header.set(name, { dtype, shape, data_offsets: [end, end + wanted] });
    end += wanted;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / alignment) * alignment;
  if (headerLength > limits.headerBytes)
    throw new SafetensorsError('header', headerLength, `bytes must be <= ${limits.headerBytes}`);
  const file = new Uint8Array(8 + headerLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength);
  file.set(json, 8);
  let at = 8 + headerLength;
  for (const { data } of ordered) {
    file.set(data, at);
    at += data.length;
  }
  return file;
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch {
    throw new SafetensorsError('header', bytes.length, 'bytes must be JSON in UTF-8');
  }
  if (text[0] !== '{' || typeof header !== 'object' || header === null)
    throw new SafetensorsError('header', text[0], 'must begin an object');
  // JSON.parse keeps the last of equal keys; writing the object again shows that one was lost.
  const strings = (json: string) => (json.match(/"(?:[^"\\]|\\.)*"/g) ?? []).length;
  if (strings(text) !== strings(JSON.stringify(header)))
    throw new SafetensorsError('header', bytes.length, 'bytes must not repeat a key');
  return header as Record<string, unknown>;
}

function placeOf(name: string, entry: unknown, dataLength: number) {
  checkName(name);
  if (typeof entry !== 'object' || entry === null) throw new SafetensorsError(name, entry, 'must be an object');
  for (const key of Object.keys(entry)) {
    if (!['dtype', 'shape', 'data_offsets'].includes(key))
      throw new SafetensorsError(`${name}.${key}`, key, 'is no known key');
  }
  const { dtype, shape, data_offsets: offsets } = entry as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof dtype !== 'string' || !Object.hasOwn(elementBytes, dtype)) {
    throw new SafetensorsError(`${name}.dtype`, dtype, `must be one of ${Object.keys(elementBytes).join(', ')}`);
  }
  if (!Array.isArray(shape)) throw new SafetensorsError(`${name}.shape`, shape, 'must be an array');
  if (!Array.isArray(offsets) || offsets.length !== 2)
    throw new SafetensorsError(`${name}.data_offsets`, offsets, 'must be two numbers');
  const [begin, end] = offsets as [unknown, unknown];
  if (!isCount(begin) || !isCount(end) || begin > end || end > dataLength) {
    throw new SafetensorsError(`${name}.data_offsets`, offsets, `must ascend within 0 to ${dataLength}`);
  }
  const wanted = byteLength(name, dtype as TensorDtype, shape as unknown[]);
  if (end - begin !== wanted)
    throw new SafetensorsError(`${name}.data_offsets`, end - begin, `bytes must be ${wanted}, as dtype and shape say`);
  return { name, dtype: dtype as TensorDtype, shape: shape as number[], begin, end };
}

function byteLength(name: string, dtype: TensorDtype, shape: readonly unknown[]): number {
  if (shape.length > limits.dimensions)
    throw new SafetensorsError(`${name}.shape`, shape.length, `dimensions must be <= ${limits.dimensions}`);
  let bytes: number = elementBytes[dtype];
  for (const [index, size] of shape.entries()) {
    if (!isCount(size)) throw new SafetensorsError(`${name}.shape[${index}]`, size, 'must be a whole number >= 0');
    bytes *= size;
    if (!Number.isSafeInteger(bytes)) throw new SafetensorsError(`${name}.shape`, shape, 'must stay below 2^53 bytes');
  }
  return bytes;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function checkName(name: string): void {
  if (name.length < 1 || name.length > limits.nameLength || name === '__metadata__' || name === '__proto__') {
    throw new SafetensorsError(
      'header',
      name,
      `must be a name of 1 to ${limits.nameLength} characters, not __metadata__ or __proto__`,
    );
  }
}

function metadataOf(entry: unknown): Record<string, string> {
  if (entry === undefined) return {};
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw new SafetensorsError('__metadata__', entry, 'must be an object');
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value !== 'string') throw new SafetensorsError(`__metadata__.${key}`, value, 'must be text');
  }
  return entry as Record<string, string>;
}
