import type { EstimatorSpec, JobSpec, SearchDimension } from '../../proto/gen/tenon/training/v1/index.js';
import { UsageError } from '../usage-error.js';
import { parseParameters, splitPair } from './parameters.js';

/** The strategies of `--search`. */
export const strategies = ['grid', 'random', 'halving', 'automatic'] as const;

/** What the flags of `train` say of a search. */
export interface SearchFlags {
  search?: (typeof strategies)[number];
  vary?: string[];
  candidates?: number;
  budgetSeconds?: number;
  metric?: string;
}

/** The part of a job's spec that says what to choose from: one estimator, or a search. Throws UsageError. */
export function choiceOf(
  flags: SearchFlags,
  estimator: EstimatorSpec,
  { estimatorGiven }: { estimatorGiven: boolean },
): Pick<JobSpec, 'estimator' | 'candidates' | 'search' | 'metric'> {
  const { search, vary = [], candidates: samples = 0, budgetSeconds = 0, metric = '' } = flags;
  if (search === undefined) {
    for (const [flag, given] of [
      ['--vary', vary.length > 0],
      ['--candidates', samples !== 0],
      ['--budget-seconds', budgetSeconds !== 0],
      ['--metric', metric !== ''],
    ] as const) {
      if (given) throw new UsageError(`${flag} goes with --search ${strategies.join(', ')}`);
    }
    return { estimator };
  }
  const budget = { maxSeconds: budgetSeconds };
  if (search === 'automatic') {
    if (estimatorGiven || vary.length > 0 || Object.keys(estimator.parameters ?? {}).length > 0) {
      throw new UsageError(
        '--search automatic picks estimators and values itself; leave --estimator, --param and --vary out',
      );
    }
    return { search: { automatic: { samples }, budget }, metric };
  }
  if (vary.length === 0) throw new UsageError(`--search ${search} needs what to vary: --vary max_depth=4,8,16`);
  const candidates = [{ estimator, space: vary.map(dimensionOf) }];
  if (search === 'grid') {
    return { candidates, search: { grid: {}, budget: { ...budget, maxCandidates: samples } }, metric };
  }
  const strategy = search === 'random' ? { random: { samples } } : { halving: { samples } };
  return { candidates, search: { ...strategy, budget }, metric };
}

/** `max_depth=4,8,16` lists values; `C=0.01..100` and `C=0.01..100:log` are intervals. */
function dimensionOf(text: string): SearchDimension {
  const [parameter, values] = splitPair(text, '--vary');
  const range = /^([^,]+?)\.\.([^,]+?)(:log)?$/.exec(values);
  if (range !== null) {
    const [low, high] = [Number(range[1]), Number(range[2])];
    if (!Number.isFinite(low) || !Number.isFinite(high)) {
      throw new UsageError(`--vary ${JSON.stringify(text)} must have a number on each side of ..`);
    }
    return { parameter, range: { low, high, log: range[3] !== undefined } };
  }
  const list = values.split(',').map((value) => parseParameters([`x=${value}`]).x ?? {});
  return { parameter, list: { values: list } };
}
