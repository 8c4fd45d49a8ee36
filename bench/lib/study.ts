/** What a study found. */
export interface Findings {
  /** What is written to bench/results/NAME.json. */
  readonly rows: readonly object[];
  /** The same for people. */
  readonly table: string;
  /** What does not hold that should; none if all does. */
  readonly failures: readonly string[];
}

/** One file of `bench/results` that measures no time, so that others may use the processors meanwhile. */
export interface Study {
  readonly name: string;
  /** Small sizes: that it runs, not what it finds. */
  study(options: { smoke: boolean }): Promise<Findings>;
}
