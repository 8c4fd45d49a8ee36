import test from 'ava';
import type { BundleFile } from '../../../native/bundle/bundle.js';
import { readBundle } from '../../../native/bundle/bundle.js';
import { EstimatorError } from '../../../native/estimators/estimator-error.js';
import { readSafetensors } from '../../../native/safetensors.js';
import { type ColumnShape, tableFromRows } from '../../../native/table/from-rows.js';
import type { Matrix } from '../../../native/table/matrix.js';
import type { Cell } from '../../../native/table/table.js';
import type {
  Candidate__Output,
  FoldResult__Output,
  JobProgress__Output,
  JobSpec__Output,
} from '../../../proto/gen/tenon/training/v1/index.js';
import { type Checkpoint, noCheckpoint } from '../../../services/training/checkpoint.js';
import { failureOf } from '../../../services/training/errors.js';
import { emptySpec } from '../../../services/training/job.js';
import type { Fit, FitRequest, FittedModel } from '../../../services/training/model-fit.js';
import { train } from '../../../services/training/pipeline.js';
import { createProgressMeter } from '../../../services/training/progress.js';

const shapes: ColumnShape[] = [
  { name: 'size', type: 'double' },
  { name: 'colour', type: 'string' },
  { name: 'kind', type: 'string' },
  { name: 'batch', type: 'integer' },
  { name: 'when', type: 'integer' },
  { name: 'weight', type: 'double' },
  { name: 'debt', type: 'integer' },
  { name: 'empty', type: 'string' },
];

/** 60 rows whose class follows from the size; one size and two targets are missing. */
const rows: Cell[][] = Array.from({ length: 60 }, (_, row) => [
  row === 7 ? null : row,
  row % 2 === 0 ? 'red' : 'blue',
  row < 2 ? null : row < 30 ? 'small' : 'tall',
  Math.floor(row / 6),
  1_000 - row,
  row % 5 === 0 ? 0 : 2,
  row === 3 ? -1 : 1,
  null,
]);

const fillMissing = { strategy: 'STRATEGY_UNSPECIFIED', constant: null } as const;

function specWith(changes: Partial<JobSpec__Output>): JobSpec__Output {
  return {
    ...emptySpec(),
    datasetVersion: 'datasets/d/versions/1',
    target: 'kind',
    features: ['size', 'colour'],
    task: 'TASK_CLASSIFICATION',
    steps: [
      { columns: ['size'], step: 'fillMissing', fillMissing },
      { columns: ['colour'], step: 'oneHot', oneHot: { unknown: 'UNKNOWN_CATEGORY_IGNORE', maxCategories: 0 } },
    ],
    estimator: { estimator: 'estimators/threshold', parameters: { at: { kind: 'doubleValue', doubleValue: 30 } } },
    validation: { method: 'stratifiedKFold', stratifiedKFold: { folds: 4 } },
    testFraction: 0.2,
    seed: 3,
    model: 'models/m',
    ...changes,
  };
}

/** Says class 1 where the first feature reaches a threshold. */
function thresholdModel(featureCount: number, at: number): FittedModel {
  const predictSync = ({ data, rowCount, columnCount }: Matrix) =>
    Float32Array.from({ length: rowCount * 2 }, (_, index) => {
      const tall = (data[Math.floor(index / 2) * columnCount] ?? 0) >= at ? 0.75 : 0.25;
      return index % 2 === 1 ? tall : 1 - tall;
    });
  return {
    task: 'classification',
    classCount: 2,
    featureCount,
    importances: Float64Array.of(1, 0, 0),
    sizeBytes: 8,
    predictSync,
    predict: async (matrix) => predictSync(matrix),
    toTensors: () => ({
      tensors: [{ name: 'at', dtype: 'F32', shape: [1], data: new Uint8Array(Float32Array.of(at).buffer) }],
      metadata: {},
    }),
    dispose: () => undefined,
  };
}

