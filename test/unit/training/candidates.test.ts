import test from 'ava';
import type { Candidate__Output, JobSpec__Output, Search__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import { TenonError } from '../../../services/mesh/errors.js';
import { parameterValues } from '../../../services/training/estimators.js';
import { checkedParameters, catalogue as estimators } from '../../../services/training/native.js';
import { automaticCandidates } from '../../../services/training/search/automatic.js';
import { startBudget } from '../../../services/training/search/budget.js';
import { candidatesOf } from '../../../services/training/search/candidates.js';
import { roundsOf } from '../../../services/training/search/rounds.js';
import { checkCreateJob } from '../../../services/training/validate.js';

const integers = (...values: number[]) => ({
  values: values.map((integerValue) => ({ kind: 'integerValue' as const, integerValue })),
});
const forest: Candidate__Output = {
  estimator: { estimator: 'estimators/random-forest', parameters: {} },
  steps: [],
  space: [
    { parameter: 'max_depth', values: 'list', list: integers(2, 4, 8) },
    { parameter: 'n_estimators', values: 'range', range: { low: 10, high: 1_000, log: true } },
  ],
};

function specOf(candidates: Candidate__Output[], search: Search__Output | null, seed = 1): JobSpec__Output {
  return {
    datasetVersion: 'datasets/d/versions/1',
    target: 'y',
    features: [],
    task: 'TASK_CLASSIFICATION',
    recipe: '',
    steps: [],
    estimator: null,
    validation: null,
    seed,
    model: 'models/m',
    alias: '',
    candidates,
    search,
    metric: '',
    limits: null,
    weightColumn: '',
    permutationImportance: null,
  };
}

const random = (samples: number): Search__Output => ({ strategy: 'random', random: { samples }, budget: null });
const parametersOf = (spec: JobSpec__Output) =>
  candidatesOf(spec, estimators).map(({ estimator }) => parameterValues(estimator.parameters));

test('random search draws distinct combinations within bounds, the same ones for the same seed', (t) => {
  const drawn = parametersOf(specOf([forest], random(200)));
  t.is(drawn.length, 200);
  t.is(new Set(drawn.map((one) => JSON.stringify(one))).size, 200);
  for (const { n_estimators: trees } of drawn) {
    t.true(Number.isInteger(trees) && Number(trees) >= 10 && Number(trees) <= 1_000, `${trees}`);
  }
  // Even in the logarithm: half of them lie below the geometric mean.
  const below = drawn.filter(({ n_estimators: trees }) => Number(trees) < 100).length;
  t.true(below > 70 && below < 130, `${below}`);
  t.deepEqual(drawn, parametersOf(specOf([forest], random(200))));
  t.notDeepEqual(drawn, parametersOf(specOf([forest], random(200), 2)));
});

test('a space that is used up leaves its draws to the others', (t) => {
  const small = { ...forest, space: forest.space.slice(0, 1) };
  const drawn = candidatesOf(specOf([small, forest], random(20)), estimators);
  t.is(drawn.filter(({ source }) => source === 0).length, 3);
  t.is(drawn.filter(({ source }) => source === 1).length, 17);
});

test('a whole number is drawn from both ends of its range as often as between', (t) => {
  const even = {
    ...forest,
    space: [{ parameter: 'max_bins', values: 'range' as const, range: { low: 2, high: 5, log: false } }],
  };
  const seen = new Set(
    Array.from({ length: 20 }, (_, seed) => parametersOf(specOf([even], random(1), seed))[0]?.max_bins),
  );
  t.deepEqual([...seen].sort(), [2, 3, 4, 5]);
});

test('rounds of halving end with all rows and begin no smaller than min_rows', (t) => {
  const halving = (samples: number, factor: number, minRows: number) =>
    specOf([forest], { strategy: 'halving', halving: { samples, factor, minRows }, budget: null });
  t.deepEqual(roundsOf(halving(27, 3, 0), 27, 10_000), [
    { candidates: 27, share: 1 / 27 },
    { candidates: 9, share: 1 / 9 },
    { candidates: 3, share: 1 / 3 },
    { candidates: 1, share: 1 },
  ]);
  t.deepEqual(
    roundsOf(halving(27, 3, 100), 27, 950).map(({ share }) => share),
    [1 / 9, 1 / 3, 1],
  );
  t.deepEqual(roundsOf(halving(2, 10, 100), 2, 50), [{ candidates: 2, share: 1 }]);
});

test('a budget counts candidates, seconds and processor seconds, and always leaves one', (t) => {
  let now = 0;
  let cpu = 0;
  const spent = () => ({ elapsedMs: now, cpuMs: cpu });
  const nothing = { maxCandidates: 0, maxSeconds: 0, maxCpuSeconds: 0 };
  const seconds = startBudget({ ...nothing, maxSeconds: 1 }, spent);
  const processor = startBudget({ ...nothing, maxCpuSeconds: 1 }, spent);
  const unbounded = startBudget(null, spent);
  now = 5_000;
  cpu = 999;
  t.deepEqual([seconds.take(), seconds.take()], [true, false]);
  t.deepEqual([processor.take(), processor.take()], [true, true]);
  cpu = 1_001;
  t.false(processor.take());
  t.true(processor.take({ done: true }));
  t.true(unbounded.take());
});

for (const task of ['TASK_CLASSIFICATION', 'TASK_REGRESSION'] as const) {
  test(`every combination of an automatic search is one that its estimator takes: ${task}`, (t) => {
    const candidates = automaticCandidates({ task, rows: 1_000, features: 20, image: true }, estimators);
    t.true(candidates.length >= 2);
    const search = { strategy: 'automatic' as const, automatic: { samples: 200 }, budget: null };
    for (const { estimator } of candidatesOf({ ...specOf(candidates, search), task }, estimators)) {
      const id = estimator.estimator.replace('estimators/', '');
      t.notThrows(() => checkedParameters(id, parameterValues(estimator.parameters), 'parameters'));
    }
  });
}

test('an automatic search looks at images, and at nothing else, with convolutional networks', (t) => {
  const table = { task: 'TASK_CLASSIFICATION', rows: 1_000, features: 784 } as const;
  const estimatorsFor = (image: boolean) =>
    automaticCandidates({ ...table, image }, estimators).map(({ estimator }) => estimator?.estimator);
  t.true(estimatorsFor(true).includes('estimators/convolutional-network'));
  t.deepEqual(
    estimatorsFor(true).filter((id) => id !== 'estimators/convolutional-network'),
    estimatorsFor(false),
  );
});

type Limits = NonNullable<JobSpec__Output['limits']>;
const limited = (limits: Partial<Limits>): Limits => ({
  scheduleToStartTimeout: null,
  startToCloseTimeout: null,
  scheduleToCloseTimeout: null,
  heartbeatTimeout: null,
  retry: null,
  maxMemoryBytes: 0,
  maxThreads: 0,
  ...limits,
});
const retry = {
  maxAttempts: 0,
  initialInterval: null,
  backoffCoefficient: 0,
  maxInterval: null,
  nonRetryableReasons: [],
};
const forestSpec = { estimator: 'estimators/random-forest', parameters: {} };
for (const [what, changes, field] of [
  ['an estimator beside candidates', { estimator: forestSpec }, 'job.spec.estimator'],
  ['a search without candidates', { estimator: forestSpec, candidates: [], search: random(2) }, 'job.spec.search'],
  ['a metric without candidates', { estimator: forestSpec, candidates: [], metric: 'accuracy' }, 'job.spec.metric'],
  [
    'candidates in an automatic search',
    { search: { strategy: 'automatic', automatic: { samples: 0 }, budget: null } },
    'job.spec.candidates',
  ],
  ['a search without validation', { validation: { method: 'none', none: {} } }, 'job.spec.validation.none'],
  ['too many samples', { search: random(1_001) }, 'job.spec.search.random.samples'],
  [
    'a negative time',
    { search: { strategy: 'grid', grid: {}, budget: { maxCandidates: 0, maxSeconds: -1, maxCpuSeconds: 0 } } },
    'job.spec.search.budget.max_seconds',
  ],
  [
    'a heartbeat below 2 s',
    { limits: limited({ heartbeatTimeout: { seconds: 1, nanos: 0 } }) },
    'job.spec.limits.heartbeat_timeout',
  ],
  [
    'a timeout of 0',
    { limits: limited({ startToCloseTimeout: { seconds: 0, nanos: 0 } }) },
    'job.spec.limits.start_to_close_timeout',
  ],
  ['too many threads', { limits: limited({ maxThreads: 257 }) }, 'job.spec.limits.max_threads'],
  ['a negative memory', { limits: limited({ maxMemoryBytes: -1 }) }, 'job.spec.limits.max_memory_bytes'],
  [
    'a reason that does not exist',
    { limits: limited({ retry: { ...retry, nonRetryableReasons: ['OOPS'] } }) },
    'job.spec.limits.retry.non_retryable_reasons[0]',
  ],
  [
    'a coefficient below 1',
    { limits: limited({ retry: { ...retry, backoffCoefficient: 0.5 } }) },
    'job.spec.limits.retry.backoff_coefficient',
  ],
  [
    'a candidate without estimator',
    { candidates: [{ ...forest, estimator: null }] },
    'job.spec.candidates[0].estimator',
  ],
  [
    'steps that no candidate would use',
    {
      steps: [{ columns: [], step: 'standardize', standardize: {} }],
      candidates: [{ ...forest, steps: [{ columns: [], step: 'standardize', standardize: {} }] }],
    },
    'job.spec.steps',
  ],
] as const) {
  test(`${what} is refused, naming ${field}`, (t) => {
    const spec = { ...specOf([forest], null), ...(changes as Partial<JobSpec__Output>) };
    const job = { name: '', displayName: '', spec } as Parameters<typeof checkCreateJob>[0]['job'];
    const error = t.throws(() => checkCreateJob({ job, requestId: '' }), { instanceOf: TenonError });
    t.is(error?.violations[0]?.field, field);
  });
}
