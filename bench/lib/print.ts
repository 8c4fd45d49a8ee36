import type { BenchRow } from './row.js';

/** Four significant digits, without an exponent where one can do without. */
export function figure(value: number): string {
  return `${Number(value.toPrecision(4))}`;
}

/** A row as one line for people; the small sizes of a smoke run say nothing about the goal. */
export function lineOf(row: BenchRow, { smoke }: { smoke: boolean }): string {
  const quality =
    row.ours_quality === null ? '' : `, quality ${figure(row.ours_quality)} against ${figure(row.peer_quality ?? NaN)}`;
  const threads = `${row.threads} ${row.threads === 1 ? 'thread' : 'threads'}`;
  const verdict = smoke ? '' : `, goal ${row.goal}x ${row.ratio >= row.goal ? 'reached' : 'short'}`;
  return (
    `${row.work}, ${threads}: ${figure(row.ours)} ${row.unit} against ${figure(row.peer_value)}` +
    ` (${`${row.peer} ${row.peer_version}`.trim()}) = ${figure(row.ratio)}x${verdict}` +
    `${quality}, spread ${Math.round(100 * row.spread)} %`
  );
}
