/** The element types of tensors that are read and written, by their numbers in onnx.proto. */
export const elementTypes = { float: 1, int32: 6, int64: 7, string: 8, bool: 9, double: 11 } as const;

/** An element type by its name. */
export type ElementType = keyof typeof elementTypes;

/** A constant of a graph. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Row-major; for `string` the texts. */
  readonly values: readonly number[] | Float32Array | Float64Array | readonly string[];
}

/** What a node is told besides its inputs. */
export type OnnxAttribute =
  | { readonly kind: 'float' | 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'floats' | 'ints'; readonly value: ArrayLike<number> }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  /** A kind that no supported node has: a graph, a sparse tensor. */
  | { readonly kind: 'other'; readonly value: null };

/** An operation of a graph. */
export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  /** Empty for `ai.onnx`. */
  readonly domain: string;
  /** Names of tensors; empty for an optional one that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** An input or output of a graph. A dimension is a number, or the name of what is known later. */
export interface OnnxValueInfo {
  readonly name: string;
  /** Null for what is no tensor of a known element type, such as a sequence of maps. */
  readonly type: ElementType | null;
  /** Null where the file does not tell. */
  readonly shape: readonly (number | string)[] | null;
}

/** A model in the Open Neural Network Exchange format. */
export interface OnnxModel {
  readonly producer: string;
  /** By domain, empty for `ai.onnx`. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}

/** The domain of trees, linear models and scalers. */
export const mlDomain = 'ai.onnx.ml';
