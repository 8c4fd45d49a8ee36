import test from 'ava';
import type { BundleFile } from '../../../native/bundle/bundle.js';
import { readBundle } from '../../../native/bundle/bundle.js';
import { tableFromRows } from '../../../native/table/from-rows.js';
import type { Matrix } from '../../../native/table/matrix.js';
import type { Cell, ColumnType } from '../../../native/table/table.js';
import type {
  FoldResult__Output,
  JobProgress__Output,
  JobSpec__Output,
} from '../../../proto/gen/tenon/training/v1/index.js';
import { failureOf } from '../../../services/training/errors.js';
import type { Fit, FitRequest, FittedModel } from '../../../services/training/model-fit.js';
import { train } from '../../../services/training/pipeline.js';
import { createProgressMeter } from '../../../services/training/progress.js';
import { foldsOf } from '../../../services/training/validate.js';

const shapes: { name: string; type: ColumnType }[] = [
  { name: 'size', type: 'double' },
  { name: 'colour', type: 'string' },
  { name: 'kind', type: 'string' },
];

/** 60 rows whose class follows from the size; one size and two targets are missing. */
const rows: Cell[][] = Array.from({ length: 60 }, (_, row) => [
  row === 7 ? null : row,
  row % 2 === 0 ? 'red' : 'blue',
  row < 2 ? null : row < 30 ? 'small' : 'tall',
]);

function specWith(changes: Partial<JobSpec__Output>): JobSpec__Output {
  return {
    datasetVersion: 'datasets/d/versions/1',
    target: 'kind',
    features: ['size', 'colour'],
    task: 'TASK_CLASSIFICATION',
    recipe: '',
    steps: [
      { columns: ['size'], step: 'fillMissing', fillMissing: { strategy: 'STRATEGY_UNSPECIFIED', constant: null } },
      { columns: ['colour'], step: 'oneHot', oneHot: { unknown: 'UNKNOWN_CATEGORY_IGNORE', maxCategories: 0 } },
    ],
    estimator: { estimator: 'estimators/threshold', parameters: { at: { kind: 'doubleValue', doubleValue: 30 } } },
    validation: { method: 'stratifiedKFold', stratifiedKFold: { folds: 4 } },
    testFraction: 0.2,
    _testFraction: 'testFraction',
    seed: 3,
    model: 'models/m',
    alias: '',
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
  parts: { fit?: Fit; acceptsMissing?: boolean; maxCells?: number } = {},
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
  const job = { name: 'jobs/j', attempt: 1, spec, datasetDigest: 'ab', traceparent: '' };
  const trained = train(job, {
    readTable: async (columns) => {
      const positions = columns.map((name) => shapes.findIndex((shape) => shape.name === name));
      return tableFromRows(
        positions.map((position) => shapes[position] ?? { name: '', type: 'double' as const }),
        rows.map((row) => positions.map((position) => row[position] ?? null)),
      );
    },
    fit: parts.fit ?? fit,
    allParameters: { at: 30, depth: 2 },
    acceptsMissing: parts.acceptsMissing ?? false,
    upload: async (file) => {
      files.push(file);
      return { path: file.path, artifact: `artifacts/${file.path}`, sizeBytes: file.bytes.length };
    },
    meter: createProgressMeter(
      foldsOf(spec).folds,
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
    ['weights.safetensors', 'recipe.json', 'signature.json', 'parity.json'],
  );
  const model = readBundle(files, () => thresholdModel(3, 30));
  t.notThrows(() => model.verifyParity());
  const parity = JSON.parse(Buffer.from(files.find(({ path }) => path === 'parity.json')?.bytes ?? []).toString());
  t.is(parity.rows.length, 16);
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
