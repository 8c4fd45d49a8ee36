/** The element types of array files. */
export type ArrayDtype = 'bool' | 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'u64' | 'i64' | 'f32' | 'f64';

/** The size of an element in bytes. */
export const dtypeBytes: Readonly<Record<ArrayDtype, number>> = {
  bool: 1,
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
  f32: 4,
  f64: 8,
};

/** What an array file says of itself. */
export interface ArrayHeader {
  format: 'IDX' | 'NPY';
  dtype: ArrayDtype;
  bigEndian: boolean;
  /** The rows first; empty for a single number. */
  shape: number[];
  /** The bytes before the first element. */
  headerBytes: number;
}

/** Bytes that are no array file: what is wrong, in words. */
export class ArrayFault extends Error {}
