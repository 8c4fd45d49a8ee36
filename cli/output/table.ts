import Table from 'cli-table3';
import pc from 'picocolors';

const noRules = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
const gap = noRules.middle.length;
const narrowest = 12; // A text column is not cut below this.

/** A number, with its unit if it has one. */
const numeric = /^(?:[-+]?(?:\d[\d.]*(?:e[-+]?\d+)?)(?: (?:B|KiB|MiB|GiB|TiB|ms|s))?|-|NaN|-?Infinity)$/;

/** Widths that fit: the widest text columns give way first, then columns are left out from the right. */
function fit(natural: readonly number[], flexible: readonly boolean[], room: number): number[] {
  const widths = [...natural];
  const total = () => widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1);
  while (total() > room) {
    const cut = widths
      .map((width, at) => ({ width, at }))
      .filter(({ width, at }) => flexible[at] === true && width > narrowest)
      .sort((one, other) => other.width - one.width)[0];
    if (cut !== undefined) widths[cut.at] = Math.max(narrowest, cut.width - (total() - room));
    else if (widths.length > 1) widths.pop();
    else break;
  }
  return widths;
}

/**
 * Rows under headings, without rules: numbers to the right, nothing where a dash stands.
 * @param room the columns of the terminal; without it nothing is cut, so that `awk` sees all
 */
export function renderTable(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  room: number = Number.POSITIVE_INFINITY,
): string {
  const cells = rows.map((row) => row.map((cell) => (cell === '' ? '-' : String(cell))));
  const isNumeric = headings.map(
    (_heading, at) => rows.length > 0 && cells.every((row) => numeric.test(row[at] ?? '-')),
  );
  const natural = headings.map((heading, at) =>
    Math.max(heading.length, ...cells.map((row) => row[at]?.length ?? 0), 1),
  );
  const widths = fit(
    natural,
    isNumeric.map((one) => !one),
    room,
  );
  const table = new Table({
    head: headings.slice(0, widths.length).map((heading) => pc.bold(heading)),
    chars: noRules,
    colAligns: widths.map((_width, at) => (isNumeric[at] === true ? 'right' : 'left')),
    colWidths: widths,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of cells) table.push(row.slice(0, widths.length));
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const left = headings.length - widths.length;
  if (left > 0) lines.push(pc.dim(`${left} more ${left === 1 ? 'column' : 'columns'}; --json shows all`));
  return lines.join('\n');
}

/** Prints a table, cut to the terminal if stdout is one. */
export function printTable(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  console.log(renderTable(headings, rows, process.stdout.isTTY ? process.stdout.columns : undefined));
}

/** Prints names beside values. */
export function printFacts(facts: readonly (readonly [name: string, value: string | number])[]): void {
  const width = Math.max(...facts.map(([name]) => name.length));
  for (const [name, value] of facts) console.log(`${pc.bold(name.padEnd(width))}  ${value}`);
}
