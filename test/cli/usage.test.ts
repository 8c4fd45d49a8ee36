import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import test from 'ava';
import { allOptions } from '../../cli/service-options.js';
import { freePorts } from '../../cli/supervisor/free-ports.js';
import { environmentName } from '../../services/mesh/config/option.js';
import { documentOf, errorOf, temporaryFolder, tenon, tenonScript } from './tenon.js';

const verbs = [
  ['up'],
  ['dataset', 'upload'],
  ['dataset', 'show'],
  ['dataset', 'list'],
  ['train'],
  ['job', 'list'],
  ['job', 'show'],
  ['job', 'watch'],
  ['job', 'cancel'],
  ['estimator', 'list'],
  ['estimator', 'show'],
  ['optimize'],
  ['model', 'list'],
  ['model', 'show'],
  ['model', 'promote'],
  ['model', 'rollback'],
  ['model', 'import'],
  ['model', 'export'],
  ['deploy'],
  ['deployment', 'list'],
  ['deployment', 'delete'],
  ['predict'],
  ['doctor'],
  ['config'],
];

for (const verb of verbs) {
  test.serial(`${verb.join(' ')} --help shows usage, the common options and an example`, async (t) => {
    const { code, stdout, stderr } = await tenon([...verb, '--help']);
    t.is(code, 0, stderr);
    t.true(stdout.startsWith(`Usage: tenon ${verb.join(' ')} `), stdout);
    t.regex(stdout, /--data-dir/);
    t.regex(stdout, /--json/);
    t.true(stdout.includes(`$ tenon ${verb.join(' ')}`), stdout);
  });
}

test.serial('tenon without a verb prints the help on stderr and exits with 2', async (t) => {
  const { code, stdout, stderr } = await tenon([]);
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /^Usage: tenon/);
});

test.serial('--version prints the version of the package', async (t) => {
  const { code, stdout } = await tenon(['--version']);
  t.is(code, 0);
  t.regex(stdout, /^\d+\.\d+\.\d+\n$/);
});

test.serial('a misspelt verb or flag is an error that names the nearest, and the help to read', async (t) => {
  const [verb, nested, flag] = await Promise.all([
    tenon(['trian']),
    tenon(['dataset', 'lst']),
    tenon(['deploy', 'penguins', '--alais', 'production']),
  ]);
  t.like(verb, { code: 2, stdout: '' });
  t.regex(verb.stderr, /unknown command 'trian'; Did you mean train\?\n +see tenon --help/);
  t.is(nested.code, 2);
  t.regex(nested.stderr, /unknown command 'lst'; Did you mean list\?\n +see tenon dataset --help/);
  t.is(flag.code, 2);
  t.regex(flag.stderr, /unknown option '--alais'; Did you mean --alias\?\n +see tenon deploy --help/);
});

test.serial('a wrong command line is told as one line of JSON with --json', async (t) => {
  const outcome = await tenon(['dataset', 'show', '--json', '--rowz', '3']);
  t.is(outcome.code, 2);
  const error = errorOf(t, outcome);
  t.is(error.code, 'USAGE');
  t.regex(error.message, /--rowz/);
  t.is(error.hint, 'see tenon dataset show --help');
});

test.serial('a number of the command line that is none, or out of bounds, is refused with its bounds', async (t) => {
  const train = (...flags: string[]) => tenon(['train', 'd', '--target', 'y', '--model', 'm', ...flags]);
  const [folds, one, share, stratified, port] = await Promise.all([
    train('--folds', 'five'),
    train('--folds', '1'),
    train('--test-fraction', '0.95'),
    train('--folds', '0', '--stratified'),
    tenon(['up', '--port', '65533']),
  ]);
  t.is(folds.code, 2);
  t.regex(folds.stderr, /"five" must be a whole number from 2 to 100/);
  t.is(one.code, 2);
  t.regex(one.stderr, /"1" must be a whole number from 2 to 100/);
  t.is(share.code, 2);
  t.regex(share.stderr, /"0\.95" must be a number from 0 to 0\.9/);
  t.is(stratified.code, 2);
  t.regex(stratified.stderr, /--stratified has no effect with --folds 0/);
  t.is(port.code, 2);
  t.regex(port.stderr, /"65533" must be a whole number from 0 to 65532/);
});

