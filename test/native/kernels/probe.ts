// Computes every case on the instruction set TENON_FORCE_ISA names and prints, as JSON, the name of
// that set and a digest of each result's bits.
import { createHash } from 'node:crypto';
import { activeIsa } from '../../../native/isa.js';
import { kernelCases } from './cases.js';

// Which NaN came out is not promised, only that one did.
function update(
  hash: ReturnType<typeof createHash>,
  output: Float32Array | Float64Array | Int8Array | Int32Array | number,
): void {
  const values = typeof output === 'number' ? Float64Array.of(output) : output.slice();
  if (values instanceof Float32Array) {
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    values.forEach((value, i) => {
      if (Number.isNaN(value)) bits[i] = 0x7fc00000;
    });
  } else if (values instanceof Float64Array) {
    const bits = new BigUint64Array(values.buffer, values.byteOffset, values.length);
    values.forEach((value, i) => {
      if (Number.isNaN(value)) bits[i] = 0x7ff8000000000000n;
    });
  }
  hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

const digests: Record<string, string> = {};
for (const [kernel, cases] of Object.entries(kernelCases)) {
  cases.forEach(({ name, compute }, index) => {
    const hash = createHash('sha256');
    for (const output of compute()) update(hash, output);
    digests[`${kernel} [${index}] ${name}`] = hash.digest('hex');
  });
}
console.log(JSON.stringify({ isa: activeIsa(), digests }));
