import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { activeIsa } from '../native/isa.js';
import { packageRoot } from '../proto/root.js';
import { themes } from './benchmarks.js';
import { machineName } from './lib/machine.js';
import { peersInstalled } from './lib/peers.js';
import { lineOf } from './lib/print.js';
import { untilQuiet } from './lib/quiet.js';
import type { Benchmark, BenchRow } from './lib/row.js';
import type { Study } from './lib/study.js';
import { tableOf } from './lib/table.js';

const listed = Object.entries(themes).map(
  ([theme, benchmarks]) => `  ${theme}: ${benchmarks.map(({ name }) => name).join(', ')}`,
);
const help = `Usage: npm run bench -- [options] [theme or name …]

Measures Tenon beside its peers, both sides in turn in one run, prints the ratios and writes
bench/results/NAME.json. The peers are installed into .cache/bench-venv.

  --smoke   small sizes and few repetitions, without peers that take gigabytes unless they are
            installed; nothing is written
  --busy    measure although other processes take the processors; nothing is written
  --table   measure nothing; print what bench/results holds as a Markdown table
  --help    print this

Benchmarks by theme:
${listed.join('\n')}`;

const { values: options, positionals } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    busy: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

const results = join(packageRoot, 'bench', 'results');

/** The rows of a benchmark that were written last; none if it was never measured. */
async function rowsWritten({ name }: Benchmark): Promise<{ name: string; rows: BenchRow[] }> {
  const text = await readFile(join(results, `${name}.json`), 'utf8').catch(() => '[]');
  return { name, rows: JSON.parse(text) as BenchRow[] };
}

async function write(name: string, rows: readonly object[]): Promise<void> {
  await mkdir(results, { recursive: true });
  await writeFile(join(results, `${name}.json`), `${JSON.stringify(rows, null, 2)}\n`);
}

/** Carries out a study, prints what it found and writes it down; false if something does not hold. */
async function carryOut({ name, study }: Study): Promise<boolean> {
  console.log(name);
  try {
    const { rows, table, failures } = await study({ smoke: options.smoke });
    console.log(table);
    for (const failure of failures) console.log(`  FAILED ${failure}`);
    if (!options.smoke) await write(name, rows);
    return failures.length === 0;
  } catch (error) {
    console.log(`  FAILED ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

/** Measures one benchmark, prints its rows and writes them down; false if it failed. */
async function perform({ name, needs, timeless = false, run }: Benchmark): Promise<boolean> {
  console.log(name);
  if (options.smoke && needs !== undefined && !(await peersInstalled(needs))) {
    console.log(`  left out: ${needs} is not installed (npm run bench -- ${name} installs it)`);
    return true;
  }
  try {
    if (!options.smoke && !options.busy && !timeless) await untilQuiet();
    const rows = await run({ smoke: options.smoke });
    for (const row of rows) console.log(`  ${lineOf(row, options)}`);
    if (!options.smoke && (!options.busy || timeless)) await write(name, rows);
    return true;
  } catch (error) {
    console.log(`  FAILED ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

const known = Object.entries(themes).flatMap(([theme, benchmarks]) => [theme, ...benchmarks.map(({ name }) => name)]);
const unknown = positionals.filter((name) => !known.includes(name));
if (options.help) console.log(help);
else if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}\n\n${help}`);
  process.exitCode = 2;
} else {
  const asked = Object.entries(themes).flatMap(([theme, benchmarks]) =>
    benchmarks.filter(
      ({ name }) => positionals.length === 0 || positionals.some((word) => [theme, name].includes(word)),
    ),
  );
  const isStudy = (benchmark: Benchmark | Study): benchmark is Study => 'study' in benchmark;
  if (options.table) {
    const timed = asked.filter((benchmark): benchmark is Benchmark => !isStudy(benchmark));
    console.log(tableOf(await Promise.all(timed.map(rowsWritten))));
  } else {
    console.log(`${machineName()}, ${activeIsa()}, Node.js ${process.version}`);
    for (const benchmark of asked) {
      if (!(await (isStudy(benchmark) ? carryOut(benchmark) : perform(benchmark)))) process.exitCode = 1;
    }
  }
}
