import test from 'ava';
import type { Column__Output } from '../../../proto/gen/tenon/common/v1/index.js';
import type { ColumnProfile__Output, RecipeStep__Output } from '../../../proto/gen/tenon/data/v1/index.js';
import type { Candidate__Output, JobSpec__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import { TenonError } from '../../../services/mesh/errors.js';
import type { CallContext } from '../../../services/mesh/rpc/handler.js';
import type { EstimatorInfo } from '../../../services/training/estimators.js';
import { estimatorMessages } from '../../../services/training/estimators.js';
import { resolveJob } from '../../../services/training/resolve.js';

const forest: EstimatorInfo = {
  id: 'random-forest',
  displayName: 'Forest',
  description: '',
  tasks: ['classification', 'regression'],
  acceptsMissing: true,
  parameters: [
    { name: 'trees', type: 'integer', help: 'How many.', default: 100, min: 1, max: 1000 },
    { name: 'share', type: 'double', help: 'Which share.', default: 1, min: 0, minExclusive: true, max: 1 },
  ],
};
const logistic: EstimatorInfo = {
  ...forest,
  id: 'logistic-regression',
  tasks: ['classification'],
  acceptsMissing: false,
  parameters: [],
};

const convolutional: EstimatorInfo = {
  ...logistic,
  id: 'convolutional-network',
  tasks: ['classification', 'regression'],
};

function column(name: string, type: Column__Output['type']): Column__Output {
  return { name, type, nullable: true, categories: [], tensor: null };
}
const columns = [
  column('when', 'COLUMN_TYPE_TIMESTAMP'),
  column('size', 'COLUMN_TYPE_DOUBLE'),
  column('colour', 'COLUMN_TYPE_STRING'),
  column('kind', 'COLUMN_TYPE_STRING'),
  column('same', 'COLUMN_TYPE_STRING'),
];

function profileOf({ name }: Column__Output): ColumnProfile__Output {
  return {
    name,
    nullCount: 0,
    distinctCount: name === 'same' ? 1 : 3,
    mean: 0,
    stdDev: 0,
    min: 0,
    max: 0,
    quantiles: [],
    topValues: [],
  };
}

const context = {} as CallContext;

function resolve(
  changes: Partial<JobSpec__Output>,
  recipe: RecipeStep__Output[] = [],
  maxCells = 10_000,
  maxMemory = 2 ** 30,
  table: readonly Column__Output[] = columns,
) {
  const spec: JobSpec__Output = {
    datasetVersion: 'datasets/d/versions/latest',
    target: 'kind',
    features: [],
    task: 'TASK_UNSPECIFIED',
    recipe: '',
    steps: [],
    estimator: { estimator: 'estimators/random-forest', parameters: {} },
    validation: null,
    seed: 0,
    model: 'models/m',
    alias: '',
    candidates: [],
    search: null,
    metric: '',
    limits: null,
    weightColumn: '',
    permutationImportance: null,
    ...changes,
  };
  return resolveJob(
    spec,
    {
      getDatasetVersion: async () => ({
        name: 'datasets/d/versions/7',
        digest: 'ab',
        sizeBytes: 1,
        rowCount: 100,
        schema: { columns: [...table] },
        profile: table.map(profileOf),
        badRowCount: 0,
        rowIssues: [],
        sourceFormat: 'FILE_FORMAT_CSV',
        sourceDigest: '',
        createTime: null,
      }),
      getRecipe: async ({ name = '' }) => ({
        name,
        displayName: '',
        steps: recipe,
        createTime: null,
        updateTime: null,
        etag: '',
      }),
      catalogue: [forest, logistic, convolutional],
      resolveParameters: (_id, given) => ({ trees: 100, share: 1, ...given }),
      maxCells,
      maxMemory,
    },
    context,
  );
}

test('a spec that leaves everything open is written out: version, features without timestamps, task, steps, folds, test share', async (t) => {
  const { spec, datasetDigest } = await resolve({});
  t.is(datasetDigest, 'ab');
  t.is(spec.datasetVersion, 'datasets/d/versions/7');
  t.deepEqual(spec.features, ['size', 'colour', 'same']);
  t.is(spec.task, 'TASK_CLASSIFICATION');
  t.deepEqual(
    spec.steps.map(({ step }) => step),
    ['fillMissing', 'oneHot'],
  );
  t.deepEqual(spec.validation, { method: 'stratifiedKFold', stratifiedKFold: { folds: 5 } });
  t.is(spec.testFraction, 0.2);
  t.deepEqual(spec.estimator?.parameters, {});
});

test('columns that divide or weigh rows are no features unless named', async (t) => {
  const validation = { method: 'groupKFold' as const, groupKFold: { folds: 2, column: 'colour', stratified: false } };
  const { spec } = await resolve({ validation, weightColumn: 'size' });
  t.deepEqual(spec.features, ['same']);
  const named = await resolve({ validation, weightColumn: 'size', features: ['size', 'colour'] });
  t.deepEqual(named.spec.features, ['size', 'colour']);
});

test('a linear estimator also standardizes when no recipe is given', async (t) => {
  const { spec } = await resolve({ estimator: { estimator: 'estimators/logistic-regression', parameters: {} } });
  t.deepEqual(
    spec.steps.map(({ step }) => step),
    ['fillMissing', 'standardize', 'oneHot'],
  );
});

test('the steps of a stored recipe are copied into the job', async (t) => {
  const steps: RecipeStep__Output[] = [
    { columns: [], step: 'oneHot', oneHot: { unknown: 'UNKNOWN_CATEGORY_ERROR', maxCategories: 0 } },
  ];
  const { spec } = await resolve({ recipe: 'recipes/r' }, steps);
  t.deepEqual(spec.steps, steps);
  t.is(spec.recipe, 'recipes/r');
});

const oneHot: RecipeStep__Output = {
  columns: [],
  step: 'oneHot',
  oneHot: { unknown: 'UNKNOWN_CATEGORY_ERROR', maxCategories: 0 },
};
const refused: [string, Partial<JobSpec__Output>, TenonError['reason'], string, string][] = [
  ['an unknown target', { target: 'kinds' }, 'UNKNOWN_COLUMN', 'job.spec.target', '"kinds"'],
  ['an unknown feature', { features: ['size', 'x'] }, 'UNKNOWN_COLUMN', 'job.spec.features[1]', '"x"'],
  ['a timestamp feature', { features: ['when'] }, 'INVALID_FIELD', 'job.spec.features[0]', 'timestamp'],
  ['a timestamp target', { target: 'when' }, 'WRONG_TYPE', 'job.spec.target', 'COLUMN_TYPE_TIMESTAMP'],
  ['a target of one class', { target: 'same' }, 'INVALID_FIELD', 'job.spec.target', '1 distinct values'],
  [
    'a step on a column that is no feature',
    { steps: [{ ...oneHot, columns: ['kind'] }] },
    'UNKNOWN_COLUMN',
    'job.spec.steps[0].columns[0]',
    '"kind"',
  ],
  [
    'a step that cannot take its column',
    { steps: [{ columns: ['colour'], step: 'standardize', standardize: {} }, oneHot] },
    'INVALID_FIELD',
    'job.spec.steps[0].columns[0]',
    'colour',
  ],
  [
    'text that no step encodes',
    { steps: [{ columns: ['size'], step: 'standardize', standardize: {} }] },
    'INVALID_FIELD',
    'job.spec.features[1]',
    'must be encoded',
  ],
  [
    'an unknown estimator',
    { estimator: { estimator: 'estimators/magic', parameters: {} } },
    'INVALID_FIELD',
    'job.spec.estimator.estimator',
    'estimators/random-forest',
  ],
  [
    'an estimator that cannot do the task',
    { target: 'size', estimator: { estimator: 'estimators/logistic-regression', parameters: {} } },
    'INVALID_FIELD',
    'job.spec.estimator.estimator',
    'TASK_REGRESSION',
  ],
  [
    'a parameter without a value',
    { estimator: { estimator: 'estimators/random-forest', parameters: { trees: { kind: 'nullValue' } } } },
    'INVALID_FIELD',
    'job.spec.estimator.parameters["trees"]',
    'must be',
  ],
  [
    'stratified folds for regression',
    { target: 'size', validation: { method: 'stratifiedKFold', stratifiedKFold: { folds: 3 } } },
    'INVALID_FIELD',
    'job.spec.validation.stratified_k_fold',
    'classification',
  ],
  [
    'an unknown group column',
    { validation: { method: 'groupKFold', groupKFold: { folds: 2, column: 'herd', stratified: false } } },
    'UNKNOWN_COLUMN',
    'job.spec.validation.group_k_fold.column',
    '"herd"',
  ],
  [
    'text as a time',
    {
      validation: {
        method: 'forwardChaining',
        forwardChaining: { folds: 2, column: 'colour', gap: 0, testRows: 0, trainRows: 0 },
      },
    },
    'INVALID_FIELD',
    'job.spec.validation.forward_chaining.column',
    'timestamp, integer or double',
  ],
  ['text as a weight', { weightColumn: 'colour' }, 'INVALID_FIELD', 'job.spec.weight_column', 'integer or double'],
  ['a metric for two classes only', { metric: 'f1' }, 'INVALID_FIELD', 'job.spec.metric', 'f1_macro'],
  [
    'more folds than rows to train on',
    { validation: { method: 'kFold', kFold: { folds: 90 } } },
    'INVALID_FIELD',
    'job.spec.validation.k_fold.folds',
    '80 rows',
  ],
];
for (const [what, changes, reason, field, seen] of refused) {
  test(`${what} is refused when the job is created, naming ${field}`, async (t) => {
    const error = await t.throwsAsync(resolve(changes), { instanceOf: TenonError });
    t.is(error?.reason, reason);
    t.is(error?.violations[0]?.field, field);
    t.true(error?.message.includes(seen), error?.message);
  });
}

const candidate = (
  space: Candidate__Output['space'],
  estimator: Candidate__Output['estimator'] = { estimator: 'estimators/random-forest', parameters: {} },
): Partial<JobSpec__Output> => ({ estimator: null, candidates: [{ estimator, steps: [], space }] });
const list = (parameter: string, ...values: number[]): Candidate__Output['space'][number] => ({
  parameter,
  values: 'list',
  list: { values: values.map((doubleValue) => ({ kind: 'doubleValue', doubleValue })) },
});
const random = { strategy: 'random' as const, random: { samples: 3 }, budget: null };
const spaces: [string, Partial<JobSpec__Output>, string, RegExp][] = [
  ['an unknown parameter', candidate([list('tree', 1)]), 'job.spec.candidates[0].space[0].parameter', /trees, share/],
  [
    'a parameter varied twice',
    candidate([list('share', 1), list('share', 1)]),
    'job.spec.candidates[0].space[1].parameter',
    /twice/,
  ],
  [
    'a parameter both fixed and varied',
    candidate([list('share', 1)], {
      estimator: 'estimators/random-forest',
      parameters: { share: { kind: 'doubleValue', doubleValue: 1 } },
    }),
    'job.spec.candidates[0].space[0].parameter',
    /fixed/,
  ],
  [
    'a dimension without values',
    candidate([{ parameter: 'share' }]),
    'job.spec.candidates[0].space[0]',
    /list or a range/,
  ],
  ['an empty list', candidate([list('share')]), 'job.spec.candidates[0].space[0].list.values', /0 values must be 1 to/],
  [
    'a range in a grid',
    candidate([{ parameter: 'share', values: 'range', range: { low: 0.1, high: 1, log: false } }]),
    'job.spec.candidates[0].space[0].range',
    /random and halving/,
  ],
  [
    'a range that ends before it begins',
    {
      ...candidate([{ parameter: 'share', values: 'range', range: { low: 1, high: 0.1, log: false } }]),
      search: random,
    },
    'job.spec.candidates[0].space[0].range.high',
    /0.1 must be >= 1/,
  ],
  [
    'a logarithm of 0',
    { ...candidate([{ parameter: 'share', values: 'range', range: { low: 0, high: 1, log: true } }]), search: random },
    'job.spec.candidates[0].space[0].range.low',
    /above 0/,
  ],
  [
    'a step that is not there',
    candidate([list('steps[7].min_max.upper', 1)]),
    'job.spec.candidates[0].space[0].parameter',
    /one of the 2 steps/,
  ],
  [
    'a step of another kind',
    candidate([list('steps[0].min_max.upper', 1)]),
    'job.spec.candidates[0].space[0].parameter',
    /fillMissing/,
  ],
  [
    'a field that a step does not have',
    candidate([list('steps[1].one_hot.most', 1)]),
    'job.spec.candidates[0].space[0].parameter',
    /unknown, max_categories/,
  ],
  [
    'a value that a step refuses',
    candidate([list('steps[1].one_hot.max_categories', 3, -1)]),
    'job.spec.candidates[0].space',
    /steps\[1\]\.one_hot\.max_categories=-1: .*must be 0 to/,
  ],
  [
    'an unknown estimator among candidates',
    candidate([], { estimator: 'estimators/magic', parameters: {} }),
    'job.spec.candidates[0].estimator.estimator',
    /random-forest/,
  ],
  ['a metric of another task', { ...candidate([]), metric: 'rmse' }, 'job.spec.metric', /accuracy/],
  [
    'a grid of more combinations than a search may score',
    candidate(['trees', 'share'].map((name) => list(name, ...Array.from({ length: 40 }, (_, index) => index + 1)))),
    'job.spec.candidates',
    /1600 combinations must be <= 1000/,
  ],
];
for (const [what, changes, field, said] of spaces) {
  test(`${what} is refused when the job is created, naming ${field}`, async (t) => {
    const error = await t.throwsAsync(resolve(changes), { instanceOf: TenonError });
    t.is(error?.reason, 'INVALID_FIELD');
    t.is(error?.violations[0]?.field, field);
    t.regex(error?.message ?? '', said);
  });
}

test('every candidate without steps gets those its estimator needs', async (t) => {
  const { spec } = await resolve({
    estimator: null,
    candidates: ['random-forest', 'logistic-regression'].map((id) => ({
      estimator: { estimator: `estimators/${id}`, parameters: {} },
      steps: [],
      space: [],
    })),
  });
  t.deepEqual(
    spec.candidates.map(({ steps }) => steps.map(({ step }) => step)),
    [
      ['fillMissing', 'oneHot'],
      ['fillMissing', 'standardize', 'oneHot'],
    ],
  );
});

test('an automatic search is written out with the estimators that do the task', async (t) => {
  const { spec } = await resolve({
    estimator: null,
    search: { strategy: 'automatic', automatic: { samples: 0 }, budget: null },
  });
  t.deepEqual(
    spec.candidates.map(({ estimator }) => estimator?.estimator),
    ['estimators/random-forest', 'estimators/logistic-regression'],
  );
});

for (const [what, shape, looksAtImages] of [
  ['of 28 x 28', [28, 28], true],
  ['of 16 x 12 in colour', [16, 12, 3], true],
  ['too small to be pooled', [28, 4], false],
  ['of numbers in a row', [784], false],
] as const) {
  test(`an automatic search of arrays ${what} ${looksAtImages ? 'tries' : 'leaves out'} convolutional networks`, async (t) => {
    const arrays = {
      ...column('pixels', 'COLUMN_TYPE_TENSOR'),
      tensor: { dtype: 'DATA_TYPE_UINT8' as const, shape: [...shape] },
    };
    const search = { strategy: 'automatic' as const, automatic: { samples: 0 }, budget: null };
    const table = [arrays, column('kind', 'COLUMN_TYPE_STRING')];
    const { spec } = await resolve({ estimator: null, search }, [], 100_000, 2 ** 30, table);
    const tried = spec.candidates.map(({ estimator }) => estimator?.estimator);
    t.is(tried.includes('estimators/convolutional-network'), looksAtImages, tried.join());
  });
}

test('a table beyond training.max-cells is refused with figure and bound', async (t) => {
  const error = await t.throwsAsync(resolve({}, [], 399), { instanceOf: TenonError });
  t.is(error?.reason, 'QUOTA_EXCEEDED');
  t.regex(error?.message ?? '', /400 cells; training\.max-cells is 399/);
});

test('a job that needs more memory than it may is refused before anything is read, with figure and bound', async (t) => {
  const byService = await t.throwsAsync(resolve({}, [], 10_000, 2 ** 20), { instanceOf: TenonError });
  t.is(byService?.reason, 'QUOTA_EXCEEDED');
  t.regex(byService?.message ?? '', /the job needs about 65MiB of memory; training\.max-memory is 1MiB/);
  const limits = {
    scheduleToStartTimeout: null,
    startToCloseTimeout: null,
    scheduleToCloseTimeout: null,
    heartbeatTimeout: null,
    retry: null,
    maxMemoryBytes: 2 ** 25,
    maxThreads: 0,
  };
  const byItself = await t.throwsAsync(resolve({ limits }), { instanceOf: TenonError });
  t.regex(byItself?.message ?? '', /job\.spec\.limits\.max_memory_bytes is 32MiB/);
  await t.notThrowsAsync(resolve({ limits: { ...limits, maxMemoryBytes: 2 ** 27 } }));
});

const image = { dtype: 'DATA_TYPE_UINT8' as const, shape: [10, 10] };
const images = [
  { ...column('image', 'COLUMN_TYPE_TENSOR'), tensor: image },
  column('size', 'COLUMN_TYPE_DOUBLE'),
  column('kind', 'COLUMN_TYPE_STRING'),
];
const resolveImages = (changes: Partial<JobSpec__Output>, maxCells = 20_000, maxMemory = 2 ** 30) =>
  resolve(changes, [], maxCells, maxMemory, images);

test('a tensor column is a feature, and is standardized for estimators that scales mislead', async (t) => {
  const plain = await resolveImages({});
  t.deepEqual(plain.spec.features, ['image', 'size']);
  t.deepEqual(
    plain.spec.steps.map(({ step, columns: of }) => [step, of]),
    [['fillMissing', ['size']]],
  );
  const scaled = await resolveImages({ estimator: { estimator: 'estimators/logistic-regression', parameters: {} } });
  t.deepEqual(scaled.spec.steps.at(-1), { columns: ['image', 'size'], step: 'standardize', standardize: {} });
});

test('every element of a tensor counts against the bounds of cells and memory', async (t) => {
  // 100 rows of 100 elements, a number and the target.
  const cells = await t.throwsAsync(resolveImages({}, 10_199), { instanceOf: TenonError });
  t.regex(cells?.message ?? '', /102 columns are 10200 cells; training\.max-cells is 10199/);
  await t.notThrowsAsync(resolveImages({}, 10_200));
  const memory = await t.throwsAsync(resolveImages({}, 20_000, 2 ** 26 + 2 ** 16), { instanceOf: TenonError });
  t.regex(memory?.message ?? '', /needs about 65MiB of memory; training\.max-memory is 65600KiB/);
});

test('one_hot without columns widens what it takes, and neither tensors nor numbers', async (t) => {
  const steps = [{ ...oneHot, columns: [] }];
  // 100 rows of 100 elements: those take 9 bytes each as cells, and 9 each as features.
  const bound = 2 ** 26 + 2 ** 16;
  const memory = await t.throwsAsync(resolveImages({ steps }, 20_000, bound), { instanceOf: TenonError });
  const plain = await t.throwsAsync(resolveImages({}, 20_000, bound), { instanceOf: TenonError });
  t.is(memory?.facts.estimated_bytes, plain?.facts.estimated_bytes);
});

test('a tensor is no target, no group, no weight, and takes no step for single values', async (t) => {
  const refusedWith = async (changes: Partial<JobSpec__Output>) => {
    const error = await t.throwsAsync(resolveImages(changes), { instanceOf: TenonError });
    return [error?.reason, error?.violations[0]?.field];
  };
  t.deepEqual(await refusedWith({ target: 'image' }), ['WRONG_TYPE', 'job.spec.target']);
  const groups = { method: 'groupKFold' as const, groupKFold: { folds: 2, column: 'image', stratified: false } };
  const at = 'job.spec.validation.group_k_fold.column';
  t.deepEqual(await refusedWith({ validation: groups }), ['INVALID_FIELD', at]);
  t.deepEqual(await refusedWith({ weightColumn: 'image' }), ['INVALID_FIELD', 'job.spec.weight_column']);
  const steps = [{ ...oneHot, columns: ['image'] }];
  t.deepEqual(await refusedWith({ steps }), ['INVALID_FIELD', 'job.spec.steps[0].columns[0]']);
});

test('estimators are shown ordered by name, with type, bounds and default of every parameter', (t) => {
  const [first, second] = estimatorMessages([forest, logistic]);
  t.is(first?.name, 'estimators/logistic-regression');
  t.deepEqual(second?.parameters?.[1], {
    name: 'share',
    type: 'TYPE_DOUBLE',
    help: 'Which share.',
    defaultValue: { kind: 'doubleValue', doubleValue: 1 },
    min: 0,
    minExclusive: true,
    max: 1,
    choices: [],
    maxItems: 0,
  });
});
