/** An estimator on a data set, beside the peer's. */
export interface ScoreRow {
  dataset: string;
  estimator: string;
  metric: string;
  /** Means over the folds; the higher the better. */
  ours: number;
  peer_value: number;
  /**
   * Of the peer's mean over folds that judge each row once: from their spread, and for an accuracy at least that of as
   * many rows judged right or wrong, as few folds say little about how far they spread.
   */
  standard_error: number;
  /** same: less than one standard error apart. */
  verdict: 'better' | 'same' | 'behind';
  peer: string;
  peer_version: string;
}

interface Compared {
  dataset: string;
  estimator: string;
  metric: string;
  ours: readonly number[];
  peer: string;
  peerVersion: string;
  theirs: readonly number[];
  /** How often the folds judge each row, and how many rows that are. */
  repeats: number;
  judgedRows: number;
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Rounding of 32-bit features alone may differ by as much. */
const negligible = 1e-6;

/** The row of both sides' scores per fold. A score that is no number is behind. */
export function scoreRow({ ours, theirs, peer, peerVersion, repeats, judgedRows, ...what }: Compared): ScoreRow {
  const [mean, peerMean] = [meanOf(ours), meanOf(theirs)];
  const squares = theirs.reduce((sum, value) => sum + (value - peerMean) ** 2, 0);
  const folds = theirs.length / repeats;
  const ofFolds = theirs.length > 1 ? Math.sqrt(squares / (theirs.length - 1) / folds) : 0;
  const ofRows = what.metric === 'accuracy' ? Math.sqrt((peerMean * (1 - peerMean)) / judgedRows) : 0;
  const error = Math.max(ofFolds, ofRows);
  const bound = Math.max(error, negligible);
  const verdict = mean - peerMean > bound ? 'better' : mean - peerMean >= -bound ? 'same' : 'behind';
  return { ...what, ours: mean, peer_value: peerMean, standard_error: error, verdict, peer, peer_version: peerVersion };
}

/** Rows in columns for people. */
export function scoreTable(rows: readonly ScoreRow[]): string {
  const lines = [
    ['data set', 'estimator', 'metric', 'ours', 'scikit-learn', 'std. error', 'verdict'],
    ...rows.map(({ dataset, estimator, metric, ours, peer_value, standard_error, verdict }) => [
      dataset,
      estimator,
      metric,
      ...[ours, peer_value, standard_error].map((value) => value.toFixed(4)),
      verdict,
    ]),
  ];
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((cells) => cells[at]?.length ?? 0)));
  const padded = lines.map((cells) =>
    cells.map((cell, at) => (at >= 3 && at <= 5 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))),
  );
  return padded.map((cells) => `  ${cells.join('  ').trimEnd()}`).join('\n');
}
