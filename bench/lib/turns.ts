import { threadCount } from '../../native/threads.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

/** How long each side calls in its turn: much shorter than the seconds for which a shared machine is fast or slow. */
export const turnSeconds = 0.06;

/** Someone who does the same work. */
export interface Rival {
  /** Of rivals of one kind the strongest counts. */
  kind: string;
  /** As the row names it. */
  peer: string;
  version: string;
  /** The median seconds of a call in one turn. */
  turn: () => number | Promise<number>;
}

/** Work that both sides do in turn, best of less than a second. */
export interface Turns {
  work: string;
  /** As many as there are, by default. */
  threads?: number;
  rounds: number;
  rivals: readonly Rival[];
  /** As a rival's turn. */
  ours: () => number | Promise<number>;
  /** What the row shows of a call's seconds. */
  figure: (seconds: number) => number;
  unit: string;
  better: 'smaller' | 'larger';
  goal: number;
  quality?: { ours: number; theirs: number; slack: number };
}

/** The median seconds of a call, of as many as take `least` seconds, after one that does not count. */
export function medianSeconds(call: () => void, least: number): number {
  call();
  const seconds: number[] = [];
  const begin = performance.now();
  for (;;) {
    const start = performance.now();
    call();
    const end = performance.now();
    seconds.push((end - start) / 1000);
    if (end - begin >= 1000 * least) return median(seconds);
  }
}

/** The same of a call that promises. */
export async function medianSecondsOf(call: () => Promise<unknown>, least: number): Promise<number> {
  await call();
  const seconds: number[] = [];
  const begin = performance.now();
  for (;;) {
    const start = performance.now();
    await call();
    const end = performance.now();
    seconds.push((end - start) / 1000);
    if (end - begin >= 1000 * least) return median(seconds);
  }
}

/**
 * Lets every rival and us have short turns, `rounds` times, each rival's beside one of ours. A row
 * for each kind of rival: its ratio is the median of the rounds' ratios, against the strongest.
 */
export async function rowsInTurns({ rounds, rivals, ours, figure, ...row }: Turns): Promise<BenchRow[]> {
  const pairs = rivals.map((rival) => ({ rival, ours: [] as number[], theirs: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const pair of pairs) {
      const mine = async () => pair.ours.push(figure(await ours()));
      // Who is first changes, so that nobody always follows the other.
      if (round % 2 === 0) await mine();
      pair.theirs.push(figure(await pair.rival.turn()));
      if (round % 2 === 1) await mine();
    }
  }
  const strongest = new Map<string, BenchRow>();
  for (const { rival, ...figures } of pairs) {
    const { kind, peer, version } = rival;
    const made = rowOf({ threads: threadCount(), ...row, ...figures, peer, peerVersion: version, paired: true });
    const other = strongest.get(kind);
    if (other === undefined || made.ratio < other.ratio) strongest.set(kind, made);
  }
  return [...strongest.values()];
}
