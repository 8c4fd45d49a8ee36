import type { EncodeOp, FittedOp } from '../recipe/fitted-op.js';
import { type FittedRecipeData, type InputColumn, reductionsOf } from '../recipe/fitted-recipe-data.js';
import { type Projection, projectionOf } from '../recipe/projection.js';
import { unsupported } from './exchange-error.js';
import type { OnnxGraph } from './onnx-graph.js';

/** A column on its way: rows × 1 doubles, or rows × 1 texts. */
interface Column {
  readonly name: string;
  readonly type: 'double' | 'text';
}

/**
 * A fitted recipe in front of a model: the graph takes raw columns and this returns the features, rows × features floats.
 * Columns of numbers alone are one input, `input`, of doubles, so that scaling rounds as ours does; where there is text,
 * each column is an input of its own name, rows × 1. NaN, and an empty text, stand for null. Throws ExchangeError for a
 * tensor column.
 */
export function exportRecipe(graph: OnnxGraph, data: FittedRecipeData): string {
  const tensor = data.inputs.find(({ type }) => type === 'tensor');
  if (tensor !== undefined) {
    throw unsupported('model', tensor.name, 'must not be a tensor column: an export takes columns of single values');
  }
  const hasText = data.inputs.some(({ type }) => type === 'string');
  const width = data.inputs.length;
  const all = hasText ? '' : graph.input('input', 'double', width);
  const untouched = data.ops.every(({ kind }) => kind === 'dropMissing' || kind === 'dropDuplicates');
  if (!hasText && untouched) return graph.cast(all, 'float');
  const reductions = reductionsOf(data).map(projectionOf);
  const reduced = new Map<string, string>();
  const parts = data.inputs.flatMap((input, index) => {
    let column: Column = { name: '', type: input.type === 'string' ? 'text' : 'double' };
    if (hasText) column = { ...column, name: graph.input(input.name, column.type === 'text' ? 'string' : 'double', 1) };
    else {
      const place = graph.constant('column', 'int64', [1], [index]);
      column = { ...column, name: graph.node('Gather', [all, place], { axis: 1 }) };
    }
    const features = featuresOf(graph, column, input, data.ops);
    if (!reductions.some(({ columns }) => columns.includes(input.name))) return [graph.cast(features, 'float')];
    reduced.set(input.name, features);
    return [];
  });
  for (const reduction of reductions) parts.push(components(graph, reduction, reduced));
  return parts.length === 1 ? (parts[0] as string) : graph.node('Concat', parts, { axis: 1 });
}

/** The components of a reduction, rows × their number, floats. `doubles` holds each column on its way. */
function components(graph: OnnxGraph, reduction: Projection, doubles: ReadonlyMap<string, string>): string {
  const { columns, componentCount, mean, weights } = reduction;
  const names = columns.map((name) => doubles.get(name) as string);
  const all = names.length === 1 ? (names[0] as string) : graph.node('Concat', names, { axis: 1 });
  const centred = graph.node('Sub', [all, graph.constant('mean', 'double', [1, columns.length], [...mean])]);
  const transposed = Array.from({ length: columns.length * componentCount }, (_, index) => {
    const [column, component] = [Math.floor(index / componentCount), index % componentCount];
    return weights[component * columns.length + column] as number;
  });
  const right = graph.constant('weights', 'double', [columns.length, componentCount], transposed);
  return graph.cast(graph.node('MatMul', [centred, right]), 'float');
}

/** What a column becomes, rows × its features: floats for a one-hot column, otherwise doubles. */
function featuresOf(graph: OnnxGraph, column: Column, input: InputColumn, ops: readonly FittedOp[]): string {
  let { name, type } = column;
  for (const op of ops) {
    if (op.kind === 'dropMissing' || op.kind === 'dropDuplicates' || op.kind === 'pca' || op.column !== input.name) {
      continue;
    }
    if (op.kind === 'fill') {
      name =
        type === 'text' ? filledText(graph, name, String(op.fill.value)) : filled(graph, name, Number(op.fill.value));
    } else if (op.kind === 'scale') {
      const { center, divisor, span, lower } = op;
      if (divisor === 0) name = constantLike(graph, name, lower);
      else {
        const centred = graph.node('Sub', [name, graph.scalar('double', center)]);
        const share = graph.node('Div', [centred, graph.scalar('double', divisor)]);
        const wide = graph.node('Mul', [share, graph.scalar('double', span)]);
        name = graph.node('Add', [wide, graph.scalar('double', lower)]);
      }
    } else {
      const isThat = type === 'text' ? textMatches(graph, name, op) : numberMatches(graph, name, op, input);
      // A one-hot column is a feature for good.
      if (op.kind === 'oneHot') return isThat;
      name = ordinal(graph, { name, type }, isThat, op);
      type = 'double';
    }
  }
  if (type === 'text') throw unsupported('recipe', input.name, 'must encode text as numbers');
  return name;
}

function filled(graph: OnnxGraph, name: string, value: number): string {
  return graph.node('Where', [graph.node('IsNaN', [name]), graph.scalar('double', value), name]);
}

function filledText(graph: OnnxGraph, name: string, value: string): string {
  const isEmpty = graph.cast(textIs(graph, name, ''), 'bool');
  return graph.node('Where', [isEmpty, graph.constant('fill', 'string', [], [value]), name]);
}

/** 1 where a text is that one, else 0: rows × 1 floats. */
function textIs(graph: OnnxGraph, name: string, text: string): string {
  const keys = { keys_strings: { texts: [text] }, values_floats: { floats: [1] } };
  return graph.mlNode('LabelEncoder', [name], { ...keys, default_float: { float: 0 } });
}

function constantLike(graph: OnnxGraph, name: string, value: number): string {
  const isMissing = graph.node('IsNaN', [name]);
  return graph.node('Where', [isMissing, name, graph.scalar('double', value)]);
}

/** Rows × categories floats, 1 where the text is that category. */
function textMatches(graph: OnnxGraph, name: string, { categories }: EncodeOp): string {
  const encoded = graph.mlNode('OneHotEncoder', [name], { cats_strings: { texts: categories }, zeros: 1 });
  return graph.reshape(encoded, [-1, categories.length]);
}

/** The same for numbers, whose categories are kept as text. */
function numberMatches(graph: OnnxGraph, name: string, { categories }: EncodeOp, { type }: InputColumn): string {
  const numbers = categories.map((category) => (type === 'boolean' ? Number(category === 'true') : Number(category)));
  const row = graph.constant('categories', 'double', [1, numbers.length], numbers);
  return graph.cast(graph.node('Equal', [name, row]), 'float');
}

/** The place of the category, -1 for an unknown one, NaN for none. */
function ordinal(graph: OnnxGraph, { name, type }: Column, isThat: string, { categories }: EncodeOp): string {
  const matches = graph.cast(isThat, 'double');
  const places = graph.constant(
    'places',
    'double',
    [categories.length, 1],
    categories.map((_, place) => place + 1),
  );
  const place = graph.node('Sub', [graph.node('MatMul', [matches, places]), graph.scalar('double', 1)]);
  const missing =
    type === 'double'
      ? graph.node('IsNaN', [name])
      : categories.includes('')
        ? null
        : graph.cast(textIs(graph, name, ''), 'bool');
  return missing === null ? place : graph.node('Where', [missing, graph.scalar('double', Number.NaN), place]);
}
