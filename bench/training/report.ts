import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { activeIsa } from '../../native/isa.js';
import { packageRoot } from '../../proto/root.js';

/** One comparison with a peer. A ratio above the goal always means that the goal is met. */
export interface Comparison {
  work: string;
  peer: string;
  peer_version: string;
  threads: number;
  ours: number;
  peer_value: number;
  unit: string;
  ratio: number;
  goal: number;
  ours_quality: number | null;
  peer_quality: number | null;
  spread: { ours: [number, number]; peer: [number, number] };
  isa: string;
  machine: string;
}

/** The middle of the measurements, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A comparison of seconds, both sides measured in turn: the ratio is the peer's by ours. */
export function compared(
  facts: Pick<Comparison, 'work' | 'peer' | 'peer_version' | 'threads' | 'goal' | 'ours_quality' | 'peer_quality'>,
  ours: readonly number[],
  peer: readonly number[],
): Comparison {
  const value = median(ours);
  const peerValue = median(peer);
  return {
    ...facts,
    ours: value,
    peer_value: peerValue,
    unit: 's',
    ratio: peerValue / value,
    spread: { ours: [Math.min(...ours), Math.max(...ours)], peer: [Math.min(...peer), Math.max(...peer)] },
    isa: activeIsa(),
    machine: `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  };
}

/** Prints comparisons and writes bench/results/NAME.json. */
export function report(name: string, comparisons: readonly Comparison[]): void {
  const folder = join(packageRoot, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(comparisons, null, 2)}\n`);
  console.log(`${comparisons[0]?.machine}, ${comparisons[0]?.isa}`);
  for (const row of comparisons) {
    const quality = row.ours_quality === null ? '' : `, quality ${row.ours_quality} against ${row.peer_quality}`;
    const span = ([low, high]: [number, number]) => `${low.toPrecision(3)} to ${high.toPrecision(3)}`;
    console.log(
      `${row.work}, ${row.threads} threads: ${row.ours.toPrecision(3)} s (${span(row.spread.ours)}), ${row.peer} ${row.peer_version} ` +
        `${row.peer_value.toPrecision(3)} s (${span(row.spread.peer)}): ${row.ratio.toFixed(1)}x, goal ${row.goal}x${quality}`,
    );
  }
}
