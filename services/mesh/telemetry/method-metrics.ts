/** Upper bounds of the latency buckets in seconds. */
export const latencyBounds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

// A process has some forty methods and four targets; the bound holds whatever a caller may send.
const maxSeries = 512;

/** What was counted of one method, and of one target where calls are made. */
export interface CallSeries {
  readonly method: string;
  /** Empty for calls that are answered. */
  readonly target: string;
  requests: number;
  secondsSum: number;
  /** One count per bound and one for what is slower than all. */
  readonly buckets: Float64Array;
  /** How often calls ended with which status code other than OK. */
  readonly errors: Map<number, number>;
}

/** Counts calls by method; recording costs a look-up and four additions. */
export interface CallMetrics {
  record(method: string, target: string, code: number, seconds: number): void;
  /** Every series, in the order in which they appeared. */
  series(): Iterable<CallSeries>;
}

/** Counters that start at nothing. */
export function createCallMetrics(): CallMetrics {
  const byTarget = new Map<string, Map<string, CallSeries>>();
  let count = 0;

  function seriesOf(method: string, target: string): CallSeries {
    const known = byTarget.get(target)?.get(method);
    if (known !== undefined) return known;
    if (count >= maxSeries && method !== 'other') return seriesOf('other', '');
    count++;
    const buckets = new Float64Array(latencyBounds.length + 1);
    const fresh: CallSeries = { method, target, requests: 0, secondsSum: 0, buckets, errors: new Map() };
    const methods = byTarget.get(target) ?? new Map<string, CallSeries>();
    byTarget.set(target, methods.set(method, fresh));
    return fresh;
  }

  return {
    record(method, target, code, seconds) {
      const series = seriesOf(method, target);
      series.requests++;
      series.secondsSum += seconds;
      let bucket = 0;
      while (bucket < latencyBounds.length && seconds > (latencyBounds[bucket] ?? 0)) bucket++;
      series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1;
      if (code !== 0) series.errors.set(code, (series.errors.get(code) ?? 0) + 1);
    },
    *series() {
      for (const methods of byTarget.values()) yield* methods.values();
    },
  };
}