test.serial(
  'without a mesh a verb says which address it tried, where that came from, and to start tenon up',
  async (t) => {
    const [port] = await freePorts(1);
    const env = { TENON_ADDRESS_REGISTRY: `127.0.0.1:${port}` };
    const [people, json] = await Promise.all([
      tenon(['model', 'list'], { env }),
      tenon(['model', 'list', '--json'], { env }),
    ]);
    t.is(people.code, 1);
    t.regex(
      people.stderr,
      new RegExp(`registry does not answer on 127\\.0\\.0\\.1:${port} \\(from TENON_ADDRESS_REGISTRY\\)`),
    );
    t.regex(people.stderr, /nothing listens there/);
    t.regex(people.stderr, /start the services with: tenon up/);
    t.is(json.code, 1);
    const error = errorOf(t, json);
    t.like(error, { code: 'UNAVAILABLE', reason: 'DEPENDENCY_UNAVAILABLE' });
    t.like(error.metadata, { service: 'registry', address: `127.0.0.1:${port}` });
  },
);

test.serial('an address that is no host:port is a wrong command line', async (t) => {
  const { code, stderr } = await tenon(['dataset', 'list'], { env: { TENON_ADDRESS_DATA: 'localhost' } });
  t.is(code, 2);
  t.regex(stderr, /TENON_ADDRESS_DATA is "localhost"; it must be host:port/);
});

test.serial('what listens but speaks no gRPC is told apart from nobody', async (t) => {
  const server = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code, stderr } = await tenon(['dataset', 'list'], { env: { TENON_ADDRESS_DATA: address } });
  t.is(code, 1);
  t.regex(stderr, /does not speak gRPC in plain text/);
});

test.serial('config prints every option with range, default, meaning and variable, as its --help does', async (t) => {
  const [config, help] = await Promise.all([tenon(['config']), tenon(['config', '--help'])]);
  t.is(config.code, 0, config.stderr);
  for (const [name, option] of Object.entries(allOptions)) {
    for (const text of [`--${name}=<`, option.help, environmentName(name)]) {
      t.true(config.stdout.includes(text), `config lacks ${text}`);
      t.true(help.stdout.includes(text), `config --help lacks ${text}`);
    }
  }
  t.regex(
    config.stdout,
    /--rpc\.max-handlers=<integer, 1 to 100000>\n.*\n {6}default 256; environment TENON_RPC_MAX_HANDLERS\n/,
  );
});

test.serial('config --json is one document with numbers as numbers', async (t) => {
  type Described = { name: string; type: string; default: unknown; min?: number; help: string; value: unknown };
  const options = documentOf<Described[]>(t, await tenon(['config', '--json', '--rpc.max-handlers=64']));
  t.is(options.length, Object.keys(allOptions).length);
  t.like(
    options.find(({ name }) => name === 'rpc.max-handlers'),
    { type: 'integer', default: 256, min: 1, value: 64 },
  );
});

test.serial('config shows what flags and environment set, and refuses unknown names naming the nearest', async (t) => {
  const env = { TENON_LOG_LEVEL: 'warn' };
  const [set, flag, variable, bound] = await Promise.all([
    tenon(['config', '--rpc.max-deadline', '90s'], { env }),
    tenon(['config', '--rpc.max-handlrs=64']),
    tenon(['config'], { env: { TENON_RPC_MAX_HANDLRS: '64' } }),
    tenon(['config', '--json', '--rpc.max-handlers=0']),
  ]);
  t.regex(set.stdout, /TENON_LOG_LEVEL; now warn\n/);
  t.regex(set.stdout, /TENON_RPC_MAX_DEADLINE; now 90s\n/);
  t.is(set.stdout.match(/; now /g)?.length, 2);
  t.is(flag.code, 2);
  t.regex(flag.stderr, /--rpc\.max-handlrs: unknown option; did you mean --rpc\.max-handlers\?/);
  t.is(variable.code, 2);
  t.regex(variable.stderr, /TENON_RPC_MAX_HANDLRS: unknown variable; did you mean TENON_RPC_MAX_HANDLERS\?/);
  t.is(bound.code, 2);
  t.regex(errorOf(t, bound).message, /rpc\.max-handlers: "0" must be a whole number, 1 to 100000/);
});

test.serial('a secret of the configuration is never printed', async (t) => {
  const env = { TENON_DISCOVERY_CONSUL_TOKEN: 'hush', TENON_DISCOVERY_KIND: 'consul' };
  const [people, json] = await Promise.all([tenon(['config'], { env }), tenon(['config', '--json'], { env })]);
  t.is(people.code, 0, people.stderr);
  t.regex(people.stdout, /TENON_DISCOVERY_CONSUL_TOKEN; now hidden/);
  t.false(`${people.stdout}${json.stdout}`.includes('hush'));
});

