import { stepsFromMessage } from '../../native/recipe/from-message.js';
import { createRandom } from '../../native/validation/random.js';
import type { SplitRows } from '../../native/validation/split.js';
import { shuffledStrata } from '../../native/validation/strata.js';
import type {
  FoldResult__Output,
  JobSpec__Output,
  LeaderboardEntry__Output,
} from '../../proto/gen/tenon/training/v1/index.js';
import { TenonError } from '../mesh/errors.js';
import type { Checkpoint } from './checkpoint.js';
import { columnParametersOf } from './column-parameters.js';
import { crossValidate, foldKey } from './cross-validate.js';
import { failureOf } from './errors.js';
import type { EstimatorInfo, ParameterValue } from './estimators.js';
import { parameterValues } from './estimators.js';
import type { FitPlan, JobPlan } from './evaluate.js';
import { createFoldCache } from './fold-cache.js';
import { decidingMetric } from './metrics.js';
import type { ResolveParameters } from './native.js';
import type { FoldOutputs } from './out-of-fold.js';
import type { ProgressMeter } from './progress.js';
import { refusalOf } from './refusal.js';
import type { BudgetClock } from './search/budget.js';
import { startBudget } from './search/budget.js';
import type { ConcreteCandidate } from './search/candidates.js';
import { candidatesOf } from './search/candidates.js';
import type { Score } from './search/leaderboard.js';
import { leaderboardOf, ranked } from './search/leaderboard.js';
import { roundsOf, shareOf } from './search/rounds.js';
import { runSearch } from './search/run-search.js';

/** What is fitted in the end, and how it was found. */
export interface Choice {
  plan: FitPlan;
  /** The estimator's parameters, defaults included, for the lineage. */
  allParameters: Readonly<Record<string, ParameterValue>>;
  /** On the folds; null without validation. */
  score: Score | null;
  /** What was predicted on the folds. */
  outputs: FoldOutputs[];
  leaderboard: LeaderboardEntry__Output[];
}

/** What choosing stands on. */
export interface ChoiceParts {
  catalogue: readonly EstimatorInfo[];
  resolveParameters: ResolveParameters;
  meter: ProgressMeter;
  checkpoint: Checkpoint;
  clock: BudgetClock;
  onFold(fold: FoldResult__Output): void;
}

