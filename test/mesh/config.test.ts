import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { ConfigError } from '../../services/mesh/config/config-error.js';
import { renderConfigHelp } from '../../services/mesh/config/help.js';
import { loadConfig } from '../../services/mesh/config/load-config.js';
import { nearestName } from '../../services/mesh/config/nearest.js';
import { defineOptions, environmentName } from '../../services/mesh/config/option.js';
import { serviceOptions } from '../../services/mesh/server/run-service.js';

const options = defineOptions({
  'rpc.max-handlers': { type: 'integer', default: 8, min: 1, max: 100, help: 'Handlers.' },
  'rpc.ratio': { type: 'number', default: 0.5, min: 0, max: 1, help: 'A ratio.' },
  'rpc.wait': { type: 'duration', default: '30s', min: 10, max: 3_600_000, help: 'A time.' },
  'rpc.bytes': { type: 'bytes', default: '64MiB', min: 1, help: 'A size.' },
  'rpc.fast': { type: 'boolean', default: false, help: 'A switch.' },
  'discovery.kind': { type: 'choice', default: 'static', choices: ['static', 'consul'], help: 'A choice.' },
  'discovery.consul.address': {
    type: 'string',
    default: '127.0.0.1:8500',
    help: 'The agent.',
    appliesWhen: { option: 'discovery.kind', is: ['consul'] },
  },
  'discovery.hosts': { type: 'list', default: ['a', 'b'], help: 'Hosts.' },
  'auth.key': { type: 'integer', default: 0, help: 'A secret.', secret: true },
});

function problemsOf(sources: Parameters<typeof loadConfig>[1]): string[] {
  try {
    loadConfig(options, sources);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ source, message }) => `${source}: ${message}`);
    throw error;
  }
  return [];
}

async function withFile<T>(content: string, use: (path: string) => T): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'tenon-mesh-config-'));
  try {
    await writeFile(join(dir, 'tenon.json'), content);
    return use(join(dir, 'tenon.json'));
  } finally {
    await rm(dir, { recursive: true });
  }
}

test('defaults are parsed into their units', (t) => {
  const config = loadConfig(options, {});
  t.is(config['rpc.max-handlers'], 8);
  t.is(config['rpc.wait'], 30_000);
  t.is(config['rpc.bytes'], 67_108_864);
  t.is(config['discovery.kind'], 'static');
  t.deepEqual(config['discovery.hosts'], ['a', 'b']);
});

test('flags win over environment, environment over file, file over defaults', async (t) => {
  await withFile('{"rpc": {"max-handlers": 2, "ratio": 0.2}, "rpc.wait": "2s", "discovery.hosts": ["x"]}', (file) => {
    const env = { TENON_CONFIG: file, TENON_RPC_MAX_HANDLERS: '3', TENON_RPC_RATIO: '0.3' };
    const config = loadConfig(options, { argv: ['--rpc.max-handlers=4'], env });
    t.is(config['rpc.max-handlers'], 4);
    t.is(config['rpc.ratio'], 0.3);
    t.is(config['rpc.wait'], 2_000);
    t.is(config['rpc.bytes'], 67_108_864);
    t.deepEqual(config['discovery.hosts'], ['x']);
  });
});

test('a flag may be followed by its value, a switch may stand alone, --config wins over TENON_CONFIG', async (t) => {
  await withFile('{"rpc.ratio": 1}', (file) => {
    const argv = ['--rpc.max-handlers', '5', '--rpc.fast', '--config', file];
    const config = loadConfig(options, { argv, env: { TENON_CONFIG: '/nowhere' } });
    t.is(config['rpc.max-handlers'], 5);
    t.true(config['rpc.fast']);
    t.is(config['rpc.ratio'], 1);
  });
});

test('every form of a value is read', (t) => {
  const read = (name: string, value: string) =>
    loadConfig(options, { argv: [`--${name}=${value}`] })[name as keyof typeof options];
  t.is(read('rpc.wait', '500ms'), 500);
  t.is(read('rpc.wait', '1.5s'), 1_500);
  t.is(read('rpc.wait', '1h'), 3_600_000);
  t.is(read('rpc.bytes', '512'), 512);
  t.is(read('rpc.bytes', '1KiB'), 1_024);
  t.is(read('rpc.ratio', '1e-2'), 0.01);
  t.is(read('rpc.fast', 'true'), true);
  t.deepEqual(read('discovery.hosts', 'a,b,c'), ['a', 'b', 'c']);
});

