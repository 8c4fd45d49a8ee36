import test from 'ava';
import type { OnnxModel, OnnxTensor } from '../../../native/exchange/onnx.js';
import { readOnnx } from '../../../native/exchange/onnx-read.js';
import { writeOnnx } from '../../../native/exchange/onnx-write.js';
import { node } from './fixtures.js';

const tensors: OnnxTensor[] = [
  { name: 'floats', type: 'float', shape: [2, 2], values: [1.5, -0, Number.NaN, 3e38] },
  { name: 'doubles', type: 'double', shape: [3], values: [0.1, -1e300, Number.POSITIVE_INFINITY] },
  { name: 'whole', type: 'int64', shape: [4], values: [0, -1, 2 ** 53 - 1, -(2 ** 53) + 1] },
  { name: 'short', type: 'int32', shape: [], values: [-7] },
  { name: 'flags', type: 'bool', shape: [2], values: [1, 0] },
  { name: 'texts', type: 'string', shape: [3], values: ['', 'Zürich', '\u{1f427}'] },
  { name: 'none', type: 'float', shape: [0, 3], values: [] },
];

const model: OnnxModel = {
  producer: 'tenon',
  opsets: new Map([
    ['', 17],
    ['ai.onnx.ml', 3],
  ]),
  metadata: { estimator: 'x', __proto__key: 'y' },
  nodes: [
    node('Concat', ['a', ''], ['b'], { axis: -1, wide: 2 ** 40, text: 'é', list: [1, -2, 300], words: ['p', 'q'] }),
    node('Scaler', ['b'], ['c'], { scale: [0.5, 0.25] }, { ml: true, floats: ['scale'] }),
  ],
  constants: new Map(tensors.map((tensor) => [tensor.name, tensor])),
  inputs: [{ name: 'a', type: 'double', shape: ['rows', 4] }],
  outputs: [{ name: 'c', type: 'float', shape: null }],
};

test('a model is read as it was written', (t) => {
  const read = readOnnx(writeOnnx(model));
  t.deepEqual(read.nodes, model.nodes);
  t.deepEqual([read.producer, read.opsets, read.metadata], [model.producer, model.opsets, model.metadata]);
  t.deepEqual([read.inputs, read.outputs], [model.inputs, model.outputs]);
  for (const tensor of tensors) {
    const { values, ...rest } = read.constants.get(tensor.name) as OnnxTensor;
    const wanted = tensor.type === 'float' ? [...Float32Array.from(tensor.values as number[])] : [...tensor.values];
    t.deepEqual({ ...rest, values: [...values] }, { ...tensor, values: wanted });
  }
});

const field = (number: number, bytes: number[]) => [number * 8 + 2, bytes.length, ...bytes];
const opset = field(8, [16, 17]);
for (const [what, bytes, message] of [
  ['no graph', opset, /model\.graph: null must be there/],
  ['no opset', field(7, []), /model\.opset_import: null must be there/],
  [
    'a length beyond the end',
    [7 * 8 + 2, 200, 1],
    /model: 200 bytes must be at most 0|model: .* bytes must be at most/,
  ],
  ['a length of 2^63', [58, 255, 255, 255, 255, 255, 255, 255, 255, 127], /bytes must be at most/],
  ['a number that does not end', [8, ...new Array<number>(11).fill(255)], /more than ten bytes/],
  ['field 0', [0, 0], /must be a field number/],
  ['a group', [11], /must be a wire type/],
  ['a number for the graph', [56, 1, ...opset], /model\.graph: "varint" must be bytes/],
  ['text that is no UTF-8', [...opset, ...field(7, field(1, field(4, [255])))], /op_type: 1 bytes must be UTF-8/],
  [
    'a dimension of -1',
    [...opset, ...field(7, field(5, [8, ...new Array<number>(9).fill(255), 1, 16, 1]))],
    /dims: .*at least 0/,
  ],
  [
    'elements that are not there',
    [...opset, ...field(7, field(5, [8, 255, 255, 255, 255, 7, 16, 1]))],
    /0 elements must be/,
  ],
  ['an element type of its own', [...opset, ...field(7, field(5, [16, 99]))], /data_type: 99 must be one of/],
  ['constants in another file', [...opset, ...field(7, field(5, [16, 1, ...field(13, [])]))], /external_data/],
] as const) {
  test(`a file with ${what} is refused`, (t) => {
    t.throws(() => readOnnx(Uint8Array.from(bytes)), { name: 'ExchangeError', message });
  });
}
