import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../proto/root.js';
import { benchmarks } from './benchmarks.js';
import { machineName } from './lib/machine.js';
import type { BenchRow } from './lib/row.js';

const help = `Usage: npm run bench -- [options] [name …]

Measures Tenon beside its peers, both sides in turn in one run, prints the ratios and writes
bench/results/NAME.json. The peers are installed into .cache/bench-venv.

  --smoke   small sizes and few repetitions; nothing is written
  --help    print this

Benchmarks: ${benchmarks.map(({ name }) => name).join(', ')}`;

const { values: options, positionals } = parseArgs({
  options: { smoke: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  allowPositionals: true,
});

function printRow(row: BenchRow): void {
  const figure = (value: number) => Number(value.toPrecision(4));
  const quality = row.ours_quality === null ? '' : `, quality ${row.ours_quality} against ${row.peer_quality}`;
  const verdict = row.ratio >= row.goal ? 'reached' : 'short';
  console.log(
    `  ${row.work}: ${figure(row.ours)} ${row.unit} against ${figure(row.peer_value)} (${row.peer} ${row.peer_version})` +
      ` = ${figure(row.ratio)}x, goal ${row.goal}x ${verdict}${quality}, spread ${figure(row.spread)}`,
  );
}

const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (options.help) console.log(help);
else if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}\n\n${help}`);
  process.exitCode = 2;
} else {
  console.log(machineName());
  for (const { name, run } of benchmarks) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    console.log(name);
    const rows = await run({ smoke: options.smoke });
    rows.forEach(printRow);
    if (options.smoke) continue;
    const folder = join(packageRoot, 'bench', 'results');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(rows, null, 2)}\n`);
  }
}
