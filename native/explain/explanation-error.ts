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
