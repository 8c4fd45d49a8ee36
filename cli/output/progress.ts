import { SingleBar } from 'cli-progress';
import type { FoldResult__Output, JobProgress__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { showEnum, showMetric, showSeconds } from './format.js';
import { mainMetrics } from './main-metrics.js';

/** What is told of a running job, on stderr. */
export interface Progress {
  update(progress: JobProgress__Output): void;
  fold(result: FoldResult__Output): void;
  stop(): void;
}

function stageText({ stage, fold, foldCount, step, stepCount, resumedStep }: JobProgress__Output): string {
  const folds = fold > 0 ? ` fold ${fold} of ${foldCount}` : '';
  const steps = stepCount > 0 ? `, ${step} of ${stepCount}` : '';
  const resumed = resumedStep > 0 ? `, from ${resumedStep} on again` : '';
  return `${showEnum(stage, 'STAGE')}${folds}${steps}${resumed}`;
}

function foldText({ fold, testRows, metrics, fitSeconds }: FoldResult__Output): string {
  const shown = mainMetrics(metrics)
    .map(({ name, value }) => `${name} ${showMetric(value)}`)
    .join(', ');
  return `fold ${fold}: ${shown} on ${testRows} rows, fitted in ${showSeconds(fitSeconds)}`;
}

/** A live bar with the stage and the last fold's first metric. */
function createBar(): Progress {
  const bar = new SingleBar({
    format: '{bar} {percentage}% {stage}{last}',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
  });
  let last = '';
  bar.start(1, 0, { stage: 'queued', last });
  return {
    update: (progress) => bar.update(progress.fraction, { stage: stageText(progress), last }),
    fold({ metrics: [metric] }) {
      if (metric !== undefined) last = `, last ${metric.name} ${showMetric(metric.value)}`;
    },
    stop: () => bar.stop(),
  };
}

/** A line for each new stage and each fold: what a log keeps. */
function createLines(): Progress {
  let stage = '';
  let resumedStep = 0;
  return {
    update(progress) {
      if (progress.resumedStep > 0 && progress.resumedStep !== resumedStep) {
        console.error(`  goes on from step ${progress.resumedStep}, where an earlier attempt was`);
      }
      resumedStep = progress.resumedStep;
      if (progress.stage === stage || progress.stage === 'STAGE_UNSPECIFIED') return;
      stage = progress.stage;
      console.error(showEnum(stage, 'STAGE'));
    },
    fold: (result) => console.error(`  ${foldText(result)}`),
    stop() {},
  };
}

/** The progress of one job: a bar on a terminal, lines elsewhere, nothing when not `enabled`. */
export function createProgress({ enabled }: { enabled: boolean }): Progress {
  if (!enabled) return { update() {}, fold() {}, stop() {} };
  return process.stderr.isTTY ? createBar() : createLines();
}
