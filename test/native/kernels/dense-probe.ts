// Applies a dense layer on the instruction set TENON_FORCE_ISA names and prints the digest of its results' bits.
import { createHash } from 'node:crypto';
import { DenseLayer } from '../../../native/kernels/dense.js';
import { denseShapes, floats } from './inputs.js';

const hash = createHash('sha256');
for (const { rows, inputs, units } of denseShapes) {
  const [weights, bias] = [floats(inputs * units, 1), floats(units, 2)];
  for (const activation of ['identity', 'relu'] as const) {
    const layer = new DenseLayer({ weights, bias, inputs, units, activation });
    const out = layer.apply(floats(rows * inputs, 3), rows);
    hash.update(new Uint8Array(out.buffer, out.byteOffset, out.byteLength));
  }
}
console.log(hash.digest('hex'));