/** Validates the job's estimator, or searches its candidates for the best by the deciding metric. */
export async function choose(
  spec: JobSpec__Output,
  job: JobPlan,
  folds: readonly SplitRows[],
  parts: ChoiceParts,
): Promise<Choice> {
  const { meter, onFold, clock } = parts;
  const began = { elapsedMs: clock.now(), cpuMs: clock.cpu() };
  const earlier = parts.checkpoint.spent;
  /** By this attempt and those before. */
  const spent = () => ({
    elapsedMs: earlier.elapsedMs + clock.now() - began.elapsedMs,
    cpuMs: earlier.cpuMs + clock.cpu() - began.cpuMs,
  });
  const kept = { checkpoint: parts.checkpoint, spent };
  const cache = createFoldCache(job.maxCells);
  if (spec.candidates.length === 0) {
    const estimator = spec.estimator ?? { estimator: '', parameters: {} };
    const single = { source: 0, estimator, steps: spec.steps, combination: '' };
    const { plan, allParameters } = planOf(single, job, parts, 'job.spec.estimator');
    if (folds.length === 0) return { plan, allParameters, score: null, outputs: [], leaderboard: [] };
    meter.plan({ foldCount: folds.length, candidateCount: 0 });
    const validation = { folds, candidate: 0, recipeKey: '', cache, meter, onFold, ...kept };
    const { outputs, ...score } = await crossValidate(plan, validation);
    return { plan, allParameters, score, outputs, leaderboard: [] };
  }

  const candidates = candidatesOf(spec, parts.catalogue);
  const fewest = folds.reduce((least, { train }) => Math.min(least, train.length), Number.POSITIVE_INFINITY);
  const rounds = roundsOf(spec, candidates.length, fewest);
  const candidateCount = rounds.reduce((sum, round) => sum + round.candidates, 0);
  meter.plan({ foldCount: folds.length, candidateCount });
  const metric = decidingMetric(spec);
  const ordered = folds.map(({ train }) => evenlyOrdered(train, job, spec.seed));
  const outputsOf = new Map<ConcreteCandidate, FoldOutputs[]>();
  const contenders = await runSearch({
    candidates,
    rounds,
    metric,
    budget: startBudget(spec.search?.budget ?? null, spent),
    async score(candidate, { number, share }) {
      const { plan } = planOf(candidate, job, parts, placeOf(candidate));
      const part = folds.map(({ test }, index) => ({
        train: shareOf(ordered[index] as Uint32Array, share)
          .slice()
          .sort(),
        test,
      }));
      const recipeKey = `${share} ${JSON.stringify(candidate.steps)}`;
      const validation = { folds: part, candidate: number, recipeKey, cache, meter, onFold, ...kept };
      const { outputs, ...score } = await crossValidate(plan, validation);
      outputsOf.set(candidate, outputs);
      return score;
    },
    done: (_candidate, { number, share }) =>
      ordered.every((rows, index) => parts.checkpoint.get(foldKey(number, shareOf(rows, share), index)) !== undefined),
    leads({ candidate }) {
      for (const other of outputsOf.keys()) if (other !== candidate) outputsOf.delete(other);
    },
    failureOf(error, candidate) {
      if (job.signal.aborted) throw error;
      const told = refusalOf(error);
      // A fault of ours is no property of the candidate.
      if (!(told instanceof TenonError)) throw error;
      const said = candidate.combination === '' ? '' : ` (${candidate.combination})`;
      const failure = failureOf(told, () => '');
      return { ...failure, message: `${candidate.estimator.estimator}${said}: ${failure.message}` };
    },
  });
  const [best] = ranked(contenders, metric);
  const leaderboard = leaderboardOf(contenders, metric);
  if (best === undefined) throw allFailed(contenders.find(({ failure }) => failure !== null)?.failure?.message ?? '');
  const { candidate } = best;
  return {
    ...planOf(candidate, job, parts, placeOf(candidate)),
    score: best.score,
    outputs: outputsOf.get(candidate) ?? [],
    leaderboard,
  };
}

const placeOf = ({ source }: ConcreteCandidate) => `job.spec.candidates[${source}].estimator`;

/** What fitting a candidate takes; `field` is where its estimator stands. */
function planOf(
  { estimator, steps }: ConcreteCandidate,
  job: JobPlan,
  { catalogue, resolveParameters }: ChoiceParts,
  field: string,
): { plan: FitPlan; allParameters: Readonly<Record<string, ParameterValue>> } {
  const id = estimator.estimator.replace('estimators/', '');
  const given = parameterValues(estimator.parameters);
  const parametersField = `${field}.parameters`;
  const info = catalogue.find((known) => known.id === id);
  const { columns, others: parameters } = columnParametersOf(info?.parameters ?? [], given, parametersField);
  const acceptsMissing = info?.acceptsMissing ?? false;
  const recipe = stepsFromMessage(steps, 'job.spec.steps');
  const plan = { ...job, steps: recipe, estimator: id, parameters, parametersField, columns, acceptsMissing };
  return { plan, allParameters: resolveParameters(id, given, parametersField) };
}

/** The rows in an order of which every beginning holds the classes in about their shares; shuffled for regression. */
function evenlyOrdered(rows: Uint32Array, { data, task }: JobPlan, seed: number): Uint32Array {
  const labels = Uint32Array.from(rows, (row) => (task === 'classification' ? (data.values[row] ?? 0) : 0));
  const placed = shuffledStrata(labels, createRandom(seed)).flatMap((members) =>
    Array.from(members, (index, place) => ({ index, at: (place + 0.5) / members.length })),
  );
  placed.sort((a, b) => a.at - b.at || a.index - b.index);
  return Uint32Array.from(placed, ({ index }) => rows[index] ?? 0);
}

function allFailed(first: string): TenonError {
  const description = `every candidate failed; the first: ${first}`;
  return new TenonError({
    reason: 'INVALID_FIELD',
    message: `job.spec.candidates: ${description}`,
    facts: { field: 'job.spec.candidates' },
    violations: [{ field: 'job.spec.candidates', description }],
  });
}
