import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inFolder } from '../lib/folder.js';
import { runPeer } from '../lib/peers.js';
import type { Findings, Study } from '../lib/study.js';
import { type ScoreCase, scoreCases } from './cases.js';
import { images, type ScoreData, tables } from './datasets.js';
import { ourScores, seedsOf } from './our-scores.js';
import { type ScoreRow, scoreRow, scoreTable } from './table.js';

const metrics = { classification: 'accuracy', regression: 'r2', clustering: 'explained share' } as const;

function casesOf({ classCount }: ScoreData): ScoreCase[] {
  const task = classCount > 0 ? 'classification' : 'regression';
  return scoreCases.filter((given) => given.task === task || given.task === 'clustering');
}

async function peerScores(folder: string, all: readonly ScoreData[]) {
  const plan = all.map((data) => ({
    name: data.name,
    rows: data.features.rowCount,
    columns: data.features.columnCount,
    classes: data.classCount,
    folds: data.folds.map(({ train, test }) => [[...train], [...test]]),
    cases: casesOf(data).map((given) => ({
      ...given,
      ...((data.images && given.onImages) || {}),
      seeds: seedsOf(data, given),
    })),
  }));
  await writeFile(join(folder, 'plan.json'), JSON.stringify(plan));
  return await runPeer<{ scores: Record<string, number[]>; version: string }>('scores.py', ['score', folder]);
}

async function compare(folder: string, smoke: boolean): Promise<Findings> {
  const all: ScoreData[] = [...(await tables(folder, smoke)), await images(folder, smoke)];
  const peer = await peerScores(folder, all);
  const rows: ScoreRow[] = [];
  for (const data of all) {
    for (const given of casesOf(data)) {
      rows.push(
        scoreRow({
          dataset: data.name,
          estimator: given.name,
          metric: metrics[given.task],
          ours: await ourScores(data, given),
          peer: given.peer,
          peerVersion: peer.version,
          theirs: peer.scores[`${data.name} ${given.name}`] ?? [],
          repeats: data.repeats,
          judgedRows: data.folds.reduce((sum, { test }) => sum + test.length, 0) / data.repeats,
        }),
      );
    }
  }
  const behind = rows.filter(({ verdict }) => verdict === 'behind');
  const failures = behind.map(
    ({ dataset, estimator }) => `${dataset}, ${estimator}: more than one standard error behind`,
  );
  // So few rows say little about either side.
  return { rows, table: scoreTable(rows), failures: smoke ? [] : failures };
}

/** Each estimator's score on rows held out, beside the one of scikit-learn that does the same, on the same folds. */
export const scoresStudy: Study = {
  name: 'scores',
  study: ({ smoke }) => inFolder((folder) => compare(folder, smoke)),
};
