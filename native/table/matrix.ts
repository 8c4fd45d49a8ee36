/** Features as estimators take them. */
export interface Matrix {
  /** Row-major, `rowCount × columnCount`; NaN is a missing feature. */
  readonly data: Float32Array;
  readonly rowCount: number;
  readonly columnCount: number;
}
