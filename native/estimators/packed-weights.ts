import type { NamedTensor } from '../safetensors.js';
import { fromHalves, toHalves } from './half.js';
import type { TensorReader } from './tensors.js';
import { tensorOf } from './tensors.js';

// Weights of a linear model, [outputs, features], in one of these forms:
//
//   weights            F64 [outputs, features]
//   weights            F32 or F16 [outputs, features], rounded to nearest
//   weights            I8 [outputs, features] with weights_scale F64 [outputs]: weight = scale × byte
//
// With a mask, U8 [ceil(outputs × features / 8)], lowest bit first, `weights` is [kept] and holds only
// the weights whose bit is set; the others are zero. Scales are as without it.

/** How a weight is stored. */
export type WeightBits = 64 | 32 | 16 | 8;

/** Weights as tensors; zeros take one bit each where that is shorter. */
export function packWeights(weights: Float64Array, [outputs, features]: [number, number], bits: WeightBits) {
  const kept = weights.filter((weight) => weight !== 0).length;
  const count = outputs * features;
  const masked = kept * (bits / 8) + count / 8 < count * (bits / 8);
  const scales = Float64Array.from({ length: outputs }, (_, output) => {
    const row = weights.subarray(output * features, (output + 1) * features);
    return row.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / 127 || 1;
  });
  const bytes = bits === 8 ? Int8Array.from(weights, (weight, at) => Math.round(weight / scaleAt(at))) : null;
  const pick = (_: number, at: number) => !masked || weights[at] !== 0;
  const shape = masked ? [kept] : [outputs, features];
  const tensors: NamedTensor[] = [];
  if (bits === 64) tensors.push(tensorOf('weights', 'F64', shape, weights.filter(pick)));
  if (bits === 32) tensors.push(tensorOf('weights', 'F32', shape, Float32Array.from(weights.filter(pick))));
  if (bits === 16) tensors.push(tensorOf('weights', 'F16', shape, toHalves(weights.filter(pick))));
  if (bytes !== null) {
    tensors.push(tensorOf('weights', 'I8', shape, bytes.filter(pick)));
    tensors.push(tensorOf('weights_scale', 'F64', [outputs], scales));
  }
  if (masked) {
    const mask = new Uint8Array(Math.ceil(count / 8));
    weights.forEach((weight, at) => {
      if (weight !== 0) mask[at >>> 3] = (mask[at >>> 3] as number) | (1 << (at & 7));
    });
    tensors.push(tensorOf('mask', 'U8', [mask.length], mask));
  }
  return tensors;

  function scaleAt(at: number): number {
    return scales[Math.floor(at / features)] as number;
  }
}

/** Reads weights of any origin in any of the forms. Throws ModelError; numbers need not be finite. */
export function takeWeights(reader: TensorReader, [outputs, features]: [number, number]): Float64Array {
  const count = outputs * features;
  const mask = reader.has('mask') ? reader.take('mask', 'U8', [Math.ceil(count / 8)]) : null;
  const isKept = (at: number) => mask === null || ((mask[at >>> 3] as number) >>> (at & 7)) & 1;
  let kept = 0;
  if (mask !== null) for (let at = 0; at < count; at++) kept += isKept(at) ? 1 : 0;
  const shape = mask === null ? [outputs, features] : [kept];
  const stored = reader.takeAny('weights', ['F64', 'F32', 'F16', 'I8'], shape);
  const numbers = stored instanceof Uint16Array ? fromHalves(stored) : stored;
  const scales = stored instanceof Int8Array ? reader.take('weights_scale', 'F64', [outputs]) : null;
  const weights = new Float64Array(count);
  let next = 0;
  for (let at = 0; at < count; at++) {
    if (!isKept(at)) continue;
    const scale = scales === null ? 1 : (scales[Math.floor(at / features)] as number);
    weights[at] = (numbers[next++] as number) * scale;
  }
  return weights;
}
