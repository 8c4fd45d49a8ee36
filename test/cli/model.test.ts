import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { penguinsCsv } from '../../examples/quickstart/penguins.js';
import { type RunningMesh, startMeshWithPenguins } from '../harness/running-mesh.js';
import { xgboostText } from '../unit/exchange/fixtures.js';
import { addressesAsEnvironment, documentOf, errorOf, type RunOptions, tenon } from './tenon.js';

let mesh: RunningMesh;
let env: Record<string, string>;

const run = (args: string[], options: RunOptions = {}) => tenon(args, { cwd: mesh.dataDir, env, ...options });

// Version 1 is trained, aliased production and deployed by the walk of the quickstart; version 2 by the command.
test.before(async () => {
  mesh = await startMeshWithPenguins();
  env = addressesAsEnvironment(mesh.supervised.addresses);
  await writeFile(join(mesh.dataDir, 'birds.csv'), penguinsCsv());
  const flags = ['--target', 'species', '--model', 'penguins', '--folds', '0', '--param', 'n_estimators=20'];
  const { code, stderr } = await run(['train', 'penguins', ...flags]);
  if (code !== 0) throw new Error(stderr);
});

test.after.always(async () => {
  await mesh?.stop();
});

interface Model {
  name: string;
  versionCount: number;
  aliases: Record<string, string>;
}

interface Answer {
  modelVersion: string;
  classes: string[];
  predictions: { value: { stringValue: string }; probabilities: number[] }[];
}

const gentoo = {
  island: 'Biscoe',
  bill_length_mm: 46.1,
  bill_depth_mm: 13.2,
  flipper_length_mm: 211,
  body_mass_g: 4500,
  sex: null,
};
const gentooFlags = Object.entries(gentoo)
  .filter(([, value]) => value !== null)
  .map(([name, value]) => `${name}=${value}`);

test.serial('model list and show print models, aliases and versions with their first metric', async (t) => {
  const [list, show, listJson, showJson] = await Promise.all([
    run(['model', 'list']),
    run(['model', 'show', 'penguins']),
    run(['model', 'list', '--json']),
    run(['model', 'show', 'penguins', '--json']),
  ]);
  t.regex(list.stdout, /^model +versions +aliases +updated\nmodels\/penguins +2 +production=1 +\d{4}-.*Z\n$/);
  t.regex(show.stdout, /^aliases +production -> models\/penguins\/versions\/1$/m);
  t.regex(show.stdout, /^ +2 +\d{4}-\S+ \S+Z +random-forest +accuracy 0\.\d{4} +penguins\/versions\/1$/m);
  t.like(documentOf<Model[]>(t, listJson)[0], { name: 'models/penguins', versionCount: 2 });
  const shown = documentOf<{ model: Model; versions: { name: string; createTime: string }[] }>(t, showJson);
  t.deepEqual(
    shown.versions.map(({ name }) => name),
    ['models/penguins/versions/2', 'models/penguins/versions/1'],
  );
  t.regex(shown.versions[0]?.createTime ?? '', /Z$/);
});

test.serial('promote moves the alias, rollback moves it back, and a second rollback is refused', async (t) => {
  const promoted = await run(['model', 'promote', 'penguins']);
  t.like(promoted, { code: 0, stdout: 'production -> models/penguins/versions/2\n' });
  const back = await run(['model', 'rollback', 'penguins']);
  t.like(back, { code: 0, stdout: 'production -> models/penguins/versions/1\n' });

  const again = await run(['model', 'promote', 'penguins', '2', '--alias', 'canary', '--json']);
  t.is(documentOf<Model>(t, again).aliases.canary, 'models/penguins/versions/2');
  const refused = await run(['model', 'rollback', 'penguins', '--alias', 'canary']);
  t.is(refused.code, 1);
  t.regex(refused.stderr, /@canary is at its first version, .*\n +FAILED_PRECONDITION, WRONG_STATE/);
});

test.serial('import registers a model of another library, export writes a version as ONNX', async (t) => {
  await writeFile(join(mesh.dataDir, 'stump.json'), xgboostText());
  const flags = ['--model', 'stump', '--alias', 'production', '--classes', 'no,yes', '--target', 'left'];
  const imported = await run(['model', 'import', 'stump.json', ...flags]);
  t.is(imported.code, 0, imported.stderr);
  t.is(imported.stdout, 'models/stump/versions/1\n');
  const model = documentOf<{ model: Model }>(t, await run(['model', 'show', 'stump', '--json']));
  t.is(model.model.aliases.production, 'models/stump/versions/1');

  const exported = await run(['model', 'export', 'penguins/versions/2', '--output', 'penguins.onnx']);
  t.is(exported.code, 0, exported.stderr);
  t.regex(exported.stdout, /^penguins\.onnx: [\d.]+ [KM]iB\n$/);
  t.true((await readFile(join(mesh.dataDir, 'penguins.onnx'))).includes('TreeEnsembleClassifier'));
  const again = await run(['model', 'export', 'stump/versions/1', '--output', 'stump.onnx', '--json']);
  const last = JSON.parse(again.stdout.trim().split('\n').at(-1) ?? '') as { file: string; sizeBytes: number };
  t.is(last.file, 'stump.onnx');
  t.is((await readFile(join(mesh.dataDir, 'stump.onnx'))).length, last.sizeBytes);
  t.true((await readdir(mesh.dataDir)).every((name) => !name.endsWith('.partial')));
});

