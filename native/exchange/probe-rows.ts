import { TensorReader } from '../estimators/tensors.js';
import type { ImportedModel } from './imported-model.js';

/** As many as a version keeps. */
const rowCount = 20;

/**
 * Made-up rows that take a model through different answers, for the parity check of a version without data: a tree's own
 * thresholds and what is just beside them, otherwise numbers about zero. The same for the same model.
 */
export function probeRows(imported: ImportedModel): number[][] {
  const { featureCount, steps } = imported;
  const thresholds = thresholdsOf(imported);
  return Array.from({ length: rowCount }, (_, row) =>
    Array.from({ length: featureCount }, (_, column) => {
      const seen = thresholds.get(column);
      // A fixed walk that no two columns share.
      const turn = (row * 7919 + column * 104_729 + row * column * 31) % 65_536;
      const step = steps[column] ?? null;
      const value =
        seen === undefined ? (turn % 4001) / 1000 - 2 : (seen[turn % seen.length] as number) + (turn % 3) - 1;
      if (step === null || seen !== undefined) return Math.fround(value);
      const raw = step.span === 0 ? step.center : step.center + (value - step.lower) / step.span;
      return Number.isFinite(raw) ? raw : 0;
    }),
  );
}

/** By feature the thresholds that trees ask for, at most a thousand each. */
function thresholdsOf({ model }: ImportedModel): Map<number, number[]> {
  const found = new Map<number, number[]>();
  const reader = new TensorReader(model.tensors);
  if (!reader.has('threshold')) return found;
  const threshold = reader.take('threshold', 'F32', [null]);
  const feature = reader.take('feature', 'I32', [null]);
  for (let node = 0; node < feature.length; node++) {
    const column = feature[node] as number;
    if (column < 0) continue;
    const list = found.get(column) ?? [];
    found.set(column, list);
    // Large thresholds would leave single precision beside them.
    if (list.length < 1000 && Math.abs(threshold[node] as number) < 1e37) list.push(threshold[node] as number);
  }
  for (const [column, list] of found) if (list.length === 0) found.delete(column);
  return found;
}
