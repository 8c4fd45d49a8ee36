import type { JobProgress__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { minProgressIntervalMs, minProgressStep } from './limits.js';

/** What the job is doing now. */
export type Stage = JobProgress__Output['stage'];

// Shares of the whole: fits take nearly all the time, and every fit counts the same.
const readingShare = 0.05;
const registeringShare = 0.05;
const testingShare = 0.02;

/** Follows one attempt; tells `report` of each new stage and otherwise only now and then. */
export interface ProgressMeter {
  /** A stage begins; `fold` counts from 1 and is 0 outside validation. */
  enter(stage: Stage, fold?: number): void;
  /** How far the present stage is. */
  step(step: number, stepCount: number): void;
}

/** `now` is monotonic, in milliseconds. The fraction never decreases. */
export function createProgressMeter(
  foldCount: number,
  now: () => number,
  report: (progress: JobProgress__Output) => void,
): ProgressMeter {
  const fitShare = (1 - readingShare - testingShare - registeringShare) / (foldCount + 1);
  let current: JobProgress__Output = {
    stage: 'STAGE_UNSPECIFIED',
    fraction: 0,
    fold: 0,
    foldCount,
    step: 0,
    stepCount: 0,
  };
  let reported: { stage: Stage; fraction: number; at: number } | null = null;

  function start(stage: Stage, fold: number): number {
    const fitted = readingShare + fitShare * (foldCount + 1);
    if (stage === 'STAGE_READING') return 0;
    if (stage === 'STAGE_VALIDATING') return readingShare + fitShare * (fold - 1);
    if (stage === 'STAGE_FITTING') return readingShare + fitShare * foldCount;
    return stage === 'STAGE_TESTING' ? fitted : fitted + testingShare;
  }
  function share(stage: Stage): number {
    if (stage === 'STAGE_READING') return readingShare;
    if (stage === 'STAGE_TESTING') return testingShare;
    return stage === 'STAGE_REGISTERING' ? registeringShare : fitShare;
  }
  function move(next: Omit<JobProgress__Output, 'foldCount'>): void {
    current = { ...next, foldCount, fraction: Math.max(current.fraction, Math.min(1, next.fraction)) };
    const at = now();
    const due =
      reported === null ||
      reported.stage !== current.stage ||
      (current.fraction - reported.fraction >= minProgressStep && at - reported.at >= minProgressIntervalMs);
    if (!due) return;
    reported = { stage: current.stage, fraction: current.fraction, at };
    report(current);
  }

  return {
    enter(stage, fold = 0) {
      move({ stage, fold, fraction: start(stage, fold), step: 0, stepCount: 0 });
    },
    step(step, stepCount) {
      const done = stepCount > 0 ? Math.min(1, step / stepCount) : 0;
      const { stage, fold } = current;
      move({ stage, fold, step, stepCount, fraction: start(stage, fold) + share(stage) * done });
    },
  };
}
