import type { Model } from '../../native/estimators/model.js';
import { threadCount } from '../../native/threads.js';
import { inTurn } from './in-turn.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

/** What one side reached in its turn. */
export interface Turn {
  /** One or several repetitions. */
  seconds: number | readonly number[];
  /** The higher the better. */
  quality: number;
}

/** A peer's, as its script prints it. */
export interface PeerTurn extends Turn {
  version: string;
}

/** What both sides are to do, such as to fit the same rows. */
export interface Contest {
  work: string;
  peer: string;
  rounds: number;
  goal: number;
  /** How far our quality may be below the peer's. */
  slack: number;
  /** The ways to run the peer, of which the fastest counts. */
  theirs: readonly (() => Promise<PeerTurn>)[];
  /** `round` counts from 0, for a seed. */
  ours(round: number): Promise<Turn>;
}

const secondsOf = (turns: readonly Turn[]) => turns.flatMap(({ seconds }) => seconds);
const qualityOf = (turns: readonly Turn[]) => median(turns.map(({ quality }) => quality));

/** Both sides in turn; the row compares the medians of their seconds and of their quality. */
export async function contest({
  work,
  peer,
  rounds,
  goal,
  slack,
  theirs: ways,
  ours: side,
}: Contest): Promise<BenchRow> {
  let round = 0;
  const { ours, theirs } = await inTurn(rounds, {
    theirs: async () => {
      const turns: PeerTurn[] = [];
      for (const way of ways) turns.push(await way());
      return turns;
    },
    ours: () => side(round++),
  });
  const byWay = ways.map((_, way) => secondsOf(theirs.flatMap((turns) => turns.slice(way, way + 1))));
  return rowOf({
    work,
    peer,
    peerVersion: theirs[0]?.[0]?.version ?? '',
    threads: threadCount(),
    ours: secondsOf(ours),
    theirs: byWay.reduce((a, b) => (median(a) <= median(b) ? a : b)),
    unit: 's',
    better: 'smaller',
    goal,
    quality: { ours: qualityOf(ours), theirs: qualityOf(theirs.flat()), slack },
  });
}

/** Fits a model, and then, outside of the time, says what it is worth. */
export async function timedFit(
  fitModel: () => Promise<Model>,
  worth: (model: Model) => Promise<number>,
): Promise<Turn> {
  const begin = performance.now();
  const model = await fitModel();
  const seconds = (performance.now() - begin) / 1000;
  const quality = await worth(model);
  model.dispose();
  return { seconds, quality };
}
