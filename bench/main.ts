import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { activeIsa } from '../native/isa.js';
import { packageRoot } from '../proto/root.js';
import { themes } from './benchmarks.js';
import { machineName } from './lib/machine.js';
import { peersInstalled } from './lib/peers.js';
import { lineOf } from './lib/print.js';
import type { Benchmark } from './lib/row.js';

const listed = Object.entries(themes).map(
  ([theme, benchmarks]) => `  ${theme}: ${benchmarks.map(({ name }) => name).join(', ')}`,
);
const help = `Usage: npm run bench -- [options] [theme or name …]

Measures Tenon beside its peers, both sides in turn in one run, prints the ratios and writes
bench/results/NAME.json. The peers are installed into .cache/bench-venv.

  --smoke   small sizes and few repetitions, without peers that take gigabytes unless they are
            installed; nothing is written
  --help    print this

Benchmarks by theme:
${listed.join('\n')}`;

const { values: options, positionals } = parseArgs({
  options: { smoke: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  allowPositionals: true,
});

/** Measures one benchmark, prints its rows and writes them down; false if it failed. */
async function perform({ name, needs, run }: Benchmark): Promise<boolean> {
  console.log(name);
  if (options.smoke && needs !== undefined && !(await peersInstalled(needs))) {
    console.log(`  left out: ${needs} is not installed (npm run bench -- ${name} installs it)`);
    return true;
  }
  try {
    const rows = await run({ smoke: options.smoke });
    for (const row of rows) console.log(`  ${lineOf(row, options)}`);
    if (!options.smoke) {
      const folder = join(packageRoot, 'bench', 'results');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `${name}.json`), `${JSON.stringify(rows, null, 2)}\n`);
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
  console.log(`${machineName()}, ${activeIsa()}, Node.js ${process.version}`);
  for (const [theme, benchmarks] of Object.entries(themes)) {
    for (const benchmark of benchmarks) {
      const asked = positionals.length === 0 || positionals.includes(theme) || positionals.includes(benchmark.name);
      if (asked && !(await perform(benchmark))) process.exitCode = 1;
    }
  }
}
