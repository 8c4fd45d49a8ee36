import type { RawTaskControl } from '../addon.js';

/** A forest in native memory. */
export interface RawForest {
  readonly rawForest: never;
}

/** A boosted model in native memory. */
export interface RawBoosting {
  readonly rawBoosting: never;
}

/** A linear model in native memory. */
export interface RawLinear {
  readonly rawLinear: never;
}

/** A network in native memory. */
export interface RawNetwork {
  readonly rawNetwork: never;
}

/** A network as arrays; NetworkShape in native/src/algorithms/network_shape.h says what they hold. */
export interface RawNetworkArrays {
  featureCount: number;
  classCount: number;
  widths: Uint32Array;
  activation: number;
  output: number;
  layerNormalization: boolean;
  /** Before the dense layers: packConvolutions in convolution-shape.ts says how; null without. */
  convolutions: Uint32Array | null;
  /** Of a network in 8 bits, its weights; null in single precision. */
  codes: Int8Array | null;
  values: Float32Array;
}

export type RawNetworkShape = [
  featureCount: number,
  classCount: number,
  widths: Uint32Array,
  activation: number,
  output: number,
  layerNormalization: boolean,
];

/** A forest as arrays; Forest in native/src/algorithms/forest.h says what they hold. */
export interface RawForestArrays {
  featureCount: number;
  valueCount: number;
  treeStart: Uint32Array;
  feature: Int32Array;
  threshold: Float32Array;
  child: Int32Array;
  missingLeft: Uint8Array;
  values: Float32Array;
  importances: Float64Array;
  /** Null in a forest loaded from a file without it. */
  cover: Float32Array | null;
}

/** A boosted model as arrays; BoostedForest in native/src/algorithms/boosting.h says what they hold. */
export interface RawBoostingArrays extends Omit<RawForestArrays, 'valueCount'> {
  classCount: number;
  /** Of regression: 0 for none, 1 for the exponential function. */
  link: number;
  base: Float64Array;
  /** All four are null without categorical splits. */
  categorySet: Int32Array | null;
  sets: Uint32Array | null;
  categoriesStart: Uint32Array | null;
  categories: Float32Array | null;
}

/** A linear model as arrays; LinearModel in native/src/algorithms/linear_model.h says what they hold. */
export interface RawLinearArrays {
  featureCount: number;
  classCount: number;
  weights: Float64Array;
  intercept: Float64Array;
}

export type RawFit<Result> = (
  data: Float32Array,
  rowCount: number,
  columnCount: number,
  rows: Uint32Array | null,
  target: Float64Array,
  weights: Float64Array | null,
  classCount: number,
  options: Readonly<Record<string, number>>,
  control: RawTaskControl | null,
) => Promise<Result>;

/** What a network learns from and how. */
type RawNetworkRows = [
  data: Float32Array,
  rowCount: number,
  columnCount: number,
  rows: Uint32Array | null,
  target: Float64Array,
  weights: Float64Array | null,
  classCount: number,
  widths: Uint32Array,
  options: Readonly<Record<string, number | Uint32Array | null>>,
];

export type RawPredict<Handle> = (
  model: Handle,
  data: Float32Array,
  rowCount: number,
  control: RawTaskControl | null,
) => Promise<Float32Array>;

export type RawPredictSync<Handle> = (model: Handle, data: Float32Array, rowCount: number, out: Float32Array) => void;

declare module '../addon.js' {
  interface Addon {
    forestFit: RawFit<RawForest>;
    forestCreate(
      featureCount: number,
      valueCount: number,
      treeStart: Uint32Array,
      feature: Int32Array,
      threshold: Float32Array,
      child: Int32Array,
      missingLeft: Uint8Array,
      values: Float32Array,
      importances: Float64Array,
      cover: Float32Array | null,
    ): RawForest;
    forestPredict: RawPredict<RawForest>;
    forestPredictSync: RawPredictSync<RawForest>;
    forestArrays(forest: RawForest): RawForestArrays;
    forestImportances(forest: RawForest): Float64Array;
    forestSizeBytes(forest: RawForest): number;
    forestDispose(forest: RawForest): void;

    boostingFit(
      data: Float32Array,
      rowCount: number,
      columnCount: number,
      rows: Uint32Array | null,
      target: Float64Array,
      weights: Float64Array | null,
      classCount: number,
      options: Readonly<Record<string, number>>,
      categorical: Uint8Array | null,
      monotone: Int8Array | null,
      control: RawTaskControl | null,
    ): Promise<RawBoosting>;
    boostingCreate(
      featureCount: number,
      classCount: number,
      link: number,
      base: Float64Array,
      treeStart: Uint32Array,
      feature: Int32Array,
      threshold: Float32Array,
      child: Int32Array,
      missingLeft: Uint8Array,
      values: Float32Array,
      importances: Float64Array,
      cover: Float32Array | null,
      categorySet: Int32Array | null,
      sets: Uint32Array | null,
      categoriesStart: Uint32Array | null,
      categories: Float32Array | null,
    ): RawBoosting;
    boostingPredict: RawPredict<RawBoosting>;
    boostingPredictSync: RawPredictSync<RawBoosting>;
    boostingArrays(model: RawBoosting): RawBoostingArrays;
    boostingImportances(model: RawBoosting): Float64Array;
    boostingSizeBytes(model: RawBoosting): number;
    boostingDispose(model: RawBoosting): void;

    linearFit: RawFit<{ model: RawLinear | null; epochs: number; converged: boolean; means: Float64Array }>;
    linearCreate(
      featureCount: number,
      classCount: number,
      weights: Float64Array,
      intercept: Float64Array,
      oneVsRest: boolean,
    ): RawLinear;
    linearPredict: RawPredict<RawLinear>;
    linearPredictSync: RawPredictSync<RawLinear>;
    linearArrays(model: RawLinear): RawLinearArrays;
    linearSizeBytes(model: RawLinear): number;
    linearDispose(model: RawLinear): void;

    networkFit(...given: [...RawNetworkRows, control: RawTaskControl | null]): Promise<{
      model: RawNetwork | null;
      epochs: number;
      converged: boolean;
      trainingLoss: Float64Array;
      validationLoss: Float64Array;
    }>;
    /** Mean loss and gradient of all rows as one batch, at `parameters` or where a fit starts. */
    networkGradient(...given: [...RawNetworkRows, parameters: Float32Array | null]): {
      loss: number;
      parameters: Float32Array;
      gradient: Float32Array;
    };
    networkCreate(...given: [...RawNetworkShape, values: Float32Array]): RawNetwork;
    convolutionalNetworkCreate(
      ...given: [...RawNetworkShape, convolutions: Uint32Array, values: Float32Array]
    ): RawNetwork;
    networkCreateInt8(...given: [...RawNetworkShape, codes: Int8Array, values: Float32Array]): RawNetwork;
    networkQuantize(
      model: RawNetwork,
      data: Float32Array,
      rowCount: number,
      control: RawTaskControl | null,
    ): Promise<RawNetwork | null>;
    networkPrune(model: RawNetwork, sparsity: number): RawNetwork;
    /** Null if a feature or a result is not finite. */
    networkPredict(
      model: RawNetwork,
      data: Float32Array,
      rowCount: number,
      control: RawTaskControl | null,
    ): Promise<Float32Array | null>;
    /** False if a feature or a result is not finite. */
    networkPredictSync(model: RawNetwork, data: Float32Array, rowCount: number, out: Float32Array): boolean;
    networkArrays(model: RawNetwork): RawNetworkArrays;
    networkSizeBytes(model: RawNetwork): number;
    networkDispose(model: RawNetwork): void;
  }
}
