/** The element types of IDX with their codes and widths in bytes. */
const idxTypes = { u8: [8, 1], i8: [9, 1], i16: [11, 2], i32: [12, 4], f32: [13, 4], f64: [14, 8] } as const;

/** An element type that IDX has. */
export type IdxDtype = keyof typeof idxTypes;

/** An IDX file of these elements. */
export function idxFile(shape: readonly number[], elements: ArrayLike<number>, dtype: IdxDtype = 'u8'): Buffer {
  const [code, width] = idxTypes[dtype];
  const header = Buffer.alloc(4 + shape.length * 4);
  header.set([0, 0, code, shape.length]);
  for (const [index, size] of shape.entries()) header.writeUInt32BE(size, 4 + index * 4);
  const body = Buffer.alloc(elements.length * width);
  for (let index = 0; index < elements.length; index++) {
    const value = elements[index] ?? 0;
    if (dtype === 'f32') body.writeFloatBE(value, index * width);
    else if (dtype === 'f64') body.writeDoubleBE(value, index * width);
    else if (dtype === 'u8') body.writeUInt8(value, index);
    else body.writeIntBE(value, index * width, width);
  }
  return Buffer.concat([header, body]);
}

/** An NPY file with this header text, padded as NumPy does, and these bytes. */
export function npyFile(header: string, body: Uint8Array, version: 1 | 2 = 1): Buffer {
  const before = version === 1 ? 10 : 12;
  const padded = `${header.padEnd(64 - ((before + 1) % 64))}\n`;
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(padded.length, 0, length.length);
  return Buffer.concat([
    Buffer.from(`\x93NUMPY${version === 1 ? '\x01' : '\x02'}\0`, 'latin1'),
    length,
    Buffer.from(padded),
    body,
  ]);
}

/** NumPy's header text. */
export function npyHeader(descr: string, shape: readonly number[], fortran = 'False'): string {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  return `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${sizes}), }`;
}
