import { scalingBenchmark } from './kernels/scaling.js';
import type { Benchmark } from './lib/row.js';
import { shapBenchmark } from './scoring/shap.js';
import { predictBenchmark } from './serving/predict.js';
import { forestBenchmark } from './training/forest.js';
import { linearBenchmark } from './training/linear.js';

/** Every benchmark, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  scalingBenchmark,
  forestBenchmark,
  linearBenchmark,
  shapBenchmark,
  predictBenchmark,
];
