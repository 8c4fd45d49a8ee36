import test from 'ava';
import { messageFromJson } from '../../../cli/parse/proto-json.js';
import { choiceOf } from '../../../cli/parse/search.js';
import { validationOf } from '../../../cli/parse/validation.js';
import { UsageError } from '../../../cli/usage-error.js';

const spec = (json: unknown) => messageFromJson(json, 'tenon.training.v1.JobSpec', 'job.json');

test('a spec is read from JSON in snake or camel case, with plain values, durations and enums', (t) => {
  t.deepEqual(
    spec({
      dataset_version: 'datasets/d/versions/1',
      testFraction: 0.1,
      seed: '7',
      task: 'TASK_REGRESSION',
      estimator: {
        estimator: 'estimators/x',
        parameters: { max_depth: 3, tol: 0.5, kind: { string_value: 'a' }, on: true },
      },
      steps: [{ columns: ['a'], fill_missing: { strategy: 'STRATEGY_CONSTANT', constant: null } }, { one_hot: {} }],
      validation: { group_k_fold: { column: 'g' } },
      limits: { schedule_to_close_timeout: '1.5s', max_threads: 2 },
    }),
    {
      datasetVersion: 'datasets/d/versions/1',
      testFraction: 0.1,
      seed: 7,
      task: 'TASK_REGRESSION',
      estimator: {
        estimator: 'estimators/x',
        parameters: {
          max_depth: { integerValue: 3 },
          tol: { doubleValue: 0.5 },
          kind: { stringValue: 'a' },
          on: { boolValue: true },
        },
      },
      steps: [
        { columns: ['a'], fillMissing: { strategy: 'STRATEGY_CONSTANT', constant: { nullValue: 'NULL_VALUE' } } },
        { oneHot: {} },
      ],
      validation: { groupKFold: { column: 'g' } },
      limits: { scheduleToCloseTimeout: { seconds: 1, nanos: 500_000_000 }, maxThreads: 2 },
    },
  );
});

test('JSON that is no spec is refused at its field', (t) => {
  for (const [json, message] of [
    [[], /job\.json: the document is \[\]; it must be an object/],
    [{ targt: 'x' }, /targt is no field; did you mean target\?/],
    [{ estimator: { parameters: [] } }, /estimator\.parameters is \[\]; it must be an object/],
    [{ features: 'a' }, /features is "a"; it must be an array/],
    [{ features: [1] }, /features\[0\] is 1; it must be text/],
    [{ seed: 1.5 }, /seed is 1\.5; it must be a whole number/],
    [{ test_fraction: 'half' }, /it must be a number/],
    [{ task: 'TASK_GUESS' }, /it must be one of TASK_UNSPECIFIED, TASK_CLASSIFICATION/],
    [{ steps: [{ fill_missing: { strategy: 'BEST' } }] }, /steps\[0\]\.fill_missing\.strategy is "BEST"/],
    [{ limits: { schedule_to_close_timeout: '1h' } }, /a duration like "90s"/],
    [{ search: { random: { samples: true } } }, /search\.random\.samples is true/],
    [JSON.parse('{"__proto__": 1}'), /__proto__ is no field/],
  ] as const) {
    t.throws(() => spec(json), { instanceOf: UsageError, message });
  }
});

test('kinds of validation are written in a word', (t) => {
  const of = (validation: string, folds?: number, stratified = false) =>
    validationOf({ validation, stratified, ...(folds === undefined ? {} : { folds }) });
  t.deepEqual(of('none'), { none: {} });
  t.deepEqual(of('k-fold', 3), { kFold: { folds: 3 } });
  t.deepEqual(of('stratified'), { stratifiedKFold: { folds: 0 } });
  t.deepEqual(of('repeated:4', 3, true), { repeatedKFold: { folds: 3, repeats: 4, stratified: true } });
  t.deepEqual(of('group:pen:2', 4), { groupKFold: { folds: 4, column: 'pen:2', stratified: false } });
  t.deepEqual(of('leave-one-out'), { leaveOneOut: {} });
  t.deepEqual(of('holdout:0.3'), { holdout: { fraction: 0.3 } });
  t.deepEqual(of('forward:day'), { forwardChaining: { folds: 0, column: 'day' } });
  t.is(validationOf({ stratified: false }), null);
});

test('a search is written as what varies', (t) => {
  const estimator = { estimator: 'estimators/x', parameters: {} };
  const vary = ['max_depth=4,8', 'C=0.01..100:log', 'alpha=0..1', 'kind=a,true'];
  const { candidates, search } = choiceOf({ search: 'random', vary, candidates: 9, budgetSeconds: 5 }, estimator, {
    estimatorGiven: true,
  });
  t.deepEqual(search, { random: { samples: 9 }, budget: { maxSeconds: 5 } });
  t.deepEqual(candidates?.[0]?.space, [
    { parameter: 'max_depth', list: { values: [{ integerValue: 4 }, { integerValue: 8 }] } },
    { parameter: 'C', range: { low: 0.01, high: 100, log: true } },
    { parameter: 'alpha', range: { low: 0, high: 1, log: false } },
    { parameter: 'kind', list: { values: [{ stringValue: 'a' }, { boolValue: true }] } },
  ]);
});