test.serial('import and export say what is wrong with a file, a version or a format', async (t) => {
  await writeFile(join(mesh.dataDir, 'wrong.json'), xgboostText({ objective: 'survival:aft' }));
  const [none, wrong, version, format] = await Promise.all([
    run(['model', 'import', 'none.json', '--model', 'none']),
    run(['model', 'import', 'wrong.json', '--model', 'wrong']),
    run(['model', 'export', 'penguins/versions/9', '--output', 'nine.onnx']),
    run(['model', 'export', 'penguins/versions/1', '--format', 'pmml', '--output', 'one.pmml']),
  ]);
  t.is(none.code, 2);
  t.regex(none.stderr, /none\.json cannot be read: there is no such file/);
  t.is(wrong.code, 1);
  t.regex(wrong.stderr, /learner\.objective\.name: "survival:aft" must be one of binary:logistic/);
  t.is(version.code, 1);
  t.regex(version.stderr, /models\/penguins\/versions\/9 does not exist/);
  t.is(format.code, 2);
  t.regex(format.stderr, /pmml.*Allowed choices are onnx/);
});

test.serial('a model or version that does not exist is named, with the verb that lists them', async (t) => {
  const [model, version, json] = await Promise.all([
    run(['model', 'show', 'pinguins']),
    run(['model', 'promote', 'penguins', '7']),
    run(['model', 'rollback', 'pinguins', '--json']),
  ]);
  t.is(model.code, 1);
  t.regex(model.stderr, /models\/pinguins does not exist\n +see what there is with: tenon model list/);
  t.is(version.code, 1);
  t.regex(
    version.stderr,
    /models\/penguins\/versions\/7 does not exist\n +see what there is with: tenon model show penguins/,
  );
  t.is(json.code, 1);
  t.like(errorOf(t, json), { code: 'NOT_FOUND', reason: 'RESOURCE_NOT_FOUND' });
});

test.serial('deploy waits until the version answers, changes an existing deployment, and list shows it', async (t) => {
  const fixed = await run(['deploy', 'penguins', '--name', 'fixed', '--version', '1']);
  t.like(fixed, { code: 0, stdout: 'deployments/fixed answers with models/penguins/versions/1\n' });
  const changed = await run(['deploy', 'penguins', '--name', 'fixed', '--version', '2']);
  t.like(changed, { code: 0, stdout: 'deployments/fixed answers with models/penguins/versions/2\n' });
  type Deployment = { name: string; state: string; activeVersion: string; version?: string; target?: unknown };
  const json = documentOf<Deployment>(t, await run(['deploy', 'penguins', '--json']));
  t.like(json, { name: 'deployments/penguins', state: 'STATE_READY', activeVersion: 'models/penguins/versions/1' });
  t.is(json.target, undefined);

  const [list, listJson] = await Promise.all([run(['deployment', 'list']), run(['deployment', 'list', '--json'])]);
  t.regex(list.stdout, /^deployment +state +answers with +follows +error +changed\n/);
  t.regex(list.stdout, /^fixed +ready +penguins\/versions\/2 +penguins\/versions\/2 +- +\d{4}-/m);
  t.regex(list.stdout, /^penguins +ready +penguins\/versions\/1 +penguins\/versions\/@production +- +\d{4}-/m);
  t.is(documentOf<Deployment[]>(t, listJson).length, 2);

  t.like(await run(['deployment', 'delete', 'fixed']), { code: 0, stdout: 'deployments/fixed is deleted\n' });
  const gone = await run(['deployment', 'delete', 'fixed', '--json']);
  t.is(gone.code, 1);
  t.is(errorOf(t, gone).reason, 'RESOURCE_NOT_FOUND');
});

test.serial('deploy refuses what does not exist with 1, and flags that exclude each other with 2', async (t) => {
  const [alias, version, both] = await Promise.all([
    run(['deploy', 'penguins', '--name', 'no', '--alias', 'nope']),
    run(['deploy', 'penguins', '--name', 'no', '--version', '9', '--json']),
    run(['deploy', 'penguins', '--version', '1', '--alias', 'canary']),
  ]);
  t.is(alias.code, 1);
  t.regex(alias.stderr, /models\/penguins\/versions\/@nope/);
  t.is(version.code, 1);
  t.is(errorOf(t, version).reason, 'RESOURCE_NOT_FOUND');
  t.is(both.code, 2);
  t.regex(both.stderr, /'--alias <alias>' cannot be used with option '--version <number>'/);
});

