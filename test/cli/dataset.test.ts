import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { superviseMesh } from '../../cli/supervisor/index.js';
import { penguinsCsv } from '../../examples/quickstart/penguins.js';
import { idxFile } from '../harness/array-files.js';
import { addressesAsEnvironment, documentOf, errorOf, type RunOptions, tenon } from './tenon.js';

let folder: string;
let mesh: Awaited<ReturnType<typeof superviseMesh>>;
let env: Record<string, string>;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenon-cli-dataset-'));
  mesh = await superviseMesh({ dataDir: join(folder, 'state'), env: { TENON_LOG_LEVEL: 'warn' } });
  env = addressesAsEnvironment(mesh.addresses);
  await writeFile(join(folder, 'birds.csv'), penguinsCsv());
});

test.after.always(async () => {
  await mesh?.stop();
  await rm(folder, { recursive: true, force: true });
});

const run = (args: string[], options: RunOptions = {}) => tenon(args, { cwd: folder, env, ...options });

interface Version {
  name: string;
  rowCount: number;
  badRowCount: number;
  rowIssues: { line: number; column: string; message: string }[];
  createTime: string;
  profile: { name: string; nullCount: number; mean: number }[];
}

test.serial('before the first upload list says what to do, and is an empty list in JSON', async (t) => {
  t.like(await run(['dataset', 'list']), { code: 0, stdout: 'no datasets yet; tenon dataset upload makes one\n' });
  t.deepEqual(documentOf(t, await run(['dataset', 'list', '--json'])), []);
});

test.serial('upload prints the version and a profile whose columns line up', async (t) => {
  const { code, stdout, stderr } = await run(['dataset', 'upload', 'birds.csv', '--name', 'penguins']);
  t.is(code, 0, stderr);
  t.regex(stdout, /^name {11}datasets\/penguins\/versions\/1$/m);
  t.regex(stdout, /^rows {11}344$/m);
  t.regex(stdout, /^size {11}[\d.]+ KiB as Parquet$/m);
  t.regex(stdout, /^created {8}\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/m);
  const table = stdout.split('\n\n')[1]?.trim().split('\n') ?? [];
  t.regex(table[0] ?? '', /^column +type +missing +distinct +mean +min +max +most frequent$/);
  t.regex(table.find((line) => line.startsWith('bill_length_mm')) ?? '', /double +2 +164 +43\.9219 +32\.1 +59\.6 +-$/);
  const rightEdge = table[0]?.indexOf('mean') ?? 0;
  for (const line of table) t.regex(line.charAt(rightEdge + 3), /\S/, line);
});

