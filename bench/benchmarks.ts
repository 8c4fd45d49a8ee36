import { csvBenchmark } from './data/csv.js';
import { denseBenchmark } from './kernels/dense.js';
import { eventLoopBenchmark } from './kernels/event-loop.js';
import { gemmBenchmark } from './kernels/gemm.js';
import { gemmInt8Benchmark } from './kernels/gemm-int8.js';
import { optimizersBenchmark } from './kernels/optimizers.js';
import { pruneBenchmark } from './kernels/prune.js';
import { quantizeBenchmark } from './kernels/quantize.js';
import { scalingBenchmark } from './kernels/scaling.js';
import type { Benchmark } from './lib/row.js';
import type { Study } from './lib/study.js';
import { forestMemoryBenchmark } from './memory/forest.js';
import { scoresStudy } from './scores/scores.js';
import { boostingScoreBenchmark } from './scoring/boosting.js';
import { forestScoreBenchmark } from './scoring/forest.js';
import { networkScoreBenchmark } from './scoring/network.js';
import { onnxTreesBenchmark } from './scoring/onnx-trees.js';
import { sameTreesBenchmark } from './scoring/same-trees.js';
import { shapBenchmark } from './scoring/shap.js';
import { shapBoostingBenchmark } from './scoring/shap-boosting.js';
import { servingPeersBenchmark } from './serving/peers.js';
import { predictBenchmark } from './serving/predict.js';
import { boostingBenchmark, boostingImagesBenchmark } from './training/boosting.js';
import { convolutionBenchmark } from './training/convolution.js';
import { crossValidationBenchmark } from './training/cross-validation.js';
import { estimatorsBenchmark } from './training/estimators.js';
import { forestBenchmark, forestImagesBenchmark } from './training/forest.js';
import { linearBenchmark } from './training/linear.js';
import { networkBenchmark } from './training/network.js';
import { pcaBenchmark } from './training/pca.js';
import { snapshotsBenchmark } from './training/snapshots.js';

/** Every benchmark by theme, which is its folder and its command `npm run bench:THEME`, in the order in which they run. */
export const themes: Readonly<Record<string, readonly (Benchmark | Study)[]>> = {
  data: [csvBenchmark],
  kernels: [
    scalingBenchmark,
    optimizersBenchmark,
    gemmBenchmark,
    denseBenchmark,
    gemmInt8Benchmark,
    quantizeBenchmark,
    pruneBenchmark,
    eventLoopBenchmark,
  ],
  training: [
    forestBenchmark,
    forestImagesBenchmark,
    boostingBenchmark,
    boostingImagesBenchmark,
    crossValidationBenchmark,
    linearBenchmark,
    networkBenchmark,
    convolutionBenchmark,
    estimatorsBenchmark,
    pcaBenchmark,
    snapshotsBenchmark,
  ],
  scoring: [
    forestScoreBenchmark,
    boostingScoreBenchmark,
    sameTreesBenchmark,
    onnxTreesBenchmark,
    shapBenchmark,
    shapBoostingBenchmark,
    networkScoreBenchmark,
  ],
  serving: [predictBenchmark, servingPeersBenchmark],
  memory: [forestMemoryBenchmark],
  scores: [scoresStudy],
};