function trainWith(
  changes: Partial<JobSpec__Output>,
  parts: { fit?: Fit; acceptsMissing?: boolean; maxCells?: number; checkpoint?: Checkpoint } = {},
) {
  const spec = specWith(changes);
  const requests: FitRequest[] = [];
  const files: BundleFile[] = [];
  const folds: FoldResult__Output[] = [];
  const progress: JobProgress__Output[] = [];
  const controller = new AbortController();
  const fit: Fit = async (request) => {
    requests.push(request);
    request.onProgress(1, 1);
    return thresholdModel(request.features.columnCount, Number(request.parameters.at));
  };
  const job = {
    name: 'jobs/j',
    attempt: 1,
    spec,
    optimize: null,
    exchange: null,
    datasetDigest: 'ab',
    traceparent: '',
    checkpointFolder: '',
  };
  const trained = train(job, {
    readTable: async (columns) => {
      const positions = columns.map((name) => shapes.findIndex((shape) => shape.name === name));
      return tableFromRows(
        positions.map((position) => shapes[position] ?? { name: '', type: 'double' as const }),
        rows.map((row) => positions.map((position) => row[position] ?? null)),
      );
    },
    fit: parts.fit ?? fit,
    catalogue: [
      {
        id: 'threshold',
        displayName: 'Threshold',
        description: '',
        tasks: ['classification'],
        acceptsMissing: parts.acceptsMissing ?? false,
        parameters: [
          { name: 'at', type: 'double', help: '', default: 0 },
          { name: 'depth', type: 'integer', help: '', default: 2 },
        ],
      },
    ],
    resolveParameters: (_id, given) => ({ at: 0, depth: 2, ...given }),
    checkpoint: parts.checkpoint ?? noCheckpoint,
    clock: { now: () => 0, cpu: () => 0 },
    upload: async (file) => {
      files.push(file);
      return { path: file.path, artifact: `artifacts/${file.path}`, sizeBytes: file.bytes.length };
    },
    meter: createProgressMeter(
      () => 0,
      (now) => progress.push(now),
    ),
    onFold: (fold) => folds.push(fold),
    maxCells: parts.maxCells ?? 1_000_000,
    isa: 'scalar',
    tenonVersion: '0',
    signal: controller.signal,
  });
  return { trained, requests, files, folds, progress, controller };
}

test('a training measures every fold, fits once more on all training rows and tests on held-out ones', async (t) => {
  const { trained, requests, folds, progress } = trainWith({});
  const { result, publication } = await trained;
  const fitted = requests.map(({ features }) => features.rowCount);
  t.deepEqual(fitted, [...folds.map(({ trainRows }) => trainRows), 46]);
  t.true(fitted.slice(0, 4).every((count) => count === 34 || count === 35));
  t.is(folds.length, 4);
  t.deepEqual(result.folds, folds);
  t.is(result.trainRows, 46);
  t.is(result.testRows, 12);
  t.is(
    folds.reduce((sum, { testRows }) => sum + testRows, 0),
    46,
  );
  t.is(result.testMetrics.find(({ name }) => name === 'accuracy')?.value, 1);
  t.true((result.validationMetrics.find(({ name }) => name === 'accuracy')?.value ?? 0) > 0.97);
  t.deepEqual(publication.metrics, result.testMetrics);
  t.deepEqual(result.features, ['size', 'colour=blue', 'colour=red']);
  t.deepEqual(result.importances, [1, 0, 0]);
  t.deepEqual(
    [...new Set(progress.map(({ stage }) => stage))],
    ['STAGE_READING', 'STAGE_VALIDATING', 'STAGE_FITTING', 'STAGE_TESTING', 'STAGE_REGISTERING'],
  );
});

test('rows without a target are left out and counted in the version', async (t) => {
  const { publication } = await trainWith({}).trained;
  t.is(publication.description, 'Trained by jobs/j on datasets/d/versions/1. Left out 2 rows without a target.');
});

