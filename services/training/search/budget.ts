import type { SearchBudget__Output } from '../../../proto/gen/tenon/training/v1/index.js';

/** What a search measures its time by. */
export interface BudgetClock {
  /** Monotonic, in milliseconds. */
  now(): number;
  /** Processor time of this process over all threads, in milliseconds. */
  cpu(): number;
}

/** Says when a search has used what it was given. */
export interface Budget {
  /** Whether another candidate may be begun; counts it if so. One that is `done` already takes no time. */
  take(candidate?: { done: boolean }): boolean;
}

/** Bounds of 0 are none; `spent` says what the search has used until now. */
export function startBudget(
  bounds: SearchBudget__Output | null,
  spent: () => { elapsedMs: number; cpuMs: number },
): Budget {
  const { maxCandidates = 0, maxSeconds = 0, maxCpuSeconds = 0 } = bounds ?? {};
  let begun = 0;
  return {
    take({ done } = { done: false }) {
      const { elapsedMs, cpuMs } = spent();
      // Whatever the budget, a search has a result.
      const left =
        begun === 0 ||
        ((maxCandidates === 0 || begun < maxCandidates) &&
          (done || maxSeconds === 0 || elapsedMs < maxSeconds * 1_000) &&
          (done || maxCpuSeconds === 0 || cpuMs < maxCpuSeconds * 1_000));
      if (left) begun++;
      return left;
    },
  };
}
