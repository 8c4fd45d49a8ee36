import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './onnx.js';
import { elementTypes } from './onnx.js';
import { ProtobufWriter } from './protobuf-writer.js';

// Field numbers are those of onnx.proto, release 1.13; IR version 8 is read by ONNX Runtime since 1.10.
const irVersion = 8;

const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 } as const;

/** A model as the bytes of an .onnx file. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const graph = new ProtobufWriter();
  for (const node of model.nodes) graph.raw(1, nodeBytes(node));
  graph.text(2, 'tenon');
  for (const constant of model.constants.values()) graph.raw(5, tensorBytes(constant));
  for (const input of model.inputs) graph.raw(11, valueInfoBytes(input));
  for (const output of model.outputs) graph.raw(12, valueInfoBytes(output));
  const file = new ProtobufWriter().integer(1, irVersion).text(2, model.producer).raw(7, graph.finish());
  for (const [domain, version] of model.opsets) {
    file.raw(8, new ProtobufWriter().text(1, domain).integer(2, version).finish());
  }
  for (const [key, value] of Object.entries(model.metadata)) {
    file.raw(14, new ProtobufWriter().text(1, key).text(2, value).finish());
  }
  return file.finish();
}

function nodeBytes({ name, op, domain, inputs, outputs, attributes }: OnnxNode): Uint8Array {
  const node = new ProtobufWriter();
  for (const input of inputs) node.text(1, input);
  for (const output of outputs) node.text(2, output);
  node.text(3, name).text(4, op);
  for (const [key, attribute] of attributes) node.raw(5, attributeBytes(key, attribute));
  if (domain !== '') node.text(7, domain);
  return node.finish();
}

function attributeBytes(name: string, attribute: OnnxAttribute): Uint8Array {
  const out = new ProtobufWriter().text(1, name);
  switch (attribute.kind) {
    case 'float':
      out.float(2, attribute.value);
      break;
    case 'int':
      out.integer(3, attribute.value);
      break;
    case 'string':
      out.text(4, attribute.value);
      break;
    case 'tensor':
      out.raw(5, tensorBytes(attribute.value));
      break;
    case 'floats':
      out.floats(7, attribute.value);
      break;
    case 'ints':
      out.integers(8, attribute.value);
      break;
    case 'strings':
      for (const text of attribute.value) out.text(9, text);
      break;
    default:
      throw new Error(`attribute ${name} of an unknown kind cannot be written`);
  }
  return out.integer(20, attributeTypes[attribute.kind]).finish();
}

function tensorBytes({ name, type, shape, values }: OnnxTensor): Uint8Array {
  const out = new ProtobufWriter().integers(1, shape).integer(2, elementTypes[type]);
  if (type === 'string') for (const text of values) out.text(6, String(text));
  else out.raw(9, elementBytes(type, values as ArrayLike<number>));
  return out.text(8, name).finish();
}

/** Little-endian, as raw_data has it. */
function elementBytes(type: OnnxTensor['type'], values: ArrayLike<number>): Uint8Array {
  const width = type === 'double' || type === 'int64' ? 8 : type === 'bool' ? 1 : 4;
  const view = new DataView(new ArrayBuffer(values.length * width));
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (type === 'float') view.setFloat32(at * 4, value, true);
    else if (type === 'double') view.setFloat64(at * 8, value, true);
    else if (type === 'int64') view.setBigInt64(at * 8, BigInt(value), true);
    else if (type === 'int32') view.setInt32(at * 4, value, true);
    else view.setUint8(at, value);
  }
  return new Uint8Array(view.buffer);
}

function valueInfoBytes({ name, type, shape }: OnnxValueInfo): Uint8Array {
  const tensor = new ProtobufWriter().integer(1, elementTypes[type ?? 'float']);
  const dimensions = new ProtobufWriter();
  for (const size of shape ?? []) {
    const dimension = new ProtobufWriter();
    dimensions.raw(1, (typeof size === 'number' ? dimension.integer(1, size) : dimension.text(2, size)).finish());
  }
  if (shape !== null) tensor.raw(2, dimensions.finish());
  const info = new ProtobufWriter().raw(1, tensor.finish());
  return new ProtobufWriter().text(1, name).raw(2, info.finish()).finish();
}
