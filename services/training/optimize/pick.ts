import type { OptimizeSpec__Output, Variant__Output } from '../../../proto/gen/tenon/training/v1/index.js';

type Objective = OptimizeSpec__Output['objective'];

// Less than that is no gain that a time measured twice would show again.
const leastGain = 0.02;
// Two metrics of the same rows differ by rounding alone.
const rounding = 1e-12;

/** What the objective makes small, as a share of the original's. */
export function costOf({ sizeRatio, timeRatio }: Variant__Output, objective: Objective): number {
  return objective === 'OBJECTIVE_LATENCY' ? timeRatio : sizeRatio;
}

/** Whether a loss is within the bound. */
export function isWithin(loss: number, maxLoss: number): boolean {
  return loss <= maxLoss + rounding;
}

/** Whether a variant is worth having: better than the original by the objective. */
export function isGain(variant: Variant__Output, objective: Objective): boolean {
  return costOf(variant, objective) <= 1 - leastGain;
}

/** Whether a variant may be registered in the place of the best so far. */
export function isBetterChoice(variant: Variant__Output, best: Variant__Output | null, objective: Objective): boolean {
  if (!variant.withinBudget || !isGain(variant, objective)) return false;
  if (best === null) return true;
  const [cost, other] = [costOf(variant, objective), costOf(best, objective)];
  return cost < other || (cost === other && variant.loss < best.loss);
}

/** The variants with `pareto` told: no other is as good in loss, size and time, and better in one. */
export function withPareto(variants: readonly Variant__Output[]): Variant__Output[] {
  const costs = variants.map(({ loss, sizeBytes, timeRatio }) => [loss, sizeBytes, timeRatio] as const);
  const beats = (one: readonly number[], other: readonly number[]) =>
    one.every((cost, at) => cost <= (other[at] as number)) && one.some((cost, at) => cost < (other[at] as number));
  return variants.map((variant, index) => {
    const own = costs[index] ?? [];
    return { ...variant, pareto: !costs.some((other) => beats(other, own)) };
  });
}

/** The variant that a refusal names: of those that are a gain, or else of all, the one that loses least. */
export function nearestMiss(variants: readonly Variant__Output[], objective: Objective): Variant__Output | undefined {
  const gains = variants.filter((variant) => isGain(variant, objective));
  const those = gains.length > 0 ? gains : variants;
  return [...those].sort((a, b) => a.loss - b.loss || costOf(a, objective) - costOf(b, objective))[0];
}
