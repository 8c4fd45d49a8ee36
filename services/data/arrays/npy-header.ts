import { type ArrayDtype, ArrayFault, type ArrayHeader } from './array-type.js';
import type { ByteReader } from './byte-reader.js';

const dtypes: Readonly<Record<string, ArrayDtype>> = {
  b1: 'bool',
  u1: 'u8',
  i1: 'i8',
  u2: 'u16',
  i2: 'i16',
  u4: 'u32',
  i4: 'i32',
  u8: 'u64',
  i8: 'i64',
  f4: 'f32',
  f8: 'f64',
};

/** NumPy pads its headers to 64 bytes; no array of few dimensions needs as much as this. */
const maxHeaderBytes = 65_536;

/**
 * Reads the header of NumPy's `.npy` (NEP 1), versions 1 to 3: the magic, the version, the header's length in 2 bytes
 * (version 1) or 4, and the text of a Python dictionary. `start` holds the first 8 bytes, magic and version.
 */
export async function readNpyHeader(start: Buffer, reader: ByteReader): Promise<ArrayHeader> {
  const [major = 0, minor = 0] = start.subarray(6);
  if (start.length < 8) throw new ArrayFault(`the NPY header is cut short: ${start.length} bytes`);
  if (major < 1 || major > 3 || minor !== 0)
    throw new ArrayFault(`NPY version ${major}.${minor} must be 1.0, 2.0 or 3.0`);
  const lengthBytes = major === 1 ? 2 : 4;
  const field = await reader.read(lengthBytes);
  if (field.length < lengthBytes) throw new ArrayFault('the NPY header is cut short within its length');
  const length = field.readUIntLE(0, lengthBytes);
  if (length > maxHeaderBytes)
    throw new ArrayFault(`the NPY header claims ${length} bytes, must be <= ${maxHeaderBytes}`);
  const text = (await reader.read(length)).toString('latin1');
  if (text.length < length)
    throw new ArrayFault(`the NPY header is cut short: ${text.length} bytes, ${length} are claimed`);
  return { format: 'NPY', ...dictionaryOf(text), headerBytes: 8 + lengthBytes + length };
}

function dictionaryOf(text: string): Pick<ArrayHeader, 'dtype' | 'bigEndian' | 'shape'> {
  const take = (key: string, value: string, what: string): string => {
    const found = [...text.matchAll(new RegExp(`'${key}'\\s*:\\s*${value}`, 'g'))];
    if (found.length !== 1) throw new ArrayFault(`the NPY header must hold '${key}' once, ${what}`);
    return found[0]?.[1] ?? '';
  };
  const descr = take('descr', "'([^']{0,64})'", 'as a plain element type');
  const fortran = take('fortran_order', '(True|False)', 'True or False');
  const shape = take('shape', '\\(([0-9, ]{0,1024})\\)', 'as a tuple of whole numbers');
  if (fortran === 'True') {
    throw new ArrayFault(
      "'fortran_order' is True, must be False: save the array in C order, as numpy.ascontiguousarray",
    );
  }
  const [, order = '', type = ''] = /^([<>|=]?)(.*)$/.exec(descr) ?? [];
  if (type.startsWith('O')) throw new ArrayFault(`'descr' is ${descr}: Python objects are never read, save numbers`);
  const dtype = dtypes[type];
  if (dtype === undefined) {
    throw new ArrayFault(`'descr' is ${descr}, must be one of ${Object.keys(dtypes).join(', ')} with < > or |`);
  }
  const sizes = shape.split(',').map((size) => size.trim());
  if (sizes.at(-1) === '') sizes.pop();
  if (!sizes.every((size) => /^[0-9]{1,15}$/.test(size))) {
    throw new ArrayFault(`'shape' is (${shape}), must be whole numbers of at most 15 digits`);
  }
  return { dtype, bigEndian: order === '>', shape: sizes.map(Number) };
}
