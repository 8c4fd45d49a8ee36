import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { pasteLines } from '../../examples/quickstart/paste-lines.js';
import { packageRoot } from '../../proto/root.js';
import { requireTool } from '../harness/required.js';
import { type RunningMesh, startMeshWithPenguins } from '../harness/running-mesh.js';

const run = promisify(execFile);
const inCache = (...path: string[]) => join(packageRoot, '.cache', ...path);

let mesh: RunningMesh;

test.before(async () => {
  mesh = await startMeshWithPenguins();
});

test.after.always(async () => {
  await mesh?.stop();
});

test('a raw table with gaps and text becomes a served model that is right on 95 % of held-out rows', (t) => {
  t.true(mesh.accuracy >= 0.95, `accuracy ${mesh.accuracy}`);
  t.true(mesh.lines.some((line) => line.includes('alias production')));
});

const grpcurl = requireTool('grpcurl', inCache('bin', 'grpcurl'), 'scripts/install-grpcurl.sh');

grpcurl.test('grpcurl lists the services and describes Predict with reflection alone', async (t) => {
  const address = mesh.supervised.addresses.serving;
  const list = await run(grpcurl.path, ['-plaintext', address, 'list']);
  t.true(list.stdout.includes('tenon.serving.v1.PredictionService'));
  t.true(list.stdout.includes('grpc.health.v1.Health'));
  const method = await run(grpcurl.path, [
    '-plaintext',
    address,
    'describe',
    'tenon.serving.v1.PredictionService.Predict',
  ]);
  t.regex(method.stdout, /rpc Predict \( \.tenon\.serving\.v1\.PredictRequest \)/);
});

grpcurl.test('the grpcurl line that the quickstart prints answers a row typed as JSON', async (t) => {
  const line =
    /grpcurl [\s\S]*?PredictionService\/Predict/.exec(pasteLines(mesh.supervised.addresses.serving))?.[0] ?? '';
  const { stdout } = await run('bash', ['-c', line.replace('grpcurl', grpcurl.path)]);
  const reply = JSON.parse(stdout) as { predictions: { value: { stringValue: string } }[]; modelVersion: string };
  t.is(reply.predictions[0]?.value.stringValue, 'Gentoo');
  t.is(reply.modelVersion, 'models/penguins/versions/1');
});

grpcurl.test('grpcurl shows the field, the value and the bound of a wrong row', async (t) => {
  const record = '{"deployment":"deployments/penguins","records":[{"island":"Biscoe","wingspan":3}]}';
  const args = ['-plaintext', '-max-time', '5', '-d', record, mesh.supervised.addresses.serving];
  const error = await t.throwsAsync(run(grpcurl.path, [...args, 'tenon.serving.v1.PredictionService/Predict']));
  t.regex(String(error), /InvalidArgument/);
  t.regex(String(error), /wingspan/);
});

const python = requireTool(
  'a Python client',
  inCache('python-client', 'bin', 'python'),
  'scripts/install-python-client.sh',
);

python.test('a Python client generated from the contracts predicts the same', async (t) => {
  const script = join(packageRoot, 'examples', 'python', 'predict.py');
  const { stdout } = await run(python.path, [script, mesh.supervised.addresses.serving], {
    env: { ...process.env, PYTHONPATH: inCache('python-client', 'client') },
  });
  t.regex(stdout, /^Gentoo \(.*\) by models\/penguins\/versions\/1$/m);
});
