import { activeIsa } from '../../native/isa.js';
import { machineName } from './machine.js';
import type { PeerGroup } from './peers.js';
import { median, spread } from './statistics.js';

/** One line of a benchmark: our figure beside a peer's, measured in turn in one run. */
export interface BenchRow {
  /** What was done, with its sizes. */
  work: string;
  /** Who else did it. */
  peer: string;
  peer_version: string;
  threads: number;
  /** Our median and the peer's, both in `unit`. */
  ours: number;
  peer_value: number;
  unit: string;
  /**
   * How many times better we are; above `goal` always means that the goal is met. Of turns side by side it is the median
   * of their ratios, which on a machine that is faster and slower by turns is not that of the medians.
   */
  ratio: number;
  goal: number;
  /** The quality reached, such as accuracy on held-out rows; null where the results are equal by construction. */
  ours_quality: number | null;
  peer_quality: number | null;
  /** (largest - smallest) / median of the repetitions, ours or the peer's, whichever is larger. */
  spread: number;
  isa: string;
  machine: string;
}

/** One file of `bench/results`: a name and how to measure it. */
export interface Benchmark {
  name: string;
  /** Peers so large (gigabytes) that a smoke run leaves the benchmark out unless they are installed. */
  needs?: PeerGroup;
  /** It measures no time, so that others may use the processors meanwhile. */
  timeless?: boolean;
  /** Small sizes and few repetitions: that it runs, not what it reaches. */
  run(options: { smoke: boolean }): Promise<BenchRow[]>;
}

/** What both sides measured; `rowOf` makes the row of it. */
export interface Measured {
  work: string;
  peer: string;
  peerVersion: string;
  threads: number;
  /** One figure per repetition, in `unit`. */
  ours: readonly number[];
  theirs: readonly number[];
  unit: string;
  /** Whether a smaller figure is the better one (seconds) or a larger one (rows/s). */
  better: 'smaller' | 'larger';
  goal: number;
  /** Whether figures at the same place were measured side by side: the ratio is then the median of theirs. */
  paired?: boolean;
  /** The higher the better. Ours may fall short of the peer's by `slack`. */
  quality?: { ours: number; theirs: number; slack: number };
}

/**
 * The row of what was measured.
 * @throws Error if our result is worse than the peer's: to be faster at less is no win.
 */
export function rowOf({
  work,
  peer,
  peerVersion,
  threads,
  unit,
  better,
  goal,
  quality,
  paired = false,
  ...figures
}: Measured): BenchRow {
  // Written so that NaN is refused too.
  if (quality !== undefined && !(quality.ours >= quality.theirs - quality.slack)) {
    throw new Error(
      `${work}: quality ${quality.ours} is more than ${quality.slack} below the peer's ${quality.theirs}`,
    );
  }
  const [ours, theirs] = [median(figures.ours), median(figures.theirs)];
  const ratioOf = (mine: number, other: number) => (better === 'smaller' ? other / mine : mine / other);
  const ratios = () => figures.ours.map((mine, index) => ratioOf(mine, figures.theirs[index] ?? Number.NaN));
  return {
    work,
    peer,
    peer_version: peerVersion,
    threads,
    ours,
    peer_value: theirs,
    unit,
    ratio: paired ? median(ratios()) : ratioOf(ours, theirs),
    goal,
    ours_quality: quality?.ours ?? null,
    peer_quality: quality?.theirs ?? null,
    spread: Math.max(spread(figures.ours), spread(figures.theirs)),
    isa: activeIsa(),
    machine: machineName(),
  };
}

/**
 * Refuses results that should be equal and are not, to a relative difference of `within`.
 * @throws Error
 */
export function expectSame(work: string, ours: number, theirs: number, within: number): void {
  if (Math.abs(ours - theirs) <= within * Math.abs(theirs)) return;
  throw new Error(`${work}: our result is ${ours}, the peer's ${theirs}`);
}
