import { SingleBar } from 'cli-progress';
import type { JobProgress__Output } from '../../proto/gen/tenon/training/v1/index.js';

/** A live bar on stderr; nothing where stderr is no terminal. */
export interface Progress {
  update(progress: JobProgress__Output): void;
  stop(): void;
}

const silent: Progress = { update() {}, stop() {} };

function stageText({ stage, fold, foldCount, step, stepCount }: JobProgress__Output): string {
  const name = stage.replace('STAGE_', '').toLowerCase();
  const folds = fold > 0 ? ` fold ${fold}/${foldCount}` : '';
  const steps = stepCount > 0 ? ` ${step}/${stepCount}` : '';
  return `${name}${folds}${steps}`;
}

/** The bar of one job. */
export function createProgress(title: string, { enabled }: { enabled: boolean }): Progress {
  if (!enabled || !process.stderr.isTTY) return silent;
  const bar = new SingleBar({
    format: `${title} {bar} {percentage}% {stage}`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 30,
  });
  bar.start(1, 0, { stage: 'queued' });
  return {
    update: (progress) => bar.update(progress.fraction, { stage: stageText(progress) }),
    stop: () => bar.stop(),
  };
}
