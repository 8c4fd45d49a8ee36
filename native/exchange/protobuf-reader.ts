import { unparsable } from './exchange-error.js';

/** A field of a message: a whole number, the bits of a fixed number, or bytes. */
export type ProtobufField =
  | { readonly number: number; readonly wire: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly wire: 'fixed32' | 'fixed64' | 'bytes'; readonly value: Uint8Array };

/**
 * Reads the fields of a Protocol Buffers message of any origin. Nothing is copied, and a claimed length is compared with
 * what is there before it is used. `at` names the message in errors. Throws ExchangeError UNPARSABLE_FILE.
 */
export function* protobufFields(bytes: Uint8Array, at: string): Generator<ProtobufField> {
  let place = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[place++];
      if (byte === undefined) throw unparsable(at, place, 'is the end of the message inside a number');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw unparsable(at, place, 'is inside a number of more than ten bytes');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - place) {
      throw unparsable(at, length, `bytes must be at most ${bytes.length - place}, what is left of the message`);
    }
    place += length;
    return bytes.subarray(place - length, place);
  };
  while (place < bytes.length) {
    const tag = Number(varint());
    const number = Math.floor(tag / 8);
    if (number < 1 || number >= 2 ** 29) throw unparsable(at, number, 'must be a field number');
    switch (tag % 8) {
      case 0:
        yield { number, wire: 'varint', value: varint() };
        break;
      case 1:
        yield { number, wire: 'fixed64', value: take(8) };
        break;
      case 2:
        yield { number, wire: 'bytes', value: take(Number(varint())) };
        break;
      case 5:
        yield { number, wire: 'fixed32', value: take(4) };
        break;
      default:
        throw unparsable(at, tag % 8, 'must be a wire type: 0, 1, 2 or 5');
    }
  }
}

const strictText = new TextDecoder('utf-8', { fatal: true });

/** The text of a field. */
export function textOf(field: ProtobufField, at: string): string {
  try {
    return strictText.decode(bytesOf(field, at));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw unparsable(at, bytesOf(field, at).length, 'bytes must be UTF-8');
  }
}

/** The bytes of a field. */
export function bytesOf(field: ProtobufField, at: string): Uint8Array {
  if (field.wire === 'bytes') return field.value;
  throw unparsable(at, field.wire, 'must be bytes');
}

/** The signed whole number of a field. Throws for one beyond ±(2^53 - 1). */
export function integerOf(field: ProtobufField, at: string): number {
  if (field.wire !== 'varint') throw unparsable(at, field.wire, 'must be a whole number');
  return safe(BigInt.asIntN(64, field.value), at);
}

function safe(value: bigint, at: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw unparsable(at, value, 'must be within ±(2^53 - 1)');
}

/** Adds the whole numbers of a field, packed or alone. */
export function integersOf(field: ProtobufField, into: number[], at: string): void {
  if (field.wire === 'varint') {
    into.push(integerOf(field, at));
    return;
  }
  const bytes = bytesOf(field, at);
  for (let place = 0; place < bytes.length; ) {
    // Nearly all numbers are short; the others go the long way.
    let value = 0;
    let shift = 1;
    const begin = place;
    for (let byte = 128; byte >= 128; shift *= 128) {
      if (place >= bytes.length) throw unparsable(at, place, 'is the end of the numbers inside one');
      if (place - begin >= 10) throw unparsable(at, place, 'is inside a number of more than ten bytes');
      byte = bytes[place++] as number;
      value += (byte & 127) * shift;
    }
    into.push(place - begin <= 7 ? value : longInteger(bytes.subarray(begin, place), at));
  }
}

function longInteger(bytes: Uint8Array, at: string): number {
  const value = bytes.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 127), 0n);
  return safe(BigInt.asIntN(64, value), at);
}

/** Adds the floats of a field, packed or alone. */
export function floatsOf(field: ProtobufField, into: number[], width: 4 | 8, at: string): void {
  if (field.wire === 'varint') throw unparsable(at, field.wire, 'must be floats');
  const { value: bytes } = field;
  if (bytes.length % width !== 0) throw unparsable(at, bytes.length, `bytes must be a multiple of ${width}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let place = 0; place < bytes.length; place += width) {
    into.push(width === 4 ? view.getFloat32(place, true) : view.getFloat64(place, true));
  }
}
