import type { Benchmark } from './lib/row.js';
import { predictBenchmark } from './serving/predict.js';
import { forestBenchmark } from './training/forest.js';

/** Every benchmark, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [forestBenchmark, predictBenchmark];
