import type { MetricSummary } from '../../../native/metrics/metric.js';
import type { FoldResult__Output, LeaderboardEntry__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import type { JobFailure } from '../job.js';
import { statusOf } from '../status.js';
import type { ConcreteCandidate } from './candidates.js';

/** How a candidate did in the last round it took part in. */
export interface Score {
  folds: FoldResult__Output[];
  metrics: MetricSummary[];
  fitSeconds: number;
  /** Per 1,000 rows. */
  scoreSeconds: number;
  sizeBytes: number;
  trainRows: number;
}

/** A candidate on its way through a search. */
export interface Contender {
  candidate: ConcreteCandidate;
  /** In the order in which they were begun, from 1; 0 until then. */
  number: number;
  /** The last round it was scored in, from 0; -1 for none. */
  round: number;
  score: Score | null;
  failure: JobFailure | null;
}

/**
 * Orders contenders, best first: whoever was scored in a later round, then by the metric, then whoever was begun first. A
 * candidate for which the metric is not defined comes last of its round.
 */
export function ranked(contenders: readonly Contender[], metric: string): Contender[] {
  const merit = ({ score }: Contender) => {
    const found = score?.metrics.find(({ name }) => name === metric);
    if (found === undefined || Number.isNaN(found.value)) return Number.NEGATIVE_INFINITY;
    return found.higherIsBetter ? found.value : -found.value;
  };
  return contenders
    .filter(({ score, failure }) => score !== null && failure === null)
    .sort((a, b) => b.round - a.round || compare(merit(b), merit(a)) || a.number - b.number);
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The leaderboard as the contract shows it: the ranked, the failed, the skipped. */
export function leaderboardOf(contenders: readonly Contender[], metric: string): LeaderboardEntry__Output[] {
  const inOrder = ranked(contenders, metric);
  const lastRound = inOrder[0]?.round ?? 0;
  const entry = (
    { candidate, number, score, failure }: Contender,
    outcome: LeaderboardEntry__Output['outcome'],
    rank: number,
  ): LeaderboardEntry__Output => ({
    rank,
    candidate: number,
    outcome,
    estimator: candidate.estimator,
    steps: [...candidate.steps],
    metrics: score?.metrics ?? [],
    fitSeconds: score?.fitSeconds ?? 0,
    scoreSeconds: score?.scoreSeconds ?? 0,
    sizeBytes: score?.sizeBytes ?? 0,
    trainRows: score?.trainRows ?? 0,
    // What is kept and sent is the status in plain data; the type of what is read asks for more.
    error: failure === null ? null : (statusOf(failure) as LeaderboardEntry__Output['error']),
  });
  return [
    ...inOrder.map((one, index) =>
      entry(one, one.round === lastRound ? 'OUTCOME_SCORED' : 'OUTCOME_ELIMINATED', index + 1),
    ),
    ...contenders.filter(({ failure }) => failure !== null).map((one) => entry(one, 'OUTCOME_FAILED', 0)),
    ...contenders
      .filter(({ score, failure }) => score === null && failure === null)
      .map((one) => entry(one, 'OUTCOME_SKIPPED', 0)),
  ];
}
