import Table from 'cli-table3';
import { outputColors } from './colors.js';

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
const narrowest = 10; // A text column is not cut below this.

/** A number, with its unit if it has one. */
const numeric = /^(?:[-+]?(?:\d[\d.]*(?:e[-+]?\d+)?)(?: (?:B|KiB|MiB|GiB|TiB|ms|s))?|-|NaN|-?Infinity)$/;

/** A time as `showTime` has it; half of one tells nothing. */
const time = /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ|-)$/;

/** Widths that fit: cuttable columns give way from right to left, then columns are left out from the right. */
function widthsWithin(natural: readonly number[], cuttable: readonly boolean[], room: number): number[] {
  const widths = [...natural];
  const excess = () => widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1) - room;
  for (let at = widths.length - 1; at >= 0 && excess() > 0; at--) {
    const width = widths[at] ?? 0;
    if (cuttable[at] === true && width > narrowest) widths[at] = Math.max(narrowest, width - excess());
  }
  while (excess() > 0 && widths.length > 1) widths.pop();
  return widths;
}

/**
 * Rows under headings, without rules: numbers to the right, nothing where a dash stands. The first column, numbers and
 * times are never cut.
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
  const cuttable = headings.map(
    (_heading, at) => at > 0 && isNumeric[at] !== true && !cells.every((row) => time.test(row[at] ?? '-')),
  );
  const widths = widthsWithin(natural, cuttable, room);
  const table = new Table({
    head: headings.slice(0, widths.length).map((heading) => outputColors.bold(heading)),
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
  if (left > 0) lines.push(outputColors.dim(`${left} more ${left === 1 ? 'column' : 'columns'}; --json shows all`));
  return lines.join('\n');
}

/** Prints a table, cut to the terminal if stdout is one. */
export function printTable(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  console.log(renderTable(headings, rows, process.stdout.isTTY ? process.stdout.columns : undefined));
}

/** Prints names beside values. */
export function printFacts(facts: readonly (readonly [name: string, value: string | number])[]): void {
  const width = Math.max(...facts.map(([name]) => name.length));
  for (const [name, value] of facts) console.log(`${outputColors.bold(name.padEnd(width))}  ${value}`);
}

/** Breaks a text between words into lines of at most `room` characters; a longer word stays whole. */
export function wrapText(text: string, room: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
