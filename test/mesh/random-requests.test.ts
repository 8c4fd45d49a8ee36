import test from 'ava';
import fc from 'fast-check';
import { datasetService, packageDefinition } from '../../proto/contracts.js';
import { invalidField, notFound } from '../../services/mesh/errors.js';
import { startMeshService } from '../harness/mesh-service.js';
import { randomMessage, sendRandomRequests, wrongFieldPath } from '../harness/random-requests.js';
import { answerOf, connectRaw, cutRaw, framed, openRaw } from '../harness/raw-grpc.js';

test('random messages of every request type are serialized', (t) => {
  for (const [name, definition] of Object.entries(packageDefinition)) {
    if (!name.endsWith('Request') || !('serialize' in definition)) continue;
    const serialize = definition.serialize as unknown as (message: object) => Buffer;
    for (const message of fc.sample(randomMessage(name), { numRuns: 20, seed: 1 })) {
      t.true(Buffer.isBuffer(serialize(message)), name);
    }
  }
});

test('field paths are held against the descriptor', (t) => {
  const create = 'tenon.data.v1.CreateRecipeRequest';
  for (const field of ['recipe', 'request_id', 'recipe.steps[2].one_hot', 'recipe.steps[0].columns[1]']) {
    t.is(wrongFieldPath(create, field), null, field);
  }
  for (const field of ['', 'requestId', 'recipe.nothing', 'request_id[0]', 'request_id.more', 'steps']) {
    t.is(typeof wrongFieldPath(create, field), 'string', field);
  }
  t.is(wrongFieldPath('tenon.serving.v1.PredictRequest', 'records[0].bill_length'), null);
  t.is(wrongFieldPath('tenon.serving.v1.PredictRequest', 'rows[0].values["a]b.\\"c"]'), null);
});

test('1,000 random requests over the wire end with a documented status and fields that exist', async (t) => {
  const service = await startMeshService({
    handlers: {
      getDataset: ({ name }) => {
        if (!/^datasets\/[a-z]+$/.test(name)) throw invalidField('name', name, 'must match datasets/{dataset}');
        throw notFound(name);
      },
      listDatasets: ({ pageSize }) => {
        if (pageSize < 0) throw invalidField('page_size', pageSize, 'must be >= 0');
        return {};
      },
      updateDataset: ({ dataset }) => {
        if (dataset === null) throw invalidField('dataset', null, 'must be set');
        throw invalidField('dataset.display_name', dataset.displayName, 'is never right here');
      },
      splitDatasetVersion: ({ split }) => {
        throw invalidField('split', split, 'is never right here');
      },
      previewDatasetVersion: () => {
        throw invalidField('rowCount', 1, 'is spelled wrongly');
      },
    },
  });
  const session = await connectRaw(service.address);
  const send = (method: string, requests: Buffer[]) => {
    const stream = openRaw(session, method, { 'grpc-timeout': '60S' });
    const answered = answerOf(stream);
    stream.end(Buffer.concat(requests.map((request) => framed(request))));
    return answered;
  };
  const paths = ['GetDataset', 'ListDatasets', 'UpdateDataset', 'SplitDatasetVersion'].map(
    (name) => datasetService[name]?.path ?? '',
  );
  const { outcomes, findings } = await sendRandomRequests({ methods: paths, send, runs: 250, seed: 7 });
  t.is(outcomes.length, 1_000);
  t.deepEqual(findings, []);
  t.true(outcomes.some(({ code }) => code === 3));
  // A field that the contract does not have is found out.
  const wrong = await sendRandomRequests({
    methods: ['/tenon.data.v1.DatasetService/PreviewDatasetVersion'],
    send,
    runs: 3,
    seed: 7,
  });
  t.is(wrong.findings.length, 3);
  cutRaw(session);
  await service.stop();
});