test.serial('one penguin is predicted alike from flags, JSON, a file, CSV and stdin', async (t) => {
  const json = JSON.stringify(gentoo);
  const csv = `${Object.keys(gentoo).join(',')}\n${Object.values(gentoo).join(',')}\n`;
  await writeFile(join(mesh.dataDir, 'one.json'), json);
  await writeFile(join(mesh.dataDir, 'one.csv'), `\ufeff${csv.replaceAll('\n', '\r\n')}`);
  const outcomes = await Promise.all([
    run(['predict', 'penguins', '--json', '--set', ...gentooFlags]),
    run(['predict', 'penguins', '--json', '--row', json]),
    run(['predict', 'penguins', '--json', '--rows', 'one.json']),
    run(['predict', 'penguins', '--json', '--csv', 'one.csv']),
    run(['predict', 'penguins', '--json', '--rows', '-'], { input: json }),
    run(['predict', 'penguins', '--json', '--csv', '-'], { input: csv }),
  ]);
  const [first, ...others] = outcomes.map((outcome) => documentOf<Answer>(t, outcome));
  t.is(first?.modelVersion, 'models/penguins/versions/1');
  t.deepEqual(first?.predictions[0]?.value, { stringValue: 'Gentoo' });
  t.is(typeof first?.predictions[0]?.probabilities[0], 'number');
  for (const other of others) t.deepEqual(other, first);
});

test.serial('predict prints a table of predictions with the probability of each class', async (t) => {
  const { code, stdout, stderr } = await run(['predict', 'penguins', '--set', ...gentooFlags]);
  t.is(code, 0);
  t.regex(stdout, /^species +p\(Adelie\) +p\(Chinstrap\) +p\(Gentoo\)\nGentoo +0\.\d{4} +0\.\d{4} +[01]\.\d{4}\n$/);
  t.is(stderr, 'by models/penguins/versions/1\n');
});

interface Explained {
  space: string;
  names: string[];
  explanations: { outputs: { class: string; output: number; baseValue: number; contributions: number[] }[] }[];
}

test.serial('explain prints the contribution of each column, the largest first, and where they lead', async (t) => {
  const { code, stdout, stderr } = await run(['explain', 'penguins', '--set', ...gentooFlags]);
  t.is(code, 0, stderr);
  t.is(stderr, 'by models/penguins/versions/1\n');
  const [row, output, heading, ...lines] = stdout.trimEnd().split('\n');
  t.is(row, 'row 1: species Gentoo');
  const [, end = '', start = ''] = /^probability of Gentoo ([\d.]+), on average ([\d.]+)$/.exec(output ?? '') ?? [];
  t.regex(heading ?? '', /^column +value +contribution +sign$/);
  t.is(lines.length, Object.keys(gentoo).length);
  const cells = lines.map((line) => line.split(/ {2,}/));
  t.deepEqual(cells.map(([name]) => name).sort(), Object.keys(gentoo).sort());
  const contributions = cells.map(([, , contribution]) => Number(contribution));
  t.deepEqual(
    contributions.map(Math.abs),
    contributions.map(Math.abs).sort((a, b) => b - a),
  );
  // Figures of four decimals.
  t.true(Math.abs(contributions.reduce((a, b) => a + b, Number(start)) - Number(end)) < 0.001);
  t.regex(cells[0]?.[3] ?? '', /^\+{20}$/);
  t.is(cells.find(([name]) => name === 'island')?.[1], 'Biscoe');
});

test.serial('explain sums what --top leaves out, and --json has the answer as it is', async (t) => {
  const top = await run(['explain', 'penguins', '--top', '2', '--set', ...gentooFlags]);
  t.is(top.code, 0, top.stderr);
  t.regex(top.stdout, /\n4 others +- +[-+][\d.]+ +[-+.]+\n$/);
  const asked = ['--all-classes', '--features', '--csv', 'birds.csv', '--ignore', 'species', '--json'];
  const all = documentOf<Explained>(t, await run(['explain', 'penguins', ...asked]));
  t.is(all.space, 'EXPLANATION_SPACE_PROBABILITY');
  t.true(all.names.includes('island=Biscoe'));
  t.is(all.explanations.length, 344);
  for (const { outputs } of all.explanations) {
    t.is(outputs.length, 3);
    for (const { output, baseValue, contributions } of outputs) {
      t.true(Math.abs(contributions.reduce((a, b) => a + b, baseValue) - output) < 1e-9);
    }
  }
});

