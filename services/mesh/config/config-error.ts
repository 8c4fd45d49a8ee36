/** One thing wrong in the configuration. */
export interface ConfigProblem {
  /** Where it was set: `flag --rpc.max-handlers`, `environment TENON_RPC_MAX_HANDLERS`, `file tenon.json`. */
  source: string;
  /** The option, or the unknown name. */
  option: string;
  /** The value seen and the bound, or the nearest right name. */
  message: string;
}

/** The configuration cannot be used; names every problem at once. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    // Where settings contradict each other, the source is the option itself, which the message names.
    super(
      problems
        .map(({ source, message }) => (message.startsWith(`${source}:`) ? message : `${source}: ${message}`))
        .join('\n'),
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
