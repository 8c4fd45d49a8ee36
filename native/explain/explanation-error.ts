/** A model that cannot be explained, or not by the method asked for: the estimator and why. */
export class ExplanationError extends Error {
  readonly estimator: string;
  readonly why: string;
  constructor(estimator: string, why: string) {
    super(`${estimator}: ${why}`);
    this.name = 'ExplanationError';
    this.estimator = estimator;
    this.why = why;
  }
}

/** Refuses more features times classes than `most`. Throws ExplanationError. */
export function checkCells(estimator: string, featureCount: number, classCount: number, most: number): void {
  if (featureCount * Math.max(1, classCount) <= most) return;
  const cells = `${featureCount} features and ${classCount} classes`;
  throw new ExplanationError(estimator, `${cells} are too many to explain; their product must be <= ${most}`);
}
