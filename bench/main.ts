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

/** Measures one benchmark, prints its rows and writes them down; false if it failed. */
async function perform({ name, needs, run }: Benchmark): Promise<boolean> {
  console.log(name);
  if (options.smoke && needs !== undefined && !(await peersInstalled(needs))) {
    console.log(`  left out: ${needs} is not installed (npm run bench -- ${name} installs it)`);
    return true;
  }
  try {
    if (!options.smoke && !options.busy) await untilQuiet();
    const rows = await run({ smoke: options.smoke });
    for (const row of rows) console.log(`  ${lineOf(row, options)}`);
    if (!options.smoke && !options.busy) {
      await mkdir(results, { recursive: true });
      await writeFile(join(results, `${name}.json`), `${JSON.stringify(rows, null, 2)}\n`);
    }
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
  if (options.table) console.log(tableOf(await Promise.all(asked.map(rowsWritten))));
  else {
    console.log(`${machineName()}, ${activeIsa()}, Node.js ${process.version}`);
    for (const benchmark of asked) if (!(await perform(benchmark))) process.exitCode = 1;
  }
}