test.serial('explain refuses what predict refuses, and a count that is none', async (t) => {
  const [none, wrong, count, sampled] = await Promise.all([
    run(['explain', 'penguins']),
    run(['explain', 'penguins', '--set', 'iland=Biscoe']),
    run(['explain', 'penguins', '--top', '0', '--set', ...gentooFlags]),
    run(['explain', 'penguins', '--sampling', '--set', ...gentooFlags]),
  ]);
  t.is(none.code, 2);
  t.regex(none.stderr, /no rows are given; give one of .*\n.*see tenon explain --help/);
  t.is(wrong.code, 1);
  t.regex(wrong.stderr, /^error: row 1, iland: .*did you mean island\?/);
  t.is(count.code, 2);
  t.regex(count.stderr, /"0" must be a whole number from 1 to/);
  t.is(sampled.code, 0);
  t.regex(sampled.stdout, /^row 1: species Gentoo\nprobability of Gentoo/);
});

test.serial('the whole CSV file is predicted once the target is ignored, and objects by the line too', async (t) => {
  const csv = documentOf<Answer>(
    t,
    await run(['predict', 'penguins', '--csv', 'birds.csv', '--ignore', 'species', '--json']),
  );
  t.is(csv.predictions.length, 344);
  const lines = `${JSON.stringify(gentoo)}\n${JSON.stringify({ ...gentoo, island: 'Dream' })}\n`;
  const rows = await run(['predict', 'penguins', '--rows', '-', '--json'], { input: lines });
  t.is(documentOf<Answer>(t, rows).predictions.length, 2);
});

test.serial('a wrong column, value or deployment is named by row and column, with what to do', async (t) => {
  const [column, target, value, deployment, json] = await Promise.all([
    run(['predict', 'penguins', '--set', 'iland=Biscoe']),
    run(['predict', 'penguins', '--csv', 'birds.csv']),
    run(['predict', 'penguins', '--set', 'bill_length_mm=abc']),
    run(['predict', 'pinguins', '--set', 'island=Biscoe']),
    run(['predict', 'penguins', '--json', '--row', JSON.stringify({ ...gentoo, wingspan: 3 })]),
  ]);
  t.is(column.code, 1);
  t.regex(column.stderr, /^error: row 1, iland: .*did you mean island\?/);
  t.is(target.code, 1);
  t.regex(target.stderr, /leave the column out with: --ignore species/);
  t.is(value.code, 1);
  t.regex(value.stderr, /^error: row 1, bill_length_mm: "abc" must be a double/);
  t.is(deployment.code, 1);
  t.regex(deployment.stderr, /deployments\/pinguins does not exist\n +see what there is with: tenon deployment list/);
  t.is(json.code, 1);
  t.is(errorOf(t, json).violations?.[0]?.field, 'records[0].fields["wingspan"]');
});

test.serial('rows that cannot be read are wrong command lines that name the row', async (t) => {
  const predict = (args: string[], input = '') => run(['predict', 'penguins', ...args], { input });
  const [broken, line, list, nested, ragged, headerOnly, quoted, pair, none, two, binary] = await Promise.all([
    predict(['--row', '{"island"']),
    predict(['--rows', '-'], '{"island":"Biscoe"}\n{"island"\n'),
    predict(['--row', '[1]']),
    predict(['--row', '{"island":{"name":"Biscoe"}}']),
    predict(['--csv', '-'], 'island,sex\nBiscoe,MALE\nDream\n'),
    predict(['--csv', '-'], 'island,sex\n'),
    predict(['--csv', '-'], 'island\n"Biscoe\n'),
    predict(['--set', 'island']),
    predict([]),
    predict(['--row', '{}', '--csv', 'birds.csv']),
    predict(['--rows', 'state.bin']),
  ]);
  const expected: [{ code: number | null; stderr: string }, RegExp][] = [
    [broken, /--row is not JSON: /],
    [line, /stdin is neither one JSON document nor one per line; line 2: /],
    [list, /row 1 of --row is 1; it must be an object/],
    [
      nested,
      /row 1 of --row, island: \{"name":"Biscoe"\} must be text, a number, a boolean, null or a list of numbers/,
    ],
    [ragged, /row 2 of stdin has 1 fields; the header has 2/],
    [headerOnly, /stdin has a header but no rows/],
    [quoted, /stdin ends inside a quoted field/],
    [pair, /--set "island" must be name=value/],
    [none, /no rows are given; give one of --set, --row, --rows, --csv/],
    [two, /--row and --csv exclude each other/],
    [binary, /state\.bin cannot be read: there is no such file/],
  ];
  for (const [outcome, pattern] of expected) {
    t.is(outcome.code, 2, outcome.stderr);
    t.regex(outcome.stderr, pattern);
  }
});
