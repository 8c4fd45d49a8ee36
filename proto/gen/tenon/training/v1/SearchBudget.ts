// Original file: proto/tenon/training/v1/search.proto


/**
 * Bounds of a search; 0 means none. Each is looked at before a candidate is begun.
 */
export interface SearchBudget {
  /**
   * The most candidates scored, a round's repetition counted again; at most 1,000.
   */
  'maxCandidates'?: (number);
  /**
   * The longest the search takes, in seconds.
   */
  'maxSeconds'?: (number | string);
  /**
   * The most processor time the search takes, in seconds over all threads.
   */
  'maxCpuSeconds'?: (number | string);
}

/**
 * Bounds of a search; 0 means none. Each is looked at before a candidate is begun.
 */
export interface SearchBudget__Output {
  /**
   * The most candidates scored, a round's repetition counted again; at most 1,000.
   */
  'maxCandidates': (number);
  /**
   * The longest the search takes, in seconds.
   */
  'maxSeconds': (number);
  /**
   * The most processor time the search takes, in seconds over all threads.
   */
  'maxCpuSeconds': (number);
}