test('the version says what it takes, gives and came from', async (t) => {
  const { publication } = await trainWith({}).trained;
  t.deepEqual(publication.signature.classes, ['small', 'tall']);
  t.deepEqual(
    publication.signature.inputs?.columns.map(({ name, type, nullable }) => [name, type, nullable]),
    [
      ['size', 'COLUMN_TYPE_DOUBLE', true],
      ['colour', 'COLUMN_TYPE_STRING', true],
    ],
  );
  t.deepEqual([...(publication.signature.inputs?.columns[1]?.categories ?? [])].sort(), ['blue', 'red']);
  t.is(publication.lineage.parametersJson, '{"at":30,"depth":2}');
  t.is(publication.lineage.datasetDigest, 'ab');
  t.is(publication.lineage.estimator, 'estimators/threshold');
});

test('the uploaded bundle scores its parity rows as the trainer did', async (t) => {
  const { trained, files } = trainWith({});
  const { publication } = await trained;
  t.deepEqual(
    publication.files.map(({ path }) => path),
    ['weights.safetensors', 'recipe.json', 'signature.json', 'parity.json', 'out_of_fold.safetensors'],
  );
  const model = readBundle(files, () => thresholdModel(3, 30));
  await t.notThrowsAsync(model.verifyParity());
  const parity = JSON.parse(Buffer.from(files.find(({ path }) => path === 'parity.json')?.bytes ?? []).toString());
  t.is(parity.rows.length, 16);
});

test('a column of nulls alone has no features to permute, and matters nothing', async (t) => {
  const changes = {
    features: ['size', 'empty'],
    steps: [
      { columns: ['size'], step: 'fillMissing' as const, fillMissing },
      {
        columns: ['empty'],
        step: 'oneHot' as const,
        oneHot: { unknown: 'UNKNOWN_CATEGORY_IGNORE' as const, maxCategories: 0 },
      },
    ],
    permutationImportance: { repeats: 2 },
  };
  const { result } = await trainWith(changes).trained;
  const [size, empty] = result.columnImportances?.columns ?? [];
  t.is(size?.column, 'size');
  t.true((size?.mean ?? 0) > 0);
  t.deepEqual(empty, { column: 'empty', mean: 0, stdDev: 0 });
});

test('the same seed trains on the same rows, another seed on others', async (t) => {
  const featuresOf = async (seed: number) => {
    const { trained, requests } = trainWith({ seed });
    await trained;
    return requests.map(({ features }) => [...features.data]);
  };
  t.deepEqual(await featuresOf(3), await featuresOf(3));
  t.notDeepEqual(await featuresOf(3), await featuresOf(4));
});

test('without validation and test rows a job fits once and has no metrics', async (t) => {
  const { trained, requests } = trainWith({ validation: { method: 'none', none: {} }, testFraction: 0 });
  const { result, publication } = await trained;
  t.is(requests.length, 1);
  t.is(result.trainRows, 58);
  t.is(result.testRows, 0);
  t.deepEqual(publication.metrics, []);
});

test('more stratified folds than rows of the rarest class name the field and the bound', async (t) => {
  const { trained } = trainWith({ validation: { method: 'stratifiedKFold', stratifiedKFold: { folds: 50 } } });
  const failure = failureOf(await t.throwsAsync(trained), () => 'id');
  t.is(failure.reason, 'INVALID_FIELD');
  t.is(failure.violations[0]?.field, 'job.spec.validation.stratified_k_fold.folds');
  t.regex(failure.message, /50 must be 2 to \d+, the rows of the rarest class/);
});

test('a missing value that the estimator refuses names the column, and nothing is trained on it', async (t) => {
  const { trained, requests } = trainWith({ features: ['size'], steps: [] });
  const failure = failureOf(await t.throwsAsync(trained), () => 'id');
  t.is(failure.reason, 'NOT_FINITE');
  t.regex(failure.message, /"size" is missing in a training row, which estimators\/threshold refuses/);
  t.true(requests.length < 5);
});

test('features beyond training.max-cells are refused', async (t) => {
  const failure = failureOf(await t.throwsAsync(trainWith({}, { maxCells: 20 }).trained), () => 'id');
  t.is(failure.reason, 'QUOTA_EXCEEDED');
  t.regex(failure.message, /training\.max-cells is 20/);
});

test('a cancelled training ends with the reason of its signal and uploads nothing', async (t) => {
  const run = trainWith({});
  run.controller.abort(new Error('stop'));
  t.is((await t.throwsAsync(run.trained))?.message, 'stop');
  t.deepEqual(run.files, []);
});

