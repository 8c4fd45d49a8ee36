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
  /** How much there is to do: known once the rows are divided. Until then one fit is taken for all. */
  plan(extent: { foldCount: number; candidateCount: number }): void;
  /** A stage begins; `fold` and `candidate` count from 1 and are 0 outside validation and outside a search. */
  enter(stage: Stage, fold?: number, candidate?: number): void;
  /** How far the present stage is. */
  step(step: number, stepCount: number): void;
  /** The present fit goes on from a step that an earlier attempt had come to. */
  resumed(step: number): void;
}

/** `now` is monotonic, in milliseconds. The fraction never decreases. */
export function createProgressMeter(now: () => number, report: (progress: JobProgress__Output) => void): ProgressMeter {
  const fitting = 1 - readingShare - testingShare - registeringShare;
  let fitShare = fitting;
  let current: JobProgress__Output = {
    stage: 'STAGE_UNSPECIFIED',
    fraction: 0,
    fold: 0,
    foldCount: 0,
    step: 0,
    stepCount: 0,
    candidate: 0,
    candidateCount: 0,
    resumedStep: 0,
  };
  let reported: { stage: Stage; fraction: number; resumedStep: number; at: number } | null = null;
  /** Fits begun in validation. */
  let begun = 0;

  function start(stage: Stage): number {
    if (stage === 'STAGE_READING') return 0;
    if (stage === 'STAGE_VALIDATING') return readingShare + fitShare * (begun - 1);
    if (stage === 'STAGE_OPTIMIZING') return readingShare;
    if (stage === 'STAGE_FITTING') return readingShare + fitting - fitShare;
    return readingShare + fitting + (stage === 'STAGE_TESTING' ? 0 : testingShare);
  }
  function share(stage: Stage): number {
    if (stage === 'STAGE_READING') return readingShare;
    if (stage === 'STAGE_TESTING') return testingShare;
    if (stage === 'STAGE_OPTIMIZING') return fitting + testingShare;
    return stage === 'STAGE_REGISTERING' ? registeringShare : fitShare;
  }
  function move(next: Partial<JobProgress__Output> & { fraction: number }): void {
    current = { ...current, ...next, fraction: Math.max(current.fraction, Math.min(1, next.fraction)) };
    const at = now();
    const due =
      reported === null ||
      reported.stage !== current.stage ||
      (current.resumedStep > 0 && reported.resumedStep !== current.resumedStep) ||
      (current.fraction - reported.fraction >= minProgressStep && at - reported.at >= minProgressIntervalMs);
    if (!due) return;
    reported = { stage: current.stage, fraction: current.fraction, resumedStep: current.resumedStep, at };
    report(current);
  }

  return {
    plan({ foldCount, candidateCount }) {
      fitShare = fitting / (foldCount * Math.max(1, candidateCount) + 1);
      current = { ...current, foldCount, candidateCount };
    },
    enter(stage, fold = 0, candidate = 0) {
      if (stage === 'STAGE_VALIDATING') begun++;
      move({ stage, fold, candidate, fraction: start(stage), step: 0, stepCount: 0, resumedStep: 0 });
    },
    step(step, stepCount) {
      const done = stepCount > 0 ? Math.min(1, step / stepCount) : 0;
      const { stage } = current;
      move({ step, stepCount, fraction: start(stage) + share(stage) * done });
    },
    resumed(step) {
      move({ step, resumedStep: step, fraction: current.fraction });
    },
  };
}
