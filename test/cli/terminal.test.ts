import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import test from 'ava';
import { penguinsCsv } from '../../examples/quickstart/penguins.js';
import { requireTool } from '../harness/required.js';
import { type RunningMesh, startMeshWithPenguins } from '../harness/running-mesh.js';
import { addressesAsEnvironment, tenonScript } from './tenon.js';

const run = promisify(execFile);
const script = requireTool('script', '/usr/bin/script', 'apt-get install bsdutils');

let mesh: RunningMesh;

test.before(async () => {
  mesh = await startMeshWithPenguins();
  await writeFile(join(mesh.dataDir, 'birds.csv'), penguinsCsv());
});

test.after.always(async () => {
  await mesh?.stop();
});

/** What a terminal of 80 columns is sent. */
async function onTerminal(command: string): Promise<string> {
  const line = `stty cols 80 rows 24; '${process.execPath}' '${tenonScript}' ${command}`;
  const env = { ...process.env, ...addressesAsEnvironment(mesh.supervised.addresses), TERM: 'xterm' };
  const { stdout } = await run(script.path, ['-qec', line, '/dev/null'], { cwd: mesh.dataDir, env });
  return stdout;
}

function widthOf(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split(/\r?\n/)
      .map((line) => line.length),
  );
}

for (const command of [
  'dataset show penguins',
  'model show penguins',
  'job list',
  'deployment list',
  'estimator list',
]) {
  script.test(`${command} fits a terminal of 80 columns`, async (t) => {
    const said = await onTerminal(command);
    t.true(widthOf(said) <= 80, said);
    t.true(said.includes('\u001b[1m'), 'headings are bold');
  });
}

script.test('the columns that do not fit a terminal are counted', async (t) => {
  t.regex(await onTerminal('dataset show penguins'), /\d more columns?; --json shows all/);
});

script.test('train shows a bar on a terminal, removes it at the end, and prints the metrics', async (t) => {
  const network = '--estimator neural-network --param max_iter=3000 tol=0 n_iter_no_change=3000';
  const flags = `--target species --model bar ${network} --folds 3`;
  const said = await onTerminal(`train penguins ${flags}`);
  const plain = stripVTControlCharacters(said);
  t.regex(plain, /[=-]{24} \d+% validating fold \d of 3, \d+ of 3000/);
  t.regex(plain, /scored on +accuracy/);
  t.true(said.includes('\u001b[?25h'), 'the cursor is shown again');
});
