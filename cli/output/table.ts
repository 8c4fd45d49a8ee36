import Table from 'cli-table3';
import pc from 'picocolors';

const plain = {
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

/** Prints rows under headings, without rules: what a person reads and `awk` can cut. */
export function printTable(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const table = new Table({
    head: headings.map((heading) => pc.bold(heading)),
    chars: plain,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push(row.map(String));
  console.log(table.toString());
}

/** Prints names beside values. */
export function printFacts(facts: readonly (readonly [name: string, value: string | number])[]): void {
  const width = Math.max(...facts.map(([name]) => name.length));
  for (const [name, value] of facts) console.log(`${pc.bold(name.padEnd(width))}  ${value}`);
}
