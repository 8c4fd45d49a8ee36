import type { SearchBudget__Output } from '../../../proto/gen/tenon/training/v1/index.js';

/** What a search may use. */
export interface BudgetClock {
  /** Monotonic, in milliseconds. */
  now(): number;
  /** Processor time of this process over all threads, in milliseconds. */
  cpu(): number;
}

/** Says when a search has used what it was given. */
export interface Budget {
  /** Whether another candidate may be begun; counts it if so. */
  take(): boolean;
}

/** Starts to count now. Bounds of 0 are none. */
export function startBudget(bounds: SearchBudget__Output | null, { now, cpu }: BudgetClock): Budget {
  const { maxCandidates = 0, maxSeconds = 0, maxCpuSeconds = 0 } = bounds ?? {};
  const started = now();
  const cpuStarted = cpu();
  let begun = 0;
  return {
    take() {
      // Whatever the budget, a search has a result.
      const left =
        begun === 0 ||
        ((maxCandidates === 0 || begun < maxCandidates) &&
          (maxSeconds === 0 || now() - started < maxSeconds * 1_000) &&
          (maxCpuSeconds === 0 || cpu() - cpuStarted < maxCpuSeconds * 1_000));
      if (left) begun++;
      return left;
    },
  };
}