test('the model of every fold is disposed of, also when measuring fails', async (t) => {
  let open = 0;
  const fit: Fit = async ({ features }) => {
    open++;
    const model = thresholdModel(features.columnCount, 30);
    return {
      ...model,
      predict: () => Promise.reject(new Error('broken')),
      dispose: () => {
        open--;
      },
    };
  };
  const error = await t.throwsAsync(trainWith({}, { fit }).trained);
  t.is(error?.message, 'broken');
  t.is(open, 0);
});

test('predictions for rows left out are kept with the row of the dataset version and the fold', async (t) => {
  const { trained, files } = trainWith({ testFraction: 0 });
  const { result } = await trained;
  t.is(result.outOfFoldArtifact, 'artifacts/out_of_fold.safetensors');
  const { tensors } = readSafetensors(
    files.find(({ path }) => path === 'out_of_fold.safetensors')?.bytes ?? Buffer.of(),
  );
  const [row, fold, prediction] = ['row', 'fold', 'prediction'].map(
    (name) => tensors.find((tensor) => tensor.name === name)?.data,
  );
  const rowsKept = [...new Uint32Array(row?.slice().buffer ?? [])];
  // The first two rows have no target; a size that is missing is filled.
  t.deepEqual(
    rowsKept,
    Array.from({ length: 58 }, (_, index) => index + 2),
  );
  t.deepEqual([...new Set(new Uint32Array(fold?.slice().buffer ?? []))].sort(), [1, 2, 3, 4]);
  const probabilities = new Float32Array(prediction?.slice().buffer ?? []);
  t.is(probabilities.length, 58 * 2);
  t.is(probabilities[rowsKept.indexOf(50) * 2 + 1], 0.75);
  t.is(probabilities[rowsKept.indexOf(10) * 2 + 1], 0.25);
});

const at = (value: number) => ({ kind: 'doubleValue' as const, doubleValue: value });
const threshold = (...values: number[]): Candidate__Output => ({
  estimator: { estimator: 'estimators/threshold', parameters: {} },
  steps: specWith({}).steps,
  space: [{ parameter: 'at', values: 'list', list: { values: values.map(at) } }],
});
const searching = (changes: Partial<JobSpec__Output>): Partial<JobSpec__Output> => ({
  estimator: null,
  steps: [],
  search: { strategy: 'grid', grid: {}, budget: null },
  ...changes,
});

test('a grid scores every value on the same folds and fits the best on all training rows', async (t) => {
  const { trained, requests, folds } = trainWith(searching({ candidates: [threshold(10, 30, 50)] }));
  const { result, publication } = await trained;
  t.is(folds.length, 12);
  t.deepEqual(
    folds.map(({ candidate }) => candidate),
    [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3],
  );
  t.is(requests.at(-1)?.parameters.at, 30);
  t.is(publication.lineage.parametersJson, '{"at":30,"depth":2}');
  t.deepEqual(
    result.leaderboard.map(({ rank, candidate, outcome }) => [rank, candidate, outcome]),
    [
      [1, 2, 'OUTCOME_SCORED'],
      [2, 3, 'OUTCOME_SCORED'],
      [3, 1, 'OUTCOME_SCORED'],
    ].sort((a, b) => Number(a[0]) - Number(b[0])),
  );
  t.deepEqual(
    result.folds,
    folds.filter(({ candidate }) => candidate === 2),
  );
  const [best] = result.leaderboard;
  t.deepEqual(best?.estimator?.parameters, { at: at(30) });
  t.is(best?.sizeBytes, 8);
  t.true((best?.trainRows ?? 0) >= 34);
});

test('candidates with the same recipe share its fit on every fold', async (t) => {
  const { trained, requests } = trainWith(searching({ candidates: [threshold(10, 30)] }));
  await trained;
  t.is(requests[0]?.features, requests[4]?.features);
  t.not(requests[0]?.features, requests[1]?.features);
});

