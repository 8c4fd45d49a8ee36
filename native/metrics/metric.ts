/** One measurement: `tenon.common.v1.Metric` without its spread. */
export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly higherIsBetter: boolean;
}

/** A measurement over several folds. */
export interface MetricSummary extends Metric {
  /** The sample standard deviation (divisor n - 1); 0 for a single measurement. */
  readonly stdDev: number;
}

/** Mean and spread per metric over folds, in order of first appearance; a fold without a metric is left out of it. */
export function summarizeMetrics(folds: readonly (readonly Metric[])[]): MetricSummary[] {
  const values = new Map<string, { higherIsBetter: boolean; values: number[] }>();
  for (const { name, value, higherIsBetter } of folds.flat()) {
    const known = values.get(name);
    if (known === undefined) values.set(name, { higherIsBetter, values: [value] });
    else known.values.push(value);
  }
  return [...values].map(([name, { higherIsBetter, values: measured }]) => {
    const mean = measured.reduce((sum, value) => sum + value, 0) / measured.length;
    const squares = measured.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const stdDev = measured.length < 2 ? 0 : Math.sqrt(squares / (measured.length - 1));
    return { name, value: mean, stdDev, higherIsBetter };
  });
}
