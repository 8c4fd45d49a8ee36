import test from 'ava';
import { readSafetensors, writeSafetensors } from '../../../native/safetensors.js';

const tensors = [
  { name: 'bytes', dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) },
  { name: 'wide', dtype: 'F64', shape: [1, 2], data: new Uint8Array(Float64Array.of(1, 2).buffer) },
] as const;

/** A file with that header text and that many bytes of data. */
function fileOf(header: string, dataLength: number): Uint8Array {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(dataLength)]);
}

test('what is written is read back, and equal contents give equal bytes', (t) => {
  const bytes = writeSafetensors({ tensors, metadata: { format: '1' } });
  const read = readSafetensors(bytes);
  const contents = (list: typeof read.tensors) => Object.fromEntries(list.map(({ name, data }) => [name, [...data]]));
  t.deepEqual(contents(read.tensors), contents(tensors));
  t.deepEqual(read.metadata, { format: '1' });
  t.deepEqual(writeSafetensors({ tensors: [...tensors].reverse(), metadata: { format: '1' } }), bytes);
});

test('every truncation is refused', (t) => {
  const bytes = writeSafetensors({ tensors, metadata: {} });
  for (let length = 0; length < bytes.length; length++)
    t.throws(() => readSafetensors(bytes.subarray(0, length)), { name: 'SafetensorsError' });
});

const tensor = (begin: number, end: number, shape: number[], dtype = 'U8') =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });
const hostile: Record<string, Uint8Array> = {
  overlap: fileOf(`{"a":${tensor(0, 4, [4])},"b":${tensor(2, 6, [4])}}`, 6),
  hole: fileOf(`{"a":${tensor(0, 2, [2])},"b":${tensor(4, 6, [2])}}`, 6),
  'bytes after the last tensor': fileOf(`{"a":${tensor(0, 2, [2])}}`, 3),
  'shape of 3 GB over 4 bytes': fileOf(`{"a":${tensor(0, 4, [3_000_000_000])}}`, 4),
  'shape that overflows': fileOf(`{"a":${tensor(0, 4, [2 ** 40, 2 ** 40])}}`, 4),
  'negative size': fileOf(`{"a":${tensor(0, 4, [-4])}}`, 4),
  'fractional size': fileOf(`{"a":${tensor(0, 4, [0.5, 8])}}`, 4),
  'offsets beyond the data': fileOf(`{"a":${tensor(0, 8, [8])}}`, 4),
  'unknown dtype': fileOf(`{"a":${tensor(0, 4, [4], 'PICKLE')}}`, 4),
  'inherited dtype': fileOf(`{"a":${tensor(0, 4, [4], 'constructor')}}`, 4),
  'repeated name': fileOf(`{"a":${tensor(0, 4, [4])},"a":${tensor(0, 4, [4])}}`, 4),
  'prototype name': fileOf(`{"__proto__":${tensor(0, 4, [4])}}`, 4),
  'NaN in JSON': fileOf('{"a":{"dtype":"U8","shape":[NaN],"data_offsets":[0,4]}}', 4),
  'unknown key': fileOf('{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"code":"x"}}', 4),
  'metadata that is no text': fileOf('{"__metadata__":{"a":1}}', 0),
  'no UTF-8': fileOf('{"a\uFFFD":1}', 0).map((byte) => (byte === 0xef ? 0xff : byte)),
  'an array': fileOf('[]', 0),
  'a header of 2^63 bytes': Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128, 123, 125),
};
for (const [title, bytes] of Object.entries(hostile)) {
  test(`a file is refused for: ${title}`, (t) => {
    t.throws(() => readSafetensors(bytes), { name: 'SafetensorsError' });
  });
}