test('a recipe parameter is searched like one of the estimator', async (t) => {
  const [fill, encode] = specWith({}).steps;
  const scale = { columns: ['size'], step: 'minMax' as const, minMax: { lower: 0, upper: 0 } };
  const candidate: Candidate__Output = {
    estimator: { estimator: 'estimators/threshold', parameters: { at: at(1) } },
    steps: [fill, scale, encode].flatMap((step) => step ?? []),
    space: [{ parameter: 'steps[1].min_max.upper', values: 'list', list: { values: [at(1), at(2), at(1.001)] } }],
  };
  const { trained } = trainWith(searching({ candidates: [candidate] }));
  const { result } = await trained;
  t.deepEqual(
    result.leaderboard[0]?.steps.map((step) => step.minMax?.upper),
    [undefined, 2, undefined],
  );
});

test('halving gives the better half more rows and the best all of them', async (t) => {
  const { trained, requests } = trainWith(
    searching({
      candidates: [threshold(30, 1, 2, 3, 58, 59, 60, 57)],
      search: { strategy: 'halving', halving: { samples: 8, factor: 2, minRows: 10 }, budget: null },
    }),
  );
  const { result } = await trained;
  const outcomes = result.leaderboard.map(({ outcome }) => outcome);
  t.is(result.leaderboard[0]?.estimator?.parameters.at?.doubleValue, 30);
  t.is(outcomes.filter((outcome) => outcome === 'OUTCOME_SCORED').length, 4);
  t.is(outcomes.filter((outcome) => outcome === 'OUTCOME_ELIMINATED').length, 4);
  const rows = requests.map(({ features }) => features.rowCount);
  t.true(rows.slice(0, 32).every((count) => count >= 17 && count <= 18));
  t.true(rows.slice(32, 48).every((count) => count >= 34));
});

test('a candidate that fails is told on the leaderboard and the others go on', async (t) => {
  const fit: Fit = async ({ features, parameters }) => {
    if (parameters.at === 30) throw new EstimatorError('INVALID_FIELD', 'target', 0, 'must not diverge');
    return thresholdModel(features.columnCount, Number(parameters.at));
  };
  const { trained } = trainWith(searching({ candidates: [threshold(20, 30, 40)] }), { fit });
  const { result } = await trained;
  const failed = result.leaderboard.at(-1);
  t.is(failed?.outcome, 'OUTCOME_FAILED');
  t.is(failed?.rank, 0);
  t.regex(failed?.error?.message ?? '', /estimators\/threshold \(at=30\): .*must not diverge/);
  t.is(failed?.error?.code, 3);
  t.is(result.leaderboard.length, 3);
});

test('a job whose candidates all fail says what the first one said', async (t) => {
  const fit: Fit = async () => {
    throw new EstimatorError('INVALID_FIELD', 'target', 0, 'must not diverge');
  };
  const { trained } = trainWith(searching({ candidates: [threshold(20, 30)] }), { fit });
  const failure = failureOf(await t.throwsAsync(trained), () => 'id');
  t.is(failure.violations[0]?.field, 'job.spec.candidates');
  t.regex(failure.message, /every candidate failed; the first: estimators\/threshold \(at=20\)/);
});

test('a search stops at its budget, with the best so far and the rest skipped', async (t) => {
  const budget = { maxCandidates: 2, maxSeconds: 0, maxCpuSeconds: 0 };
  const search = { strategy: 'grid' as const, grid: {}, budget };
  const { trained } = trainWith(searching({ candidates: [threshold(10, 20, 30)], search }));
  const { result } = await trained;
  t.is(result.leaderboard[0]?.estimator?.parameters.at?.doubleValue, 20);
  t.is(result.leaderboard[2]?.outcome, 'OUTCOME_SKIPPED');
});

const foldRows = async (changes: Partial<JobSpec__Output>) => {
  const { trained, files, folds } = trainWith({ testFraction: 0, ...changes });
  const { result } = await trained;
  const { tensors } = readSafetensors(
    files.find(({ path }) => path === 'out_of_fold.safetensors')?.bytes ?? Buffer.of(),
  );
  const [row = [], fold = []] = ['row', 'fold'].map((name) => {
    const data = tensors.find((tensor) => tensor.name === name)?.data ?? new Uint8Array();
    return [...new Uint32Array(Uint8Array.from(data).buffer)];
  });
  return { result, folds, foldOf: new Map(row.map((each, index) => [each, fold[index]])) };
};

