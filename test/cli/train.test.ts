import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { superviseMesh } from '../../cli/supervisor/index.js';
import { penguinsCsv } from '../../examples/quickstart/penguins.js';
import { addressesAsEnvironment, documentOf, errorOf, type RunOptions, startTenon, tenon } from './tenon.js';

let folder: string;
let mesh: Awaited<ReturnType<typeof superviseMesh>>;
let env: Record<string, string>;

const run = (args: string[], options: RunOptions = {}) => tenon(args, { cwd: folder, env, ...options });
const train = (...flags: string[]) => run(['train', 'penguins', '--model', 'penguins', ...flags]);
/** Flags of a job that takes far longer than any test looks at it. */
const endless = ['train', 'penguins', '--target', 'species', '--model', 'endless', '--param', 'n_estimators=100000'];

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenon-cli-train-'));
  mesh = await superviseMesh({ dataDir: join(folder, 'state'), env: { TENON_LOG_LEVEL: 'warn' } });
  env = addressesAsEnvironment(mesh.addresses);
  await writeFile(join(folder, 'birds.csv'), penguinsCsv());
  const { code, stderr } = await run(['dataset', 'upload', 'birds.csv', '--name', 'penguins']);
  if (code !== 0) throw new Error(stderr);
});

test.after.always(async () => {
  await mesh?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Job {
  name: string;
  state: string;
  result?: { modelVersion: string; folds: { fold: number; metrics: { name: string; value: number }[] }[] };
}

interface Event {
  sequence: number;
  time: string;
  progress?: { fraction: number };
  foldFinished?: { fold: number };
  stateChanged?: Job;
}

test.serial(
  'train tells each stage and fold on stderr where that is no terminal, and the metrics on stdout',
  async (t) => {
    const { code, stdout, stderr } = await train('--target', 'species', '--alias', 'production');
    t.is(code, 0, stderr);
    t.regex(stderr, /^jobs\/job-[0-9a-f]+: random-forest on penguins\/versions\/1\n/);
    t.deepEqual(stderr.match(/^(reading|validating|fitting|testing|registering)$/gm)?.slice(0, 2), [
      'reading',
      'validating',
    ]);
    for (const fold of [1, 2, 3, 4, 5]) {
      t.regex(stderr, new RegExp(`^  fold ${fold}: accuracy [01]\\.\\d{4}, .* on 55 rows, fitted in [\\d.]+ ms$`, 'm'));
    }
    const lines = stdout.split('\n');
    t.regex(lines[0] ?? '', /^scored on +accuracy +f1_macro +matthews_corrcoef +log_loss +roc_auc$/);
    t.deepEqual(
      lines.slice(1, 9).map((line) => line.split(/ {2,}/)[0]),
      ['fold 1', 'fold 2', 'fold 3', 'fold 4', 'fold 5', 'mean of folds', 'std. deviation', '69 rows held out'],
    );
    t.is(new Set(lines.slice(0, 9).map((line) => line.length)).size, 1, 'every figure ends below its heading');
    t.regex(stdout, /\nmodels\/penguins\/versions\/1, fitted on 275 rows in [\d.]+ ms\n$/);
  },
);

test.serial(
  'train --importance tells what the model loses without each column, the most important first',
  async (t) => {
    const { code, stdout, stderr } = await train(
      '--target',
      'species',
      '--model',
      'weighed',
      '--importance',
      '--folds',
      '0',
    );
    t.is(code, 0, stderr);
    const lines = stdout.split('\n').map((line) => line.split(/ {2,}/));
    const at = lines.findIndex(([first]) => first === 'without column');
    t.deepEqual(lines[at], ['without column', 'accuracy is worse by', 'std. deviation']);
    const worse = lines.slice(at + 1, at + 7).map(([, mean]) => Number(mean));
    t.is(worse.length, 6);
    t.true((worse[0] ?? 0) > 0.05);
    t.deepEqual(
      worse,
      [...worse].sort((a, b) => b - a),
    );
    const none = await train('--target', 'species', '--model', 'weighed', '--importance', '--test-fraction', '0');
    t.is(none.code, 1);
    t.regex(none.stderr, /^error: --importance: .*must be unset where test_fraction is 0/);
  },
);

test.serial('train --json prints each event as a line and ends with the result', async (t) => {
  const { code, stdout, stderr } = await train('--target', 'species', '--json', '--folds', '3', '--stratified');
  t.is(code, 0, stderr);
  t.is(stderr, '');
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event & { event?: string });
  t.deepEqual(
    events.map(({ sequence }) => sequence),
    events.map((_event, at) => at + 1),
  );
  t.true(events.every(({ event }) => event === undefined));
  t.deepEqual(
    events.flatMap(({ foldFinished }) => foldFinished?.fold ?? []),
    [1, 2, 3],
  );
  const last = events.at(-1)?.stateChanged;
  t.is(last?.state, 'STATE_SUCCEEDED');
  t.is(last?.result?.modelVersion, 'models/penguins/versions/2');
  t.is(typeof last?.result?.folds[0]?.metrics[0]?.value, 'number');
});

test.serial('train without folds prints the held-out rows only, for regression too', async (t) => {
  const flags = ['--target', 'body_mass_g', '--folds', '0', '--estimator', 'linear-regression'];
  const { code, stdout, stderr } = await run(['train', 'penguins', '--model', 'mass', ...flags]);
  t.is(code, 0, stderr);
  t.regex(
    stdout,
    /^scored on +rmse +mae +r2\n\d+ rows held out +[\d.]+ +[\d.]+ +0\.\d{4}\n\nmodels\/mass\/versions\/1, /,
  );
});

test.serial('a column, parameter or estimator that does not exist is named, with the nearest', async (t) => {
  const [column, parameter, estimator, pair, feature] = await Promise.all([
    train('--target', 'spcies'),
    train('--target', 'species', '--param', 'n_estimator=3'),
    train('--target', 'species', '--estimator', 'random-forst'),
    train('--target', 'species', '--param', 'max_depth'),
    train('--target', 'species', '--json', '--features', 'iland'),
  ]);
  t.is(column.code, 1);
  t.regex(column.stderr, /^error: --target: "spcies" is no column of the dataset version; did you mean species\?/);
  t.is(parameter.code, 1);
  t.regex(parameter.stderr, /^error: --param n_estimator: .*did you mean n_estimators\?/);
  t.is(estimator.code, 1);
  t.regex(estimator.stderr, /^error: --estimator: "estimators\/random-forst" must be one of .*random-forest/);
  t.is(pair.code, 2);
  t.regex(pair.stderr, /--param "max_depth" must be name=value/);
  t.is(feature.code, 1);
  const error = errorOf(t, feature);
  t.like(error, { code: 'INVALID_ARGUMENT', reason: 'UNKNOWN_COLUMN' });
  t.is(error.violations?.[0]?.field, 'job.spec.features[0]');
  t.regex(error.message, /did you mean island\?/);
});

test.serial('a job that fails ends train with exit code 1 and the reason', async (t) => {
  const people = await train('--target', 'sex');
  t.is(people.code, 1);
  t.is(people.stdout, '');
  t.regex(people.stderr, /error: jobs\/job-[0-9a-f]+ ended as failed: .*rarest class/);
  const json = await train('--target', 'sex', '--json');
  t.is(json.code, 1);
  const last = JSON.parse(json.stdout.trim().split('\n').at(-1) ?? '') as Event;
  t.is(last.stateChanged?.state, 'STATE_FAILED');
  const { error } = JSON.parse(json.stderr) as { error: { reason: string; metadata: Record<string, string> } };
  t.like(error, { reason: 'WRONG_STATE', metadata: { name: last.stateChanged?.name, state: 'failed' } });
});

test.serial('Ctrl-C leaves the job running and says how to watch and to cancel it, which works', async (t) => {
  const running = startTenon(endless, { cwd: folder, env });
  await running.said(/validating/);
  running.child.kill('SIGINT');
  const left = await running.ended;
  t.is(left.code, 130);
  const id = /tenon job watch (job-\w+)/.exec(left.stderr)?.[1] ?? '';
  t.true(left.stderr.includes(`jobs/${id} goes on without us.`), left.stderr);
  t.true(left.stderr.includes(`tenon job cancel ${id}`));

  const job = documentOf<Job>(t, await run(['job', 'show', id, '--json']));
  t.is(job.state, 'STATE_RUNNING');
  const watching = startTenon(['job', 'watch', id], { cwd: folder, env });
  await watching.said(/validating/);
  const cancelled = await run(['job', 'cancel', id]);
  t.is(cancelled.code, 0, cancelled.stderr);
  t.regex(cancelled.stdout, new RegExp(`^jobs/${id} is cancell`));
  const watched = await watching.ended;
  t.is(watched.code, 1);
  t.regex(watched.stderr, new RegExp(`error: jobs/${id} ended as cancelled`));
});

test.serial('Ctrl-C with --json ends the stream with a line that names the job', async (t) => {
  const running = startTenon([...endless, '--json'], { cwd: folder, env });
  await running.said(/STATE_RUNNING/);
  running.child.kill('SIGINT');
  const { code, stdout } = await running.ended;
  t.is(code, 130);
  const { left } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { left: string };
  t.regex(left, /^jobs\/job-/);
  t.is((await run(['job', 'cancel', left])).code, 0);
});

test.serial('train --detach prints the job, which job watch follows to its end', async (t) => {
  const detached = await train('--target', 'species', '--folds', '0', '--detach');
  t.is(detached.code, 0, detached.stderr);
  t.regex(detached.stdout, /^jobs\/job-\w+\n$/);
  const watched = await run(['job', 'watch', detached.stdout.trim()]);
  t.is(watched.code, 0, watched.stderr);
  t.regex(watched.stdout, /^models\/penguins\/versions\/\d+, fitted on 275 rows/m);
});

test.serial('job list and show tell states for people and in JSON; an unknown job is named', async (t) => {
  const [list, json, unknown] = await Promise.all([
    run(['job', 'list']),
    run(['job', 'list', '--json']),
    run(['job', 'show', 'job-nope']),
  ]);
  t.regex(list.stdout, /^job +state +created +version or error +data\n/);
  t.regex(list.stdout, /^job-\w+ +succeeded +\d{4}-.*Z +penguins\/versions\/1 +penguins\/versions\/1$/m);
  t.regex(list.stdout, /^job-\w+ +failed /m);
  const jobs = documentOf<Job[]>(t, json);
  const succeeded = jobs.find(({ state }) => state === 'STATE_SUCCEEDED')?.name ?? '';
  const shown = await run(['job', 'show', succeeded]);
  t.regex(shown.stdout, /^state +succeeded\ndone +100 %$/m);
  t.is(unknown.code, 1);
  t.regex(unknown.stderr, /jobs\/job-nope does not exist\n +see what there is with: tenon job list/);
});

test.serial('a job that has succeeded cannot be cancelled', async (t) => {
  const jobs = documentOf<Job[]>(t, await run(['job', 'list', '--json']));
  const succeeded = jobs.find(({ state }) => state === 'STATE_SUCCEEDED')?.name ?? '';
  const outcome = await run(['job', 'cancel', succeeded, '--json']);
  t.is(outcome.code, 1);
  t.like(errorOf(t, outcome), { code: 'FAILED_PRECONDITION', reason: 'WRONG_STATE' });
});

test.serial(
  'estimator list and show print what can be trained, each parameter with default, range and meaning',
  async (t) => {
    type Estimator = { name: string; parameters: { name: string; help: string; max: number }[] };
    const [list, show, json, unknown] = await Promise.all([
      run(['estimator', 'list']),
      run(['estimator', 'show', 'random-forest']),
      run(['estimator', 'show', 'random-forest', '--json']),
      run(['estimator', 'show', 'random-forst']),
    ]);
    t.regex(list.stdout, /^random-forest +classification, regression +\S/m);
    const { parameters } = documentOf<Estimator>(t, json);
    t.true(parameters.length > 3);
    const words = show.stdout.replaceAll(/\s+/g, ' ');
    for (const { name, help } of parameters) {
      t.true(show.stdout.includes(`--param ${name}=<`), name);
      t.true(words.includes(help), help);
    }
    t.regex(show.stdout, /--param n_estimators=<whole, 1 to \d+>\n {4}How many .* Default 100\./);
    t.is(unknown.code, 1);
    t.regex(unknown.stderr, /see what there is with: tenon estimator list/);
  },
);

test.serial('a spec in a file is trained whole, and a wrong one is refused at its field', async (t) => {
  const spec = {
    dataset_version: 'datasets/penguins/versions/latest',
    target: 'body_mass_g',
    estimator: { estimator: 'estimators/gradient-boosting', parameters: { n_estimators: 20 } },
    validation: { none: {} },
    model: 'models/from-file',
    limits: { schedule_to_close_timeout: '100s' },
  };
  await writeFile(join(folder, 'job.json'), JSON.stringify(spec));
  const { code, stdout, stderr } = await run(['train', '--spec', 'job.json']);
  t.is(code, 0, stderr);
  t.regex(stdout, /models\/from-file\/versions\/1, /);
  const wrong = await run(['train', '--spec', '-', '--json'], { input: JSON.stringify({ ...spec, target: 'mass' }) });
  t.is(wrong.code, 1);
  t.is(errorOf(t, wrong).violations?.[0]?.field, 'job.spec.target');
});

test.serial('a search varies what it is told, within limits, and prints its leaderboard', async (t) => {
  const search = ['--search', 'grid', '--vary', 'max_depth=2,4', '--param', 'n_estimators=20', '--metric', 'f1_macro'];
  const more = ['--validation', 'holdout:0.3', '--timeout', '90s', '--memory', '1GiB', '--threads', '1'];
  const { code, stdout, stderr } = await train('--target', 'species', ...search, ...more);
  t.is(code, 0, stderr);
  t.regex(stderr, /: a search on penguins/);
  t.regex(stdout, /\nrank +estimator +outcome/);
  t.is(stdout.match(/random-forest +scored/g)?.length, 2);
  const drawn = ['--search', 'halving', '--candidates', '4', '--vary', 'max_depth=2..9', '--budget-seconds', '60'];
  const halving = await train(
    '--target',
    'species',
    ...drawn,
    '--param',
    'n_estimators=10',
    '--folds',
    '2',
    '--detach',
  );
  t.is(halving.code, 0, halving.stderr);
  const none = await train('--target', 'species', '--search', 'random', '--vary', 'max_dept=1,2');
  t.is(none.code, 1);
  t.regex(none.stderr, /^error: --vary: "max_dept" is no parameter/);
});

test.serial('clustering needs no target', async (t) => {
  const flags = ['--task', 'clustering', '--estimator', 'k-means', '--param', 'n_clusters=3'];
  const { code, stdout, stderr } = await run(['train', 'penguins', '--model', 'groups', ...flags]);
  t.is(code, 0, stderr);
  t.regex(stdout, /^scored on +silhouette +inertia\n/);
});

test.serial('optimize prints every variant, marks what it registered, and says why it cannot', async (t) => {
  const { code, stdout, stderr } = await run(['optimize', 'penguins/versions/1', '--max-loss', '0.05']);
  t.is(code, 0, stderr);
  t.regex(stderr, /^jobs\/job-[0-9a-f]+: penguins\/versions\/1, to keep its accuracy\n/);
  t.regex(stdout, /variant +accuracy +loss +size +of original +a row +of original\n/);
  t.is(stdout.match(/^ *\* /gm)?.length, 1);
  t.regex(stdout, /\nmodels\/penguins\/versions\/\d+: .*, measured on 69 rows\n$/);
  const flags = ['--max-loss', '0', '--method', 'quantize', '--json', '--metric', 'rmse'];
  const refused = await run(['optimize', 'penguins/versions/1', ...flags]);
  t.is(refused.code, 1);
  t.is(errorOf(t, refused).violations?.[0]?.field, 'metric');
  const unknown = await run(['optimize', 'nobody/versions/1', '--max-loss', '0']);
  t.is(unknown.code, 1);
  t.regex(unknown.stderr, /models\/nobody/);
});
