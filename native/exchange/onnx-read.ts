import { unparsable, unsupported } from './exchange-error.js';
import type { ElementType, OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './onnx.js';
import { elementTypes } from './onnx.js';
import { bytesOf, floatsOf, integerOf, integersOf, protobufFields, textOf } from './protobuf-reader.js';

// Messages nest as onnx.proto says and no deeper: subgraphs and functions are not read.
const limits = { nodes: 10_000, constants: 10_000, values: 100_000, attributes: 1_000, dimensions: 8 } as const;

const typeNames = new Map<number, ElementType>(
  Object.entries(elementTypes).map(([name, number]) => [number, name as ElementType]),
);

function bounded(count: number, most: number, at: string): void {
  if (count > most) throw unparsable(at, count, `entries must be at most ${most}`);
}

/**
 * Reads an .onnx file of any origin. Throws ExchangeError: UNPARSABLE_FILE for bytes that are no such file,
 * INVALID_FIELD for constants in other files.
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  let producer = '';
  let graph: Uint8Array | null = null;
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  for (const field of protobufFields(bytes, 'model')) {
    if (field.number === 2) producer = textOf(field, 'model.producer_name');
    if (field.number === 7) graph = bytesOf(field, 'model.graph');
    if (field.number === 8) {
      let [domain, version] = ['', 0];
      for (const part of protobufFields(bytesOf(field, 'model.opset_import'), 'model.opset_import')) {
        if (part.number === 1) domain = textOf(part, 'model.opset_import.domain');
        if (part.number === 2) version = integerOf(part, 'model.opset_import.version');
      }
      opsets.set(domain === 'ai.onnx' ? '' : domain, version);
      bounded(opsets.size, 100, 'model.opset_import');
    }
    if (field.number === 14) {
      let [key, value] = ['', ''];
      for (const part of protobufFields(bytesOf(field, 'model.metadata_props'), 'model.metadata_props')) {
        if (part.number === 1) key = textOf(part, 'model.metadata_props.key');
        if (part.number === 2) value = textOf(part, 'model.metadata_props.value');
      }
      metadata.set(key, value);
      bounded(metadata.size, 1_000, 'model.metadata_props');
    }
  }
  if (graph === null) throw unparsable('model.graph', null, 'must be there');
  if (opsets.size === 0) throw unparsable('model.opset_import', null, 'must be there');
  return { producer, opsets, metadata: Object.fromEntries(metadata), ...graphOf(graph) };
}

function graphOf(bytes: Uint8Array): Pick<OnnxModel, 'nodes' | 'constants' | 'inputs' | 'outputs'> {
  const nodes: OnnxNode[] = [];
  const constants = new Map<string, OnnxTensor>();
  const inputs: OnnxValueInfo[] = [];
  const outputs: OnnxValueInfo[] = [];
  for (const field of protobufFields(bytes, 'graph')) {
    if (field.number === 1) {
      bounded(nodes.length + 1, limits.nodes, 'graph.node');
      nodes.push(nodeOf(bytesOf(field, 'graph.node'), `graph.node[${nodes.length}]`));
    }
    if (field.number === 5) {
      bounded(constants.size + 1, limits.constants, 'graph.initializer');
      const at = `graph.initializer[${constants.size}]`;
      const constant = tensorOf(bytesOf(field, at), at);
      if (constants.has(constant.name)) throw unparsable(`${at}.name`, constant.name, 'must not be there already');
      constants.set(constant.name, constant);
    }
    if (field.number === 11 || field.number === 12) {
      const into = field.number === 11 ? inputs : outputs;
      const at = `graph.${field.number === 11 ? 'input' : 'output'}[${into.length}]`;
      bounded(into.length + 1, limits.values, at);
      into.push(valueInfoOf(bytesOf(field, at), at));
    }
  }
  // Before IR version 4 constants were listed as inputs too.
  return { nodes, constants, inputs: inputs.filter(({ name }) => !constants.has(name)), outputs };
}

function nodeOf(bytes: Uint8Array, at: string): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  let [name, op, domain] = ['', '', ''];
  for (const field of protobufFields(bytes, at)) {
    if (field.number === 1) inputs.push(textOf(field, `${at}.input[${inputs.length}]`));
    if (field.number === 2) outputs.push(textOf(field, `${at}.output[${outputs.length}]`));
    if (field.number === 3) name = textOf(field, `${at}.name`);
    if (field.number === 4) op = textOf(field, `${at}.op_type`);
    if (field.number === 5) {
      bounded(attributes.size + 1, limits.attributes, `${at}.attribute`);
      const [key, value] = attributeOf(bytesOf(field, `${at}.attribute`), `${at}.attribute[${attributes.size}]`);
      attributes.set(key, value);
    }
    if (field.number === 7) domain = textOf(field, `${at}.domain`);
    bounded(inputs.length + outputs.length, limits.values, at);
  }
  return { name, op, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, attributes };
}

function attributeOf(bytes: Uint8Array, at: string): [string, OnnxAttribute] {
  let name = '';
  let type = 0;
  let single: OnnxAttribute | null = null;
  const floats: number[] = [];
  const ints: number[] = [];
  const strings: string[] = [];
  for (const field of protobufFields(bytes, at)) {
    switch (field.number) {
      case 1:
        name = textOf(field, `${at}.name`);
        break;
      case 2: {
        const value: number[] = [];
        floatsOf(field, value, 4, at);
        single = { kind: 'float', value: value[0] ?? 0 };
        break;
      }
      case 3:
        single = { kind: 'int', value: integerOf(field, at) };
        break;
      case 4:
        single = { kind: 'string', value: textOf(field, at) };
        break;
      case 5:
        single = { kind: 'tensor', value: tensorOf(bytesOf(field, at), at) };
        break;
      case 7:
        floatsOf(field, floats, 4, at);
        break;
      case 8:
        integersOf(field, ints, at);
        break;
      case 9:
        strings.push(textOf(field, at));
        break;
      case 20:
        type = integerOf(field, at);
        break;
    }
  }
  if (type === 6) return [name, { kind: 'floats', value: floats }];
  if (type === 7) return [name, { kind: 'ints', value: ints }];
  if (type === 8) return [name, { kind: 'strings', value: strings }];
  // A number that is zero may be left out of the file.
  if (single === null && type === 1) return [name, { kind: 'float', value: 0 }];
  if (single === null && type === 2) return [name, { kind: 'int', value: 0 }];
  if (single === null && type === 3) return [name, { kind: 'string', value: '' }];
  return [name, single ?? { kind: 'other', value: null }];
}

function tensorOf(bytes: Uint8Array, at: string): OnnxTensor {
  const shape: number[] = [];
  const numbers: number[] = [];
  const texts: string[] = [];
  let name = '';
  let typeNumber = 0;
  let raw: Uint8Array | null = null;
  for (const field of protobufFields(bytes, at)) {
    switch (field.number) {
      case 1:
        integersOf(field, shape, `${at}.dims`);
        break;
      case 2:
        typeNumber = integerOf(field, `${at}.data_type`);
        break;
      case 4:
        floatsOf(field, numbers, 4, `${at}.float_data`);
        break;
      case 5:
        integersOf(field, numbers, `${at}.int32_data`);
        break;
      case 6:
        texts.push(textOf(field, `${at}.string_data`));
        break;
      case 7:
        integersOf(field, numbers, `${at}.int64_data`);
        break;
      case 8:
        name = textOf(field, `${at}.name`);
        break;
      case 9:
        raw = bytesOf(field, `${at}.raw_data`);
        break;
      case 10:
        floatsOf(field, numbers, 8, `${at}.double_data`);
        break;
      case 13:
        throw unsupported(`${at}.external_data`, name, 'must not be there: constants must be inside the file');
    }
  }
  bounded(shape.length, limits.dimensions, `${at}.dims`);
  const type = typeNames.get(typeNumber);
  if (type === undefined) {
    throw unsupported(`${at}.data_type`, typeNumber, `must be one of ${Object.keys(elementTypes).join(', ')}`);
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (shape.some((size) => size < 0) || !Number.isSafeInteger(count)) {
    throw unparsable(`${at}.dims`, shape, 'must be sizes of at least 0');
  }
  const values = type === 'string' ? texts : raw === null ? numbers : rawNumbers(raw, type, count, at);
  if (values.length !== count) throw unparsable(at, values.length, `elements must be ${count}, as its dims say`);
  return { name, type, shape, values };
}

function rawNumbers(raw: Uint8Array, type: ElementType, count: number, at: string): ArrayLike<number> & number[] {
  const width = type === 'double' || type === 'int64' ? 8 : type === 'bool' ? 1 : 4;
  if (raw.length !== count * width) throw unparsable(`${at}.raw_data`, raw.length, `bytes must be ${count * width}`);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  return Array.from({ length: count }, (_, index) => {
    if (type === 'float') return view.getFloat32(index * 4, true);
    if (type === 'double') return view.getFloat64(index * 8, true);
    if (type === 'int64') return Number(view.getBigInt64(index * 8, true));
    return type === 'int32' ? view.getInt32(index * 4, true) : view.getUint8(index);
  });
}

function valueInfoOf(bytes: Uint8Array, at: string): OnnxValueInfo {
  let name = '';
  let type: ElementType | null = null;
  let shape: (number | string)[] | null = null;
  for (const field of protobufFields(bytes, at)) {
    if (field.number === 1) name = textOf(field, `${at}.name`);
    if (field.number !== 2) continue;
    for (const kind of protobufFields(bytesOf(field, at), `${at}.type`)) {
      if (kind.number !== 1) continue;
      for (const part of protobufFields(bytesOf(kind, at), `${at}.type.tensor_type`)) {
        if (part.number === 1) type = typeNames.get(integerOf(part, `${at}.type.tensor_type.elem_type`)) ?? null;
        if (part.number === 2) shape = shapeOf(bytesOf(part, at), `${at}.type.tensor_type.shape`);
      }
    }
  }
  return { name, type, shape };
}

function shapeOf(bytes: Uint8Array, at: string): (number | string)[] {
  const shape: (number | string)[] = [];
  for (const field of protobufFields(bytes, at)) {
    if (field.number !== 1) continue;
    bounded(shape.length + 1, limits.dimensions, at);
    let size: number | string = '';
    for (const part of protobufFields(bytesOf(field, at), `${at}.dim`)) {
      if (part.number === 1) size = integerOf(part, `${at}.dim.dim_value`);
      if (part.number === 2) size = textOf(part, `${at}.dim.dim_param`);
    }
    shape.push(size);
  }
  return shape;
}
