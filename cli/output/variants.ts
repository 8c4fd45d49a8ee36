import type { Variant__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { showBytes, showMetric, showSeconds } from './format.js';
import { printTable } from './table.js';

/** The variants of an optimization, in the order in which they were measured; the registered one is marked. */
export function printVariants(variants: readonly Variant__Output[], metric: string): void {
  printTable(
    ['', 'variant', metric, 'loss', 'size', 'of original', 'a row', 'of original'],
    variants.map((variant) => [
      variant.chosen ? '*' : '-',
      variant.description,
      showMetric(variant.value),
      showMetric(variant.loss),
      showBytes(variant.sizeBytes),
      showMetric(variant.sizeRatio),
      showSeconds(variant.rowSeconds),
      showMetric(variant.timeRatio),
    ]),
  );
}
