/** The command line cannot be understood; the tool exits with 2. */
export class UsageError extends Error {
  /** What to do next; null where the message says it. */
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