test('group folds keep the rows of a group together, in the held-out part too', async (t) => {
  const groupKFold = { folds: 3, column: 'batch', stratified: false };
  const { foldOf } = await foldRows({ validation: { method: 'groupKFold', groupKFold } });
  for (let row = 2; row < 60; row++) t.is(foldOf.get(row), foldOf.get(row - (row % 6) + (row < 6 ? 2 : 0)));
  t.is(new Set(foldOf.values()).size, 3);
});

test('forward chaining tests each row after those before it, by the column of the time', async (t) => {
  const forwardChaining = { folds: 4, column: 'when', gap: 0, testRows: 10, trainRows: 0 };
  const { foldOf, result } = await foldRows({ validation: { method: 'forwardChaining', forwardChaining } });
  t.is(foldOf.size, 40);
  // Time runs against the row number.
  t.deepEqual([foldOf.get(41), foldOf.get(2)], [1, 4]);
  t.deepEqual(
    result.folds.map(({ trainRows }) => trainRows),
    [18, 28, 38, 48],
  );
});

test('leaving one out tests every row by itself', async (t) => {
  const few = await foldRows({ validation: { method: 'leaveOneOut', leaveOneOut: {} } });
  t.is(few.result.folds.length, 58);
  t.true(few.result.validationMetrics.some(({ name, value }) => name === 'accuracy' && value > 0.95));
});

test('repeated folds divide the rows anew each time', async (t) => {
  const repeatedKFold = { folds: 2, repeats: 3, stratified: true };
  const { folds } = await foldRows({ validation: { method: 'repeatedKFold', repeatedKFold } });
  t.is(folds.length, 6);
});

test('a holdout is one part of the training rows', async (t) => {
  const { folds } = await foldRows({ validation: { method: 'holdout', holdout: { fraction: 0.25 } } });
  t.deepEqual(
    folds.map(({ trainRows, testRows }) => [trainRows, testRows]),
    [[43, 15]],
  );
});

test('weights reach the fit and the metrics', async (t) => {
  const { trained, requests } = trainWith({ weightColumn: 'weight', features: ['size', 'colour'] });
  const { result } = await trained;
  t.true(requests[0]?.weights?.every((weight) => weight === 0 || weight === 2));
  t.true(requests[0]?.weights?.includes(2));
  t.is(result.testMetrics.find(({ name }) => name === 'accuracy')?.value, 1);
});

for (const [what, changes, field, said] of [
  [
    'more groups than there are',
    { validation: { method: 'groupKFold', groupKFold: { folds: 50, column: 'batch', stratified: false } } },
    'job.spec.validation.group_k_fold.folds',
    /50 must be 2 to/,
  ],
  [
    'a time that is missing',
    {
      validation: {
        method: 'forwardChaining',
        forwardChaining: { folds: 2, column: 'size', gap: 0, testRows: 0, trainRows: 0 },
      },
    },
    'job.spec.validation.forward_chaining.column',
    /row 7 has none/,
  ],
  [
    'a gap that leaves nothing to train on',
    {
      validation: {
        method: 'forwardChaining',
        forwardChaining: { folds: 2, column: 'when', gap: 55, testRows: 0, trainRows: 0 },
      },
    },
    'job.spec.validation.forward_chaining.gap',
    /55 must be a whole number from 0 to/,
  ],
  ['a weight below 0', { weightColumn: 'debt' }, 'job.spec.weight_column', /-1 must be >= 0 in every row; row 3/],
] as const) {
  test(`${what} fails the job naming ${field}`, async (t) => {
    const { trained } = trainWith(changes as Partial<JobSpec__Output>);
    const failure = failureOf(await t.throwsAsync(trained), () => 'id');
    t.is(failure.violations[0]?.field, field);
    t.regex(failure.message, said);
  });
}
