/** Refuses weights that are not one finite number >= 0 per row. Throws RangeError. */
export function checkWeights(weights: ArrayLike<number> | undefined, rowCount: number): void {
  if (weights === undefined) return;
  if (weights.length !== rowCount) throw new RangeError(`weights: ${weights.length} values must be ${rowCount}`);
  for (let row = 0; row < rowCount; row++) {
    const weight = weights[row] as number;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`weights[${row}]: ${weight} must be finite and >= 0`);
    }
  }
}
