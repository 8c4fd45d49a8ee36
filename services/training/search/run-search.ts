import type { JobFailure } from '../job.js';
import type { Budget } from './budget.js';
import type { ConcreteCandidate } from './candidates.js';
import { type Contender, ranked, type Score } from './leaderboard.js';
import type { Round } from './rounds.js';

/** What a search stands on. */
export interface SearchParts {
  candidates: readonly ConcreteCandidate[];
  rounds: readonly Round[];
  metric: string;
  budget: Budget;
  /** Scores a candidate on the folds, fitted on a share of their training rows. */
  score(candidate: ConcreteCandidate, at: { number: number; share: number }): Promise<Score>;
  /** Whether an earlier attempt has scored it. */
  done(candidate: ConcreteCandidate, at: { number: number; share: number }): boolean;
  /** Told who leads after each score, so that what is kept of the others can go. */
  leads(contender: Contender): void;
  /** What a failed fit says; rethrows what is no failure of the candidate. */
  failureOf(error: unknown, candidate: ConcreteCandidate): JobFailure;
}

/**
 * Scores candidates round by round. A candidate that fails leaves the search and no more; when the budget is used up the
 * rest is left as it stands. Rejects with what `score` or `failureOf` throw.
 */
export async function runSearch(parts: SearchParts): Promise<Contender[]> {
  const { rounds, metric, budget } = parts;
  const contenders = parts.candidates.map(
    (candidate): Contender => ({ candidate, number: 0, round: -1, score: null, failure: null }),
  );
  let left = contenders;
  let begun = 0;
  for (const [round, { candidates, share }] of rounds.entries()) {
    left = left.slice(0, candidates);
    for (const contender of left) {
      const number = contender.number === 0 ? begun + 1 : contender.number;
      if (!budget.take({ done: parts.done(contender.candidate, { number, share }) })) return contenders;
      contender.number = number;
      begun = Math.max(begun, number);
      try {
        contender.score = await parts.score(contender.candidate, { number: contender.number, share });
        contender.round = round;
        const [first] = ranked(contenders, metric);
        if (first !== undefined) parts.leads(first);
      } catch (error) {
        contender.failure = parts.failureOf(error, contender.candidate);
      }
    }
    left = ranked(left, metric);
  }
  return contenders;
}