const wrong: [string, string[], Record<string, string>, RegExp][] = [
  [
    'an unknown flag',
    ['--rpc.max-handler=3'],
    {},
    /flag --rpc\.max-handler: unknown option; did you mean --rpc\.max-handlers\?/,
  ],
  ['a word that is no flag', ['serve'], {}, /arguments: "serve" is no --option/],
  ['a flag without value', ['--rpc.ratio'], {}, /flag --rpc\.ratio: needs a value/],
  ['a flag given twice', ['--rpc.ratio=1', '--rpc.ratio=1'], {}, /is given twice/],
  ['an inherited name', ['--toString=1'], {}, /flag --toString: unknown option/],
  [
    'an unknown variable',
    [],
    { TENON_RPC_MAX_HANDLER: '3' },
    /environment TENON_RPC_MAX_HANDLER: unknown variable; did you mean TENON_RPC_MAX_HANDLERS\?/,
  ],
  [
    'a value below its range',
    ['--rpc.max-handlers=0'],
    {},
    /flag --rpc\.max-handlers: rpc\.max-handlers: "0" must be a whole number, 1 to 100/,
  ],
  [
    'a value above its range',
    [],
    { TENON_RPC_WAIT: '2h' },
    /environment TENON_RPC_WAIT: rpc\.wait: "2h" must be a duration .*, 10ms to 1h/,
  ],
  ['a broken number', ['--rpc.max-handlers=3.5'], {}, /"3\.5" must be a whole number/],
  ['a hexadecimal number', ['--rpc.max-handlers=0x10'], {}, /"0x10" must be/],
  ['an empty number', ['--rpc.max-handlers='], {}, /"" must be/],
  ['a duration without unit', ['--rpc.wait=30'], {}, /"30" must be a duration/],
  ['bytes of another unit', ['--rpc.bytes=64MB'], {}, /"64MB" must be an amount/],
  ['a switch that is neither', ['--rpc.fast=yes'], {}, /"yes" must be true or false/],
  ['another choice', ['--discovery.kind=etcd'], {}, /"etcd" must be one of static, consul/],
  [
    'an option without effect',
    ['--discovery.consul.address=x:1'],
    {},
    /has no effect while discovery\.kind is "static"; it applies to consul/,
  ],
  ['a variable without effect', [], { TENON_DISCOVERY_CONSUL_ADDRESS: 'x:1' }, /has no effect/],
  ['a file that is not there', ['--config=/nowhere/tenon.json'], {}, /file \/nowhere\/tenon\.json: ENOENT/],
];
for (const [what, argv, env, expected] of wrong) {
  test(`${what} is refused with source, value and bound`, (t) => {
    const problems = problemsOf({ argv, env });
    t.is(problems.length, 1, problems.join('\n'));
    t.regex(problems[0] ?? '', expected);
  });
}

for (const [content, expected] of [
  ['{', /JSON/],
  ['[]', /\[\] must be a JSON object/],
  ['{"rpc.max-handlres": 3}', /unknown option "rpc\.max-handlres"; did you mean rpc\.max-handlers\?/],
  ['{"rpc.max-handlers": "many"}', /"many" must be a whole number, 1 to 100/],
  ['{"rpc.max-handlers": null}', /null must be a whole number/],
  ['{"rpc": {"ratio": 1}, "rpc.ratio": 1}', /given twice/],
  ['{"discovery.hosts": [1]}', /\[1\] must be a list of texts/],
  ['{"__proto__": {"polluted": 1}}', /unknown option/],
] as const) {
  test(`the file ${content} is refused`, async (t) => {
    const problems = await withFile(content, (file) => problemsOf({ argv: [`--config=${file}`] }));
    t.is(problems.length, 1, problems.join('\n'));
    t.regex(problems[0] ?? '', expected);
    t.regex(problems[0] ?? '', /^file /);
  });
}

test('every problem is named at once, also in a source that another one overrules', (t) => {
  const problems = problemsOf({
    argv: ['--rpc.max-handlers=5', '--rpc.raito=1'],
    env: { TENON_RPC_MAX_HANDLERS: 'x', TENON_NONE: '1' },
  });
  t.is(problems.length, 3);
});

test('a secret is never quoted', (t) => {
  const [problem = ''] = problemsOf({ argv: ['--auth.key=hunter2'] });
  t.regex(problem, /auth\.key: the value must be/);
  t.notRegex(problem, /hunter2/);
});

test('an option that applies is accepted with what makes it apply, wherever that is set', (t) => {
  const argv = ['--discovery.consul.address=x:1'];
  t.is(loadConfig(options, { argv, env: { TENON_DISCOVERY_KIND: 'consul' } })['discovery.consul.address'], 'x:1');
});

test('two options that share a variable cannot be declared', (t) => {
  const help = 'x';
  t.throws(() =>
    defineOptions({ 'a.b': { type: 'boolean', default: true, help }, 'a-b': { type: 'boolean', default: true, help } }),
  );
  t.throws(() => defineOptions({ 'A.b': { type: 'boolean', default: true, help } }));
});

test('help lists every option of a service with flag, default and variable', (t) => {
  const all = serviceOptions('data', {});
  const help = renderConfigHelp(all);
  for (const [name, option] of Object.entries(all)) {
    t.true(help.includes(`--${name}=`), name);
    t.true(help.includes(environmentName(name)), name);
    t.true(help.includes(option.help), name);
    t.true(option.help.length > 0);
  }
  t.regex(help, /default 127\.0\.0\.1:7401/);
  t.notThrows(() => loadConfig(all, {}));
});

test('the nearest name is found for a slip and not for another word', (t) => {
  t.is(nearestName('rcp.max-handlers', Object.keys(options)), 'rpc.max-handlers');
  t.is(nearestName('zzzzzzzzzzzzzzz', Object.keys(options)), undefined);
  t.is(nearestName('x'.repeat(1_000_000), Object.keys(options)), undefined);
});