test.serial(
  'upload, show and list print one JSON document each, with numbers as numbers and times as text',
  async (t) => {
    const version = documentOf<Version>(t, await run(['dataset', 'upload', 'birds.csv', '--name', 'birds', '--json']));
    t.like(version, { name: 'datasets/birds/versions/1', rowCount: 344, badRowCount: 0 });
    t.regex(version.createTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    t.like(version.profile[2], { name: 'bill_length_mm', nullCount: 2 });

    type Shown = { version: Version; rows: { values: Record<string, object> }[] };
    const shown = documentOf<Shown>(t, await run(['--json', 'dataset', 'show', 'birds', '--rows', '2']));
    t.is(shown.version.name, version.name);
    t.is(shown.rows.length, 2);
    t.deepEqual(shown.rows[0]?.values.species, { stringValue: 'Adelie' });
    t.deepEqual(shown.rows[0]?.values.body_mass_g, { integerValue: 3750 });

    const list = documentOf<{ name: string; versionCount: number }[]>(t, await run(['dataset', 'list', '--json']));
    t.like(
      list.find(({ name }) => name === 'datasets/birds'),
      { versionCount: 1 },
    );
  },
);

test.serial('show prints the first rows of the newest or a named version, a dash for what is missing', async (t) => {
  const [newest, named] = await Promise.all([
    run(['dataset', 'show', 'penguins', '--rows', '4']),
    run(['dataset', 'show', 'datasets/penguins/versions/1', '--rows', '0']),
  ]);
  t.is(newest.code, 0, newest.stderr);
  t.regex(newest.stdout, /^Adelie +Torgersen +39\.1 +18\.7 +181 +3750 +MALE$/m);
  t.regex(newest.stdout, /^Adelie +Torgersen +- +- +- +- +-$/m);
  t.is(named.code, 0, named.stderr);
  t.regex(named.stdout, /^name +datasets\/penguins\/versions\/1$/m);
});

test.serial('list shows each dataset in a row', async (t) => {
  const { code, stdout } = await run(['dataset', 'list']);
  t.is(code, 0);
  t.regex(stdout, /^dataset +versions +updated +description\n/);
  t.regex(stdout, /^datasets\/penguins +1 +\d{4}-.*Z +-$/m);
});

test.serial('a table from stdin is uploaded as from a file', async (t) => {
  const input = 'a,b\n1,x\n2,NA\n';
  const outcome = await run(['dataset', 'upload', '-', '--name', 'piped', '--null-text', 'NA', '--json'], { input });
  const version = documentOf<Version>(t, outcome);
  t.is(version.rowCount, 2);
  t.is(version.profile[1]?.nullCount, 1);
});

test.serial(
  'a ragged row refuses the file, naming its line, or is left out and listed with --bad-rows skip',
  async (t) => {
    const input = 'a,b\n1,2\n3\n4,5\n';
    const upload = (...flags: string[]) => run(['dataset', 'upload', '-', '--name', 'ragged', ...flags], { input });
    const refused = await upload();
    t.is(refused.code, 1);
    t.regex(refused.stderr, /line 3/);
    t.regex(refused.stderr, /INVALID_ARGUMENT, UNPARSABLE_FILE/);
    const skipped = await upload('--bad-rows', 'skip');
    t.is(skipped.code, 0, skipped.stderr);
    t.regex(skipped.stdout, /^rows left out +1$/m);
    t.regex(skipped.stdout, /^rows left out:\n {2}line 3, /m);
  },
);

test.serial('a file that does not exist, a folder and a wrong policy are wrong command lines', async (t) => {
  const [missing, directory, policy, nameless] = await Promise.all([
    run(['dataset', 'upload', 'nope.csv', '--name', 'x']),
    run(['dataset', 'upload', 'state', '--name', 'x', '--json']),
    run(['dataset', 'upload', 'birds.csv', '--name', 'x', '--bad-rows', 'ignore']),
    run(['dataset', 'upload', 'birds.csv']),
  ]);
  t.like(missing, { code: 2, stderr: 'error: nope.csv cannot be read: there is no such file\n' });
  t.is(directory.code, 2);
  t.deepEqual(errorOf(t, directory), { code: 'USAGE', message: 'state cannot be read: it is a folder' });
  t.is(policy.code, 2);
  t.regex(policy.stderr, /Allowed choices are reject, skip/);
  t.is(nameless.code, 2);
  t.regex(nameless.stderr, /'--name <dataset>' not specified/);
});

test.serial('array files become the columns of one version, whose shape is shown', async (t) => {
  await writeFile(join(folder, 'images.idx.gz'), gzipSync(idxFile([3, 2, 2], new Uint8Array(12).fill(7))));
  await writeFile(join(folder, 'labels.idx'), idxFile([3], [0, 1, 0]));
  const arrays = ['--array', 'image=images.idx.gz', '--array', 'label=labels.idx'];
  const { code, stdout, stderr } = await run(['dataset', 'upload', ...arrays, 'tiny']);
  t.is(code, 0, stderr);
  t.regex(stdout, /^name +datasets\/tiny\/versions\/1$/m);
  t.regex(stdout, /^image +uint8 \[2, 2\] +0 +1 +7 +7 +7 +-$/m);
  t.regex(stdout, /^label +integer +0 +2 /m);
  const shown = await run(['dataset', 'show', 'tiny']);
  t.regex(shown.stdout, /^uint8 \[2, 2\] +0$/m);
  const [both, nameless, missing, idle] = await Promise.all([
    run(['dataset', 'upload', 'birds.csv', ...arrays, '--name', 'x']),
    run(['dataset', 'upload', ...arrays]),
    run(['dataset', 'upload', '--array', 'image=nope.gz', '--name', 'x']),
    run(['dataset', 'upload', ...arrays, 'x', '--bad-rows', 'skip']),
  ]);
  t.is(both.code, 2);
  t.regex(both.stderr, /birds\.csv and --array exclude each other/);
  t.is(nameless.code, 2);
  t.regex(nameless.stderr, /the dataset is not named/);
  t.like(missing, { code: 2, stderr: 'error: nope.gz cannot be read: there is no such file\n' });
  t.is(idle.code, 2);
  t.regex(idle.stderr, /no effect with --array/);
});

test.serial('a refusal of the service exits with 1, naming the flag for people and the field in JSON', async (t) => {
  const [people, json, absent] = await Promise.all([
    run(['dataset', 'upload', 'birds.csv', '--name', 'Bad Name']),
    run(['dataset', 'upload', 'birds.csv', '--name', 'Bad Name', '--json']),
    run(['dataset', 'show', 'pinguins']),
  ]);
  t.is(people.code, 1);
  t.regex(people.stderr, /^error: --name: "datasets\/Bad Name" must have the format/);
  t.is(json.code, 1);
  const error = errorOf(t, json);
  t.like(error, { code: 'INVALID_ARGUMENT', reason: 'INVALID_FIELD' });
  t.is(error.violations?.[0]?.field, 'header.dataset');
  t.is(absent.code, 1);
  t.regex(absent.stderr, /datasets\/pinguins.* does not exist\n +see what there is with: tenon dataset list/);
});
