import { setTimeout as sleep } from 'node:timers/promises';
import type { Metric__Output } from '../proto/gen/tenon/common/v1/index.js';
import type { ColumnImportances__Output, Job__Output } from '../proto/gen/tenon/training/v1/index.js';
import { TenonError } from '../services/mesh/errors.js';
import type { Clients } from '../services/mesh/rpc/clients.js';
import { showEnum, showMetric, showSeconds } from './output/format.js';
import { printJsonLine } from './output/json.js';
import { mainMetrics } from './output/main-metrics.js';
import { createProgress } from './output/progress.js';
import { printTable } from './output/table.js';
import { printVariants } from './output/variants.js';

const watchDeadlineMs = 3_600_000;
const reconnectEveryMs = 500;
const maxReconnects = 20; // Ten seconds: a training service that `tenon up` restarts is back by then.
const interrupted = 130; // 128 + SIGINT, as shells have it.

/** Reasons for which the watch is taken up again where it ended: the job goes on without us. */
const passing: ReadonlySet<string> = new Set(['DEPENDENCY_UNAVAILABLE', 'SHUTTING_DOWN', 'DEADLINE_EXCEEDED']);

const theValue = ({ value }: Metric__Output): number => value;
const theDeviation = ({ stdDev }: Metric__Output): number => stdDev;

function printOutcome({ result, optimize }: Job__Output): void {
  if (!result) return;
  if (result.variants.length > 0) {
    printVariants(result.variants, optimize?.metric ?? '');
    const chosen = result.variants.find((variant) => variant.chosen)?.description ?? '';
    console.log(`\n${result.modelVersion}: ${chosen}, measured on ${result.testRows} rows`);
    return;
  }
  const parts: (readonly [string, readonly Metric__Output[], (metric: Metric__Output) => number])[] = [
    ...result.folds.map(({ fold, metrics }) => [`fold ${fold}`, metrics, theValue] as const),
    ...(result.validationMetrics.length > 0
      ? [
          ['mean of folds', result.validationMetrics, theValue] as const,
          ['std. deviation', result.validationMetrics, theDeviation] as const,
        ]
      : []),
    ...(result.testMetrics.length > 0
      ? [[`${result.testRows} rows held out`, result.testMetrics, theValue] as const]
      : []),
  ];
  const names = mainMetrics(parts[0]?.[1] ?? []).map(({ name }) => name);
  if (names.length > 0) {
    const rows = parts.map(([label, metrics, figure]) => [
      label,
      ...names.map((name) => {
        const metric = metrics.find((each) => each.name === name);
        return metric === undefined ? '-' : showMetric(figure(metric));
      }),
    ]);
    printTable(['scored on', ...names], rows);
    console.log();
  }
  if (result.leaderboard.length > 0) {
    const board = result.leaderboard.map(({ rank, estimator, outcome, metrics, fitSeconds }) => [
      rank === 0 ? '-' : String(rank),
      (estimator?.estimator ?? '').replace('estimators/', ''),
      showEnum(outcome, 'OUTCOME'),
      ...names.map((name) => showMetric(metrics.find((each) => each.name === name)?.value ?? Number.NaN)),
      showSeconds(fitSeconds),
    ]);
    printTable(['rank', 'estimator', 'outcome', ...names, 'fit'], board);
    console.log();
  }
  if (result.columnImportances) printImportances(result.columnImportances);
  const fitted =
    result.trainRows > 0 ? `, fitted on ${result.trainRows} rows in ${showSeconds(result.fitSeconds)}` : '';
  // An export has no version: who asked for it says where the file went.
  if (result.modelVersion !== '') console.log(`${result.modelVersion}${fitted}`);
}

/** What the model loses without each column, the most important first. */
function printImportances({ baseline, columns }: ColumnImportances__Output): void {
  printTable(
    ['without column', `${baseline?.name ?? 'metric'} is worse by`, 'std. deviation'],
    columns
      .toSorted((a, b) => b.mean - a.mean)
      .map(({ column, mean, stdDev }) => [column, showMetric(mean), showMetric(stdDev)]),
  );
  console.log();
}

function sayLeft(name: string, json: boolean): void {
  if (json) printJsonLine({ left: name });
  else {
    console.error(`${name} goes on without us.`);
    console.error(`  watch it:  tenon job watch ${name.slice('jobs/'.length)}`);
    console.error(`  cancel it: tenon job cancel ${name.slice('jobs/'.length)}`);
  }
  process.exitCode = interrupted;
}

/**
 * Follows a job to its end: a bar or lines on stderr and a table of metrics on stdout, or each event as a line of JSON.
 * Ctrl-C leaves the job running, says how to come back to it, and sets the exit code to 130.
 * @returns the job that succeeded; null if it was left running.
 * @throws TenonError WRONG_STATE if the job ends otherwise than succeeded.
 */
export async function followJob(
  { training }: Clients,
  name: string,
  { json }: { json: boolean },
): Promise<Job__Output | null> {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  process.once('SIGINT', leave);
  const progress = createProgress({ enabled: !json });
  let job: Job__Output | null = null;
  let afterSequence = 0;

  async function watch(): Promise<void> {
    const options = { deadlineMs: watchDeadlineMs, signal: leaving.signal };
    for await (const event of training.watchJob({ name, afterSequence }, options)) {
      afterSequence = event.sequence;
      if (json) printJsonLine(event);
      if (event.progress) progress.update(event.progress);
      if (event.foldFinished) progress.fold(event.foldFinished);
      if (event.stateChanged) job = event.stateChanged;
    }
  }

  try {
    for (let failures = 0; ; ) {
      const before: number = afterSequence;
      try {
        await watch();
        break;
      } catch (error) {
        if (leaving.signal.aborted) break;
        failures = afterSequence > before ? 0 : failures + 1;
        if (!(error instanceof TenonError && passing.has(error.reason)) || failures > maxReconnects) throw error;
        await sleep(reconnectEveryMs);
      }
    }
  } finally {
    progress.stop();
    process.removeListener('SIGINT', leave);
  }
  if (leaving.signal.aborted) {
    sayLeft(name, json);
    return null;
  }
  const ended = job as Job__Output | null;
  if (ended?.state === 'STATE_SUCCEEDED') {
    if (!json) printOutcome(ended);
    return ended;
  }
  const state = showEnum(ended?.state ?? 'unknown', 'STATE');
  const why = ended?.error ? `: ${ended.error.message}` : '';
  throw new TenonError({ reason: 'WRONG_STATE', message: `${name} ended as ${state}${why}`, facts: { name, state } });
}
