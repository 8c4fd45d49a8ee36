import test from 'ava';
import type { Column__Output } from '../../../proto/gen/tenon/common/v1/index.js';
import { TenonError } from '../../../services/mesh/errors.js';
import type { CallContext } from '../../../services/mesh/rpc/handler.js';
import { resolveOptimization } from '../../../services/training/optimize/resolve.js';

const column = (name: string, type: Column__Output['type'], tensor: Column__Output['tensor'] = null) => {
  return { name, type, nullable: false, categories: [], tensor };
};
const image = { dtype: 'DATA_TYPE_UINT8' as const, shape: [10, 10] };
const label = column('kind', 'COLUMN_TYPE_STRING');

/** Resolves an optimization of a forest of images of 10 by 10 on 100 rows with images as given. */
function resolve(tensor: Column__Output['tensor'], maxCells: number) {
  return resolveOptimization(
    {
      modelVersion: 'models/m/versions/1',
      maxLoss: 0,
      metric: '',
      objective: 'OBJECTIVE_SIZE',
      methods: [],
      evaluationDatasetVersion: 'datasets/d/versions/7',
      limits: null,
    },
    {
      getModelVersion: async () => ({
        name: 'models/m/versions/1',
        description: '',
        signature: {
          inputs: { columns: [column('image', 'COLUMN_TYPE_TENSOR', image)] },
          target: label,
          task: 'TASK_CLASSIFICATION',
          classes: ['a', 'b'],
        },
        files: [],
        metrics: [],
        lineage: {
          datasetVersion: '',
          datasetDigest: '',
          job: '',
          estimator: 'estimators/random-forest',
          parametersJson: '{}',
          seed: 0,
          isa: '',
          tenonVersion: '',
          parentVersion: '',
          optimization: '',
        },
        manifestDigest: '',
        createTime: null,
      }),
      getDatasetVersion: async ({ name = '' }) => ({
        name,
        digest: 'ab',
        sizeBytes: 1,
        rowCount: 100,
        schema: { columns: [column('image', 'COLUMN_TYPE_TENSOR', tensor), label] },
        profile: [],
        badRowCount: 0,
        rowIssues: [],
        sourceFormat: 'FILE_FORMAT_CSV',
        sourceDigest: '',
        createTime: null,
      }),
      getJob: async () => null,
      maxCells,
      maxMemory: 2 ** 30,
    },
    {} as CallContext,
  );
}

test('every element of a tensor to measure on counts against the bound of cells', async (t) => {
  // 100 rows of 100 elements and the target.
  const error = await t.throwsAsync(resolve(image, 10_099), { instanceOf: TenonError });
  t.is(error?.reason, 'QUOTA_EXCEEDED');
  t.regex(error?.message ?? '', /101 columns are 10100 cells; training\.max-cells is 10099/);
  await t.notThrowsAsync(resolve(image, 10_100));
});

test('tensors to measure on are of the element type and the shape of the signature', async (t) => {
  for (const [tensor, message] of [
    [{ ...image, shape: [20, 5] }, /"image: DATA_TYPE_UINT8 \[20, 5\]" must be DATA_TYPE_UINT8 \[10, 10\]/],
    [{ ...image, dtype: 'DATA_TYPE_FP32' as const }, /"image: DATA_TYPE_FP32 \[10, 10\]" must be DATA_TYPE_UINT8/],
  ] as const) {
    const error = await t.throwsAsync(resolve({ ...tensor, shape: [...tensor.shape] }, 20_000), {
      instanceOf: TenonError,
    });
    t.is(error?.reason, 'INVALID_FIELD');
    t.deepEqual(
      error?.violations.map(({ field }) => field),
      ['evaluation_dataset_version'],
    );
    t.regex(error?.message ?? '', message);
  }
});
