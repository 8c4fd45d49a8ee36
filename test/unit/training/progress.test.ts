import test from 'ava';
import type { JobProgress__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import { createProgressMeter } from '../../../services/training/progress.js';

function run(foldCount: number, steps: number, msPerStep: number): JobProgress__Output[] {
  const reports: JobProgress__Output[] = [];
  let clock = 0;
  const meter = createProgressMeter(
    () => clock,
    (progress) => reports.push(progress),
  );
  const train = () => {
    for (let step = 1; step <= steps; step++) {
      clock += msPerStep;
      meter.step(step, steps);
    }
  };
  meter.enter('STAGE_READING');
  meter.plan({ foldCount, candidateCount: 0 });
  for (let fold = 1; fold <= foldCount; fold++) {
    meter.enter('STAGE_VALIDATING', fold);
    train();
  }
  meter.enter('STAGE_FITTING');
  train();
  meter.enter('STAGE_TESTING');
  meter.enter('STAGE_REGISTERING');
  return reports;
}

test('a long job with a hundred folds writes about a hundred progress events', (t) => {
  const reports = run(100, 1_000, 50);
  t.true(reports.length > 50 && reports.length <= 105, `${reports.length}`);
});

test('a short job writes one event per stage', (t) => {
  t.deepEqual(
    run(5, 100, 0).map(({ stage }) => stage),
    ['STAGE_READING', 'STAGE_VALIDATING', 'STAGE_FITTING', 'STAGE_TESTING', 'STAGE_REGISTERING'],
  );
});

test('the fraction never decreases and stays within 0 and 1', (t) => {
  for (const foldCount of [0, 2, 5]) {
    const fractions = run(foldCount, 50, 200).map(({ fraction }) => fraction);
    t.deepEqual(
      fractions,
      fractions.toSorted((a, b) => a - b),
    );
    t.true(fractions.every((fraction) => fraction >= 0 && fraction <= 1));
  }
});

test('a fit that goes on from a step says so at once, and the next fit begins at none', (t) => {
  const reports: JobProgress__Output[] = [];
  const meter = createProgressMeter(
    () => 0,
    (progress) => reports.push(progress),
  );
  meter.plan({ foldCount: 2, candidateCount: 0 });
  meter.enter('STAGE_VALIDATING', 1);
  meter.resumed(40);
  meter.step(41, 100);
  meter.enter('STAGE_FITTING');
  t.deepEqual(
    reports.map(({ step, resumedStep }) => [step, resumedStep]),
    [
      [0, 0],
      [40, 40],
      [0, 0],
    ],
  );
});
