import type { ElementType } from '../table/tensor-type.js';
import type { ScaleOp } from './fitted-op.js';
import { scaled } from './fitted-op.js';

/** Turns an element of a tensor into a feature; `bytes` holds the feature of each byte where elements are bytes. */
export interface ElementScale {
  readonly of: (value: number) => number;
  readonly bytes: Float32Array | null;
}

/** The scales of a column as one function of an element, for single rows. */
export function elementScale(dtype: ElementType, scales: readonly ScaleOp[]): ElementScale {
  const of = (value: number) => scales.reduce((number, op) => scaled(op, number), value);
  return { of, bytes: dtype === 'u8' ? Float32Array.from({ length: 256 }, (_, byte) => of(byte)) : null };
}
