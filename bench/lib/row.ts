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
  /** How many times better we are; above `goal` always means that the goal is met. */
  ratio: number;
  goal: number;
  /** The quality reached, such as accuracy on held-out rows; null where the results are equal by construction. */
  ours_quality: number | null;
  peer_quality: number | null;
  /** (largest - smallest) / median of our repetitions. */
  spread: number;
  isa: string;
  machine: string;
}

/** One file of `bench/results`: a name and how to measure it. */
export interface Benchmark {
  name: string;
  /** Small sizes and few repetitions: that it runs, not what it reaches. */
  run(options: { smoke: boolean }): Promise<BenchRow[]>;
}