test.serial('doctor without a mesh finds the machine in order or says what is missing', async (t) => {
  type Finding = { what: string; state: string; found: string };
  const folder = await temporaryFolder(t);
  const ports = await freePorts(4);
  const env = Object.fromEntries(
    ['DATA', 'TRAINING', 'REGISTRY', 'SERVING'].map((name, at) => [`TENON_ADDRESS_${name}`, `127.0.0.1:${ports[at]}`]),
  );
  const outcome = await tenon(['doctor', '--json', '--data-dir', folder], { env });
  // The addresses were given, so somebody should be there.
  t.is(outcome.code, 1);
  const findings = JSON.parse(outcome.stdout) as Finding[];
  const of = (what: string) => findings.find((each) => each.what === what);
  t.deepEqual(
    findings.map(({ what }) => what),
    ['tenon', 'node', 'compiler', 'make', 'python', 'isa', 'data-dir', 'data', 'training', 'registry', 'serving'],
  );
  t.like(of('node'), { state: 'ok', found: process.version });
  t.regex(of('isa')?.found ?? '', /^(amx|avx512|avx2|neon|scalar) of /);
  t.regex(of('data-dir')?.found ?? '', /free$/);
  t.is(of('data')?.state, 'fault');
  t.regex(of('data')?.found ?? '', /nothing listens on .* \(from TENON_ADDRESS_DATA\); start it with tenon up/);
});

test.serial('doctor names a compiler that is not installed, and how to get one', async (t) => {
  const { code, stdout } = await tenon(['doctor'], { env: { CXX: 'no-such-compiler' } });
  t.is(code, 1);
  t.regex(stdout, /^fault compiler +no-such-compiler is not installed; .*apt-get install g\+\+/m);
});

test.serial('a reader that leaves early ends the command without an error', async (t) => {
  const child = spawn('sh', [
    '-c',
    `"${process.execPath}" "${tenonScript}" config | head -n 1; echo "\${PIPESTATUS:-}"`,
  ]);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  t.is(said, '');
});

test.serial('what is not written to a terminal has no colours, in continuous integration either', async (t) => {
  const env = { CI: 'true', TERM: 'xterm-256color' };
  for (const args of [['no-such-verb'], ['doctor'], ['estimator', 'list']]) {
    const { stdout, stderr } = await tenon(args, { env });
    t.is(stripVTControlCharacters(stdout + stderr), stdout + stderr, args.join(' '));
  }
});

test.serial('flags of train and optimize that contradict each other are told before anything is asked', async (t) => {
  const train = (...flags: string[]) => tenon(['train', 'birds', '--target', 'kind', '--model', 'birds', ...flags]);
  const spec = join(await temporaryFolder(t), 'job.json');
  await writeFile(spec, JSON.stringify({ dataset_version: 'datasets/birds/versions/1', targett: 'kind' }));
  for (const [run, message] of [
    [tenon(['train', 'birds', '--model', 'birds']), /--target must name the column to predict/],
    [tenon(['train', 'birds', '--target', 'kind']), /--model must name/],
    [tenon(['train', '--target', 'kind', '--model', 'birds']), /the dataset must be named/],
    [train('--task', 'clustering'), /leave --target out/],
    [train('--vary', 'max_depth=3'), /--vary goes with --search/],
    [train('--metric', 'f1'), /--metric goes with --search/],
    [train('--search', 'grid'), /--vary max_depth=4,8,16/],
    [train('--search', 'automatic', '--estimator', 'k-means'), /leave --estimator/],
    [train('--search', 'random', '--vary', 'C=low..high'), /a number on each side/],
    [train('--search', 'best'), /Allowed choices are grid, random, halving, automatic/],
    [train('--validation', 'group'), /group:COLUMN/],
    [train('--validation', 'none', '--folds', '3'), /no folds to count/],
    [train('--validation', 'holdout:2'), /above 0 and below 1/],
    [train('--validation', 'forward', '--stratified'), /leave --stratified out/],
    [train('--timeout', '90'), /like 90s, 15m or 2h/],
    [train('--memory', 'lots'), /like 512MiB or 2GiB/],
    [train('--threads', '0'), /from 1 to 256/],
    [train('--spec', spec), /leave the dataset out/],
    [tenon(['train', '--spec', spec, '--alias', 'a']), /leave --alias out/],
    [tenon(['train', '--spec', spec]), /targett is no field; did you mean target\?/],
    [tenon(['optimize', 'birds/versions/1']), /--max-loss/],
    [tenon(['optimize', 'birds', '--max-loss', '0']), /like penguins\/versions\/1/],
    [tenon(['optimize', 'birds/versions/1', '--max-loss', '0', '--method', 'zip']), /fewer-trees, prune/],
  ] as const) {
    const { code, stderr } = await run;
    t.is(code, 2, stderr);
    t.regex(stderr, message);
  }
});
